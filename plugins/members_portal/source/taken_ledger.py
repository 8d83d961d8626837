"""The ledger of the inbox, without the lines of a run that was killed before its commit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.input.table_columns import RawRow
from members_portal.loyalty.ledger.ledger_file import CsvLedger
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from members_portal.loyalty.ledger.relation import Relation


@dataclass(frozen=True)
class TakenLedger(CsvLedger):
    """A ledger of which only the lines with a number that was taken are read, by Python's reader."""

    taken: frozenset[str] = field(default=frozenset(), repr=False)

    def raw_rows(self, problems: list[Problem]) -> Iterator[RawRow]:
        """Yield the rows of taken answers."""
        place = self.header.places.get("reference")
        yield from (raw for raw in super().raw_rows(problems) if place is None or raw.cells[place] in self.taken)

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Return None: DuckDB would read all rows."""
        yield None


def taken_ledger(file: Path, taken: Path) -> CsvLedger:
    """Return the ledger of an inbox; `taken` is its file of taken numbers. Without a killed run, DuckDB reads it."""
    numbers = _column(taken, "number") if taken.is_file() else frozenset()
    if _column(file, "reference") <= numbers:
        return CsvLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED)
    return TakenLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED, numbers)


def _column(file: Path, column: str) -> frozenset[str]:
    """Return the cells of a column. The problems of the file are told by those who read all of it."""
    table = CsvTable(file, (column,), ())
    try:
        place = table.header.places.get(column)
        return frozenset(raw.cells[place] or "" for raw in table.raw_rows([])) if place is not None else frozenset()
    except InvalidInput:
        return frozenset()
