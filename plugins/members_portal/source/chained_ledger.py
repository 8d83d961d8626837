"""Two ledgers as one: the lines of the source, then those of the inbox. Problems name the file and line of each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Header, RawRow, Row
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import LedgerSource
    from members_portal.loyalty.ledger.relation import Relation

IS_EMPTY = "is_empty_row"


class ChainedRow(RawRow):
    """A row with the cells of the chain; `own` is the row as its table has it."""

    own: RawRow
    table: LedgerSource


@dataclass(frozen=True)
class ChainedLedger:
    """The lines of two ledgers, those of `first` before those of `second`."""

    first: LedgerSource
    second: LedgerSource

    @property
    def name(self) -> str:
        return self.first.name

    @cached_property
    def header(self) -> Header:
        """The columns of both; those that are not used are those of the first."""
        names = {*self.first.header.places, *self.second.header.places}
        columns = [name for name in LEDGER_COLUMNS if name in names]
        return Header({name: place for place, name in enumerate(columns)}, self.first.header.dropped)

    def raw_rows(self, problems: list[Problem]) -> Iterator[RawRow]:
        """Yield the rows of both."""
        for table in (self.first, self.second):
            places = [table.header.places.get(name) for name in self.header.places]
            for raw in table.raw_rows(problems):
                cells = [None if place is None else raw.cells[place] for place in places]
                row = ChainedRow(raw.number, cells, raw.text)
                row.own, row.table = raw, table
                yield row

    def row(self, raw: RawRow) -> Row:
        """Return the texts of a row with their places in its own table."""
        assert isinstance(raw, ChainedRow)  # noqa: S101 - `raw_rows` yields no others
        return raw.table.row(raw.own)

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Return both as one relation; None where DuckDB can't read one of them."""
        from members_portal.loyalty.ledger.relation import Relation, quoted_name

        with self.first.relation() as first, self.second.relation() as second:
            if first is None or second is None:
                yield None
                return
            parts = " union all ".join(self._selected(each) for each in (first, second))
            texts = {name: quoted_name(name) for name in self.header.places}
            yield Relation(f"({parts})", texts, IS_EMPTY)

    def _selected(self, relation: Relation) -> str:
        """Return the SQL that selects the columns of the chain from one table."""
        from members_portal.loyalty.ledger.relation import quoted_name

        texts = (f"{relation.texts.get(name, 'null::varchar')} as {quoted_name(name)}" for name in self.header.places)
        return f"select {', '.join(texts)}, {relation.empty} as {IS_EMPTY} from {relation.sql}"  # noqa: S608
