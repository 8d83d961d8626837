"""Ledger files: CSV, Parquet and YAML."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from members_portal.loyalty.engine.expression import quoted
from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.located_yaml import Located, load_yaml
from members_portal.loyalty.input.problem import InvalidInput, Problem, closest, shown_path
from members_portal.loyalty.input.table_columns import Header, RawRow, Row, numbered, read_header
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from members_portal.loyalty.ledger.relation import Relation, quoted_name, read_csv
from members_portal.loyalty.tag import hyphened, hyphened_sql

PATTERN_CHARACTERS = frozenset("*?[")  # DuckDB expands them in a path
LIST_AS_TEXT = f"array_to_string([{hyphened_sql('cast(tag as varchar)')} for tag in {{}}], ' ')"  # the only list: tags
TIMESTAMP_AS_DATE = "cast({} as date)"
PARQUET_ROWS_PER_FETCH = 10_000


@dataclass(frozen=True)
class CsvLedger(CsvTable):
    """A ledger in a CSV file, which DuckDB reads."""

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Return the file as a relation of DuckDB; None for a path that it expands, or a line before the header."""
        if self.stated_delimiter or PATTERN_CHARACTERS & set(str(self.path)):
            yield None
            return
        cells = [f"c{number}" for number in range(len(self.names))]
        texts = {column: cells[place] for column, place in self.header.places.items()}
        rows = read_csv(str(self.path), cells, self.delimiter, header=True)
        filled = " or ".join(f"coalesce(trim({cell}), '') <> ''" for cell in cells)
        empty = (
            f"case when trim({texts['date']}) <> '' then false else not ({filled}) end"  # fast: most rows have a date
        )
        yield Relation(rows, texts, empty)


@dataclass(frozen=True)
class ParquetLedger:
    """A ledger in a Parquet file; the columns may have types."""

    path: Path

    @property
    def name(self) -> str:
        return shown_path(self.path)

    @property
    def header(self) -> Header:
        return numbered(self._columns, without=("note",))

    @cached_property
    def _columns(self) -> Header:
        return read_header(
            [name for name, _ in self._described], LEDGER_COLUMNS, LEDGER_REQUIRED, Problem(self.name, 0, 0, "")
        )

    @cached_property
    def _described(self) -> list[tuple[str, str]]:
        """The names and types of the columns."""
        return [(row[0], row[1]) for row in self._query(f"describe from {self._sql}")]

    @property
    def _sql(self) -> str:
        return f"read_parquet([{quoted(str(self.path))}])"

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Return the file as a relation of DuckDB; None for a path that DuckDB would expand."""
        yield Relation(self._sql, self._texts()) if not PATTERN_CHARACTERS & set(str(self.path)) else None

    def _texts(self) -> dict[str, str]:
        return {column: _as_text(*self._described[self._columns.places[column]]) for column in self.header.places}

    def raw_rows(self, problems: list[Problem]) -> Iterator[RawRow]:
        """Yield the rows, numbered from 1."""
        sql = f"select {', '.join(self._texts().values())} from {self._sql}"  # noqa: S608 - names are quoted
        yield from (RawRow(number, cells) for number, cells in enumerate(self._query(sql), 1))

    def row(self, raw: RawRow) -> Row:
        return Row(f"{self.name}, row {raw.number}", self.header.texts(raw.cells))

    def _query(self, sql: str) -> Iterator[Any]:
        import duckdb

        try:
            with duckdb.connect() as con:
                result = con.execute(sql)
                while rows := result.fetchmany(PARQUET_ROWS_PER_FETCH):
                    yield from rows
        except duckdb.Error:
            raise InvalidInput([Problem(self.name, 0, 0, "can't be read as Parquet")]) from None


def _as_text(name: str, kind: str) -> str:
    column = quoted_name(name)
    if kind.endswith("[]"):
        column = LIST_AS_TEXT.format(column)
    elif kind in {"TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS"}:
        column = TIMESTAMP_AS_DATE.format(column)
    return column if kind == "VARCHAR" else f"cast({column} as varchar)"


@dataclass(frozen=True)
class YamlLedger:
    """A small ledger in YAML: a list of `{date: …, member: …, kind: …}`."""

    path: Path

    @property
    def name(self) -> str:
        return shown_path(self.path)

    @property
    def header(self) -> Header:
        return Header({column: place for place, column in enumerate(LEDGER_COLUMNS)})

    @cached_property
    def _located(self) -> Located:
        return load_yaml(self.path, private=True)

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Return None: DuckDB does not read YAML."""
        yield None

    def raw_rows(self, problems: list[Problem]) -> Iterator[RawRow]:
        """Yield the lines, numbered from 0; add any other value to `problems`."""
        located = self._located
        problems += located.problems
        for index, value in enumerate(_list_of(located)):
            if isinstance(value, dict):
                problems += _line_problems(located, index, value)
                yield RawRow(index, [_text(value.get(column)) for column in LEDGER_COLUMNS])
            else:
                expected = "`{date: …, member: …, kind: …}`"
                problems.append(located.problem((index,), "isn't `key: value` pairs", expected))

    def row(self, raw: RawRow) -> Row:
        mark = self._located.mark
        return Row(self.name, self.header.texts(raw.cells), mark=lambda column: mark((raw.number, column)))


def _list_of(located: Located) -> list[Any]:
    if isinstance(located.value, list) or located.value is None:
        return located.value or []
    raise InvalidInput([*located.problems, located.problem((), "holds no list", "one `- {date: …}` a line")])


def _line_problems(located: Located, index: int, value: dict[str, Any]) -> Iterator[Problem]:
    for key, part in value.items():
        if key not in LEDGER_COLUMNS:
            hint = closest(key, LEDGER_COLUMNS)
            yield located.problem((index, key), f"unknown key `{key}`", hint=hint, key=True)
        elif isinstance(part, dict) or (isinstance(part, list) and key != "tags"):
            yield located.problem((index, key), f"{key}: the value doesn't fit", "a single value")


def _text(value: Any) -> str:
    if isinstance(value, list):  # tags
        return " ".join(hyphened(word) for word in value if isinstance(word, str))
    return value.strip() if isinstance(value, str) else ""
