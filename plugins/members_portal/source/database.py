"""Tables of any database: the columns that are read, the order of the rows, and their names in problems."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from members_portal.loyalty.input.problem import InvalidInput, Problem, closest, same_but_case
from members_portal.loyalty.input.table_columns import NOT_UTF8, Cells, Header, RawRow, Row, numbered, read_header
from members_portal.loyalty.ledger import ledger_rule
from members_portal.loyalty.member import member_table
from members_portal.source.folder import NEAR_NAME


@dataclass(frozen=True)
class Shape:
    """A table that the portal reads. `key` is the column that names a row in problems; `never` is never selected."""

    table: str
    known: Sequence[str]
    required: Sequence[str]
    key: str
    never: Sequence[str] = ()


MEMBERS_SHAPE = Shape("portal_members", member_table.MEMBER_COLUMNS, member_table.MEMBER_REQUIRED, "id")
LEDGER = Shape("portal_ledger", (*ledger_rule.LEDGER_COLUMNS, "line"), ledger_rule.LEDGER_REQUIRED, "line", ("note",))


class Select(Protocol):
    """A function that selects columns of a table in an order, by their names in the database, and yields texts."""

    def __call__(self, table: str, columns: Sequence[str], order: Sequence[str]) -> Iterator[Cells]: ...


@dataclass(frozen=True)
class DatabaseTable:
    """A table or view of a database, within one snapshot. `names` are its column names."""

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
        """The selected columns, by their names in the database."""
        return [self.names[self._found.places[column]] for column in self.header.places]

    @property
    def order(self) -> list[str]:
        """The columns to sort by, for a repeatable order: date and key, or without a key all selected columns."""
        first = [column for column in ("date", self.shape.key) if column in self.header.places]
        rest = [] if self.shape.key in first else [column for column in self.header.places if column not in first]
        return [self.names[self._found.places[column]] for column in (*first, *rest)]

    def raw_rows(self, problems: list[Problem]) -> Iterator[RawRow]:
        """Yield the rows, numbered from 1; add rows with bytes that are not UTF-8 to `problems`."""
        for number, cells in enumerate(self.select(self.name, self.columns, self.order), 1):
            raw = RawRow(number, cells)
            if any(text and not text.isascii() and NOT_UTF8.search(text) for text in cells):
                problems.append(Problem(self.row(raw).file, 0, 0, "holds bytes that aren't UTF-8", "text"))
            else:
                yield raw

    def row(self, raw: RawRow) -> Row:
        texts = self.header.texts(raw.cells)
        key = texts.get(self.shape.key, "")
        named = (
            f"{'line' if self.shape.key == 'line' else 'row'} {key}" if ledger_rule.QUOTABLE_WORD.fullmatch(key) else ""
        )
        return Row(f"{self.name}, {named or f'row number {raw.number}'}", texts)


def no_table(shape: Shape, where: str, others: Iterable[str] = ()) -> InvalidInput:
    """Return the error for a database without this table; `others` are the names of its tables and views."""
    return InvalidInput([_absent(shape, where, others)])


def no_ledger(where: str, others: Iterable[str]) -> Problem:
    """Return the problem of a database without a ledger.

    It is an error where a name differs only in case: all balances would be lost.
    """
    others = list(others)
    problem = _absent(LEDGER, where, others)
    return problem if same_but_case(LEDGER.table, others) else problem.as_warning()


def _absent(shape: Shape, where: str, others: Iterable[str]) -> Problem:
    meant = _meant(shape.table, list(others))
    what, expected = f"has no table or view `{shape.table}`", "one that README.md describes"
    return Problem(where, 0, 0, what, expected, f"`{meant}`" if meant else "")


def _meant(table: str, others: Sequence[str]) -> str:
    """Return the name that may be meant: in other case, in another schema, misspelt, or with the same noun."""
    by_name = {other.rpartition(".")[2].casefold(): other for other in others}
    near = closest(table, by_name, NEAR_NAME).strip("`")
    noun = table.rpartition("_")[2]
    return (
        same_but_case(table, others)
        or by_name.get(near)
        or next((by_name[name] for name in by_name if noun in name), "")
    )
