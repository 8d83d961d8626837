"""What tables of any database have in common: which of them are read, and how a row of them is named in a problem."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.input.table import NOT_UTF8, Cells, Header, Row, numbered, read_header
from members_portal.loyalty.ledger import ledger_rule
from members_portal.loyalty.member import member_table


@dataclass(frozen=True)
class Shape:
    """A table the portal reads; `key` is the column that names a row in problems, `never` what isn't even asked for."""

    table: str
    known: Sequence[str]
    required: Sequence[str]
    key: str
    never: Sequence[str] = ()


MEMBERS = Shape("portal_members", member_table.COLUMNS, member_table.REQUIRED, "id")
LEDGER = Shape("portal_ledger", (*ledger_rule.COLUMNS, "line"), ledger_rule.REQUIRED, "line", ("note",))


class TableRow(NamedTuple):
    """A row by its number, from 1."""

    number: int
    cells: Cells


class Select(Protocol):
    """Runs `select` over columns of a table, by the names they have there, in a given order; gives texts."""

    def __call__(self, table: str, columns: Sequence[str], order: Sequence[str]) -> Iterator[Cells]: ...


@dataclass(frozen=True)
class DatabaseTable:
    """A table or view of a database, within one snapshot; `names` are its columns."""

    shape: Shape
    names: Sequence[str]
    select: Select

    @property
    def name(self) -> str:
        return self.shape.table

    @cached_property
    def _found(self) -> Header:
        return read_header(self.names, self.shape.known, self.shape.required, Problem(self.name, 0, 0, ""))

    @cached_property
    def header(self) -> Header:
        return numbered(self._found, self.shape.never)

    @property
    def columns(self) -> list[str]:
        """The columns that are read, as the database names them."""
        return [self.names[self._found.places[column]] for column in self.header.places]

    @property
    def order(self) -> list[str]:
        """What rows are sorted by, so that they always come in the same order: the key, or else all that is read."""
        first = [column for column in ("date", self.shape.key) if column in self.header.places]
        rest = [] if self.shape.key in first else [column for column in self.header.places if column not in first]
        return [self.names[self._found.places[column]] for column in (*first, *rest)]

    def records(self, problems: list[Problem]) -> Iterator[TableRow]:
        """Give the rows; add to `problems` those that aren't text."""
        for number, cells in enumerate(self.select(self.name, self.columns, self.order), 1):
            record = TableRow(number, cells)
            if any(text and not text.isascii() and NOT_UTF8.search(text) for text in cells):
                problems.append(Problem(self.row(record).file, 0, 0, "holds bytes that aren't UTF-8", "text"))
            else:
                yield record

    def row(self, record: TableRow) -> Row:
        texts = self.header.texts(record.cells)
        key = texts.get(self.shape.key, "")
        named = f"{'line' if self.shape.key == 'line' else 'row'} {key}" if ledger_rule.WORD.fullmatch(key) else ""
        return Row(f"{self.name}, {named or f'row number {record.number}'}", texts)


def no_table(shape: Shape, where: str) -> InvalidInput:
    """Return the error for a database that has no such table."""
    return InvalidInput([Problem(where, 0, 0, f"has no table or view `{shape.table}`", "one that README.md describes")])
