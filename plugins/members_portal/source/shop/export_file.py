"""Rows of an export: texts by column, amounts, and days in the time zone of the site."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.csv_cell import unguarded
from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.located_yaml import normal_key
from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Header, Row, read_header

MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|UTC|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True)
class ExportTable(CsvTable):
    """An export as a table; `shown` are the names of its columns in problems."""

    shown: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def header(self) -> Header:
        at = Problem(self.name, 1, 1, "")
        return read_header(self.names, self.known, self.required, at, lambda key: self.shown.get(key, key))


@dataclass(frozen=True)
class ExportFile:
    """An export in CSV, of which some columns are read."""

    path: Path
    columns: tuple[str, ...]
    required: tuple[str, ...]

    @cached_property
    def table(self) -> CsvTable:
        """The rows and their places."""
        shown = {normal_key(column): column for column in self.columns}
        return ExportTable(self.path, shown.keys(), tuple(map(normal_key, self.required)), shown)

    def rows(self, problems: list[Problem]) -> Iterator[Row]:
        """Yield the rows. An apostrophe at the start of a text, which guards spreadsheets, is removed."""
        for raw in self.table.raw_rows(problems):
            row = self.table.row(raw)
            yield replace(row, texts={column: unguarded(text) for column, text in row.texts.items()})


def text_of(row: Row, column: str | None) -> str:
    """Return the text of a column; empty without one."""
    return row.texts.get(normal_key(column), "") if column else ""


def joined_texts(row: Row, columns: Iterable[str], separator: str) -> str:
    """Return the texts of several columns, without empty ones."""
    return separator.join(filter(None, (text_of(row, column) for column in columns)))


def site_day_of(text: str, zone: ZoneInfo | None) -> str:
    """Return the day of a moment in the time zone of the site, as YYYY-MM-DD; any other text unchanged."""
    found = MOMENT.fullmatch(text)
    if not found:
        return text
    day, time, offset = found.groups()
    if not offset or zone is None:
        return day
    offset = "+00:00" if offset in {"Z", "UTC"} else offset
    try:
        return datetime.fromisoformat(f"{day}T{time}{offset}").astimezone(zone).date().isoformat()
    except ValueError:
        return text


def is_day(text: str) -> bool:
    """Return whether a text is a day, as YYYY-MM-DD."""
    try:
        return len(text) == len("YYYY-MM-DD") and bool(date.fromisoformat(text))
    except ValueError:
        return False


def decimal_in(text: str) -> Decimal | None:
    """Return a number; None for any other text."""
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
