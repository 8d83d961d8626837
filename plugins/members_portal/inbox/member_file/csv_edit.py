"""Edits of members.csv as text: cells of one row set, or a row added. All else stays byte for byte."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path

from members_portal.inbox.inbox_error import NotEditable
from members_portal.loyalty.input.csv_cell import FORMULA_STARTS
from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.table_columns import RawRow
from members_portal.loyalty.member.member_table import MEMBER_COLUMNS, MEMBER_REQUIRED

PHONE = re.compile(r"\+[0-9 ()/.-]*")  # a spreadsheet shows it as it is, or as a number


def set_row(file: Path, text: str, member_id: str, texts: Mapping[str, str]) -> str:
    """Set the cells of a member, by column; raise NotEditable."""
    table = _table(file)
    _check_columns(table, texts)
    raw = next((raw for raw in table.raw_rows([]) if table.header.texts(raw.cells).get("id") == member_id), None)
    if raw is None:
        raise NotEditable(f"members.csv has no member {member_id}")
    start = _start(text, raw)
    cells = list(_pieces(raw.text, table.delimiter))
    if len(cells) != len(raw.cells):
        raise NotEditable("the row of members.csv can't be changed safely here, expected this change by hand")
    for column, value in texts.items():
        place = table.header.places[column]
        end = re.search(r"[\r\n]*\Z", cells[place])
        cells[place] = _cell(value, table.delimiter) + (end[0] if end and place == len(cells) - 1 else "")
    return text[:start] + table.delimiter.join(cells) + text[start + len(raw.text) :]


def add_row(file: Path, text: str, texts: Mapping[str, str]) -> str:
    """Add the row of a member; raise NotEditable."""
    table = _table(file)
    _check_columns(table, texts)
    cells = [""] * len(table.names)
    for column, value in texts.items():
        cells[table.header.places[column]] = _cell(value, table.delimiter)
    newline = "\r\n" if "\r\n" in text else "\n"
    before = text if text.endswith(("\n", "\r")) else text + newline
    return f"{before}{table.delimiter.join(cells)}{newline}"


def _table(file: Path) -> CsvTable:
    return CsvTable(file, MEMBER_COLUMNS, MEMBER_REQUIRED)


def _check_columns(table: CsvTable, texts: Mapping[str, str]) -> None:
    missing = [column.replace("_", " ") for column in texts if column not in table.header.places]
    if missing:
        raise NotEditable(
            f"members.csv has no column {', '.join(missing)}, expected these columns, or the change by hand"
        )
    signs = [name for name, text in texts.items() if text.startswith(FORMULA_STARTS) and not PHONE.fullmatch(text)]
    if signs:
        raise NotEditable(f"{signs[0].replace('_', ' ')} begins as a formula does, expected the change by hand")


def _start(text: str, raw: RawRow) -> int:
    """Return the index of a row: its first line is the number of the row."""
    lines = StringIO(text, newline="")
    return sum(len(next(lines)) for _ in range(raw.number - 1))


def _pieces(text: str, delimiter: str) -> Iterator[str]:
    """Yield the cells of a row as they are written, with their quotes."""
    start, quoted = 0, False
    for index, character in enumerate(text):
        if character == '"':
            quoted = not quoted  # a doubled quote changes it twice
        elif character == delimiter and not quoted:
            yield text[start:index]
            start = index + 1
    yield text[start:]


def _cell(value: str, delimiter: str) -> str:
    text = StringIO()
    csv.writer(text, delimiter=delimiter).writerow([value])  # its line end makes it quote both kinds
    return "" if value == "" else text.getvalue().removesuffix("\r\n")
