"""The ledger of the inbox, without the lines of a run that was killed, and of members who are being forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
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
    """A ledger that Python's reader reads, without the lines of untaken numbers and of forgotten members."""

    taken: frozenset[str] = field(default=frozenset(), repr=False)
    forgotten: Collection[str] = field(default=(), repr=False)

    def raw_rows(self, problems: list[Problem]) -> Iterator[RawRow]:
        """Yield the rows of taken answers of members who stay."""
        number, member = (self.header.places.get(name) for name in ("reference", "member"))
        for raw in super().raw_rows(problems):
            is_taken = number is None or raw.cells[number] in self.taken
            if is_taken and (member is None or raw.cells[member] not in self.forgotten):
                yield raw

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Return None: DuckDB would read all rows."""
        yield None


def taken_ledger(file: Path, taken: Path, forgotten: Collection[str] = ()) -> CsvLedger:
    """Return the ledger of an inbox, without the lines of forgotten members; `taken` is its file of taken numbers.

    Where all lines are read, DuckDB reads them.
    """
    numbers = _column(taken, "number") if taken.is_file() else frozenset()
    if not forgotten and _column(file, "reference") <= numbers:
        return CsvLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED)
    return TakenLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED, numbers, forgotten)


def _column(file: Path, column: str) -> frozenset[str]:
    """Return the cells of a column. The problems of the file are told by those who read all of it."""
    table = CsvTable(file, (column,), ())
    try:
        place = table.header.places.get(column)
        return frozenset(raw.cells[place] or "" for raw in table.raw_rows([])) if place is not None else frozenset()
    except InvalidInput:
        return frozenset()
