"""The accounts of all members on a day, as rows in DuckDB: an account is built when it is asked for.

Most members of a night have not changed: nothing is built for them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import count, groupby
from operator import attrgetter
from typing import Any

from members_portal.loyalty.engine.account import Account, Standing, account_of
from members_portal.loyalty.engine.engine import Engine, sql
from members_portal.loyalty.engine.expression import any_tag, quoted, within
from members_portal.loyalty.engine.row import AccountLine, FactRow
from members_portal.loyalty.period import last_days
from members_portal.loyalty.programme.cause import Cause

MEMBERS_PER_READ = 256  # members; their rows are in memory at one time
LINES_PER_QUERY = 250_000  # lines of a query that sorts the lines of each member: the memory of DuckDB is limited
_table_numbers = count()


class AccountTable(Mapping[str, Account]):
    """The accounts of an engine's members on a day, by member id. `standings` are those of all members."""

    def __init__(self, engine: Engine, on: date) -> None:
        self.on, self._con = on, engine.con.cursor()  # of its own: the caller's may be in the middle of a result
        self._numbers = {member.id: number for number, member in enumerate(engine.members)}
        self._table = f"account_row_{next(_table_numbers)}"
        self.standings: list[Standing] = list(engine.standings(on, self._table))
        self._rows, self._built = dict[int, list[AccountLine]](), dict[str, Account]()  # of the last read
        self._next, self._count = 0, 1  # the member after the last read, and the number of its members
        self._expected, self._places = list[int](), dict[int, int]()  # the members that are asked for next

    def __getitem__(self, member: str) -> Account:
        rows = self.rows_of(member)
        if member not in self._built:
            self._built[member] = account_of(member, rows, self.on)
        return self._built[member]

    def __del__(self) -> None:
        """Drop the table: a preview makes one after each change of members or ledger."""
        self._con.execute(f"drop table if exists {self._table}")
        self._con.close()

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)

    def rows_of(self, member: str) -> list[AccountLine]:
        """Return the rows from which `account_of` builds a member's account."""
        number = self._numbers[member]
        if number not in self._rows:
            self._read(number)
        return self._rows[number]

    def expect(self, members: Iterable[str]) -> None:
        """Announce the members that are asked for next, in this order; their rows are read together."""
        self._expected = [self._numbers[member] for member in members if member in self._numbers]
        self._places = {number: place for place, number in enumerate(self._expected)}

    def facts(self, spend_days: Sequence[int], causes: Sequence[Cause]) -> Iterator[FactRow]:
        """Yield the spend and the gifts of each member, in the order of members; some members in one query."""
        spends = (f"sum(spend) filter (where {_in_last(self.on, days)})" for days in spend_days)
        given = (f"sum(takes) filter (where {_gives_to(cause)})" for cause in causes)
        spent = (f"sum(spend) filter (where {_counts_for(cause)})" for cause in causes)
        lists = {"spends": spends, "given": given, "spent": spent}
        columns = {name: ", ".join(f"coalesce({each}, 0)" for each in sums) for name, sums in lists.items()}
        return map(FactRow._make, self._by_members("fact_rows", **columns))

    def overdrawn(self) -> Iterator[AccountLine]:
        """Yield the redemptions of more points than a member could spend.

        Accounts are built where all points taken so far exceed those of the lots that were active: in no other account
        can points be missing.
        """
        ids = list(self._numbers)
        for (number,) in self._by_members("short_rows"):
            yield from self[ids[number]].overdrawn

    def undone(self) -> frozenset[int]:
        """Return the numbers of the redemptions that were undone."""
        rows = self._con.execute(f"select undoes from {self._table} where undoes is not null").fetchall()  # noqa: S608
        return frozenset(n for (n,) in rows)

    def uses(self) -> dict[str, int]:
        """Return the number of redemptions by reference, without those that were undone."""
        query = (
            f"select reference, count(*) from {self._table} where kind = 'redemption' and reference is not null"  # noqa: S608
            f" and n not in (select undoes from {self._table} where undoes is not null) group by reference"
        )
        return dict(self._con.execute(query).fetchall())

    def _by_members(self, step: str, **columns: str) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query by member, in the order of members: of all members, but of some at a time."""
        query = sql(step).format(table=self._table, members="member_no between ? and ?", **columns)
        (lines,) = self._con.execute(f"select count(*) from {self._table}").fetchone() or (0,)  # noqa: S608
        size = max(1, len(self) * LINES_PER_QUERY // max(1, lines))
        for first in range(0, len(self), size):
            yield from self._con.execute(query, [first, first + size - 1]).fetchall()

    def _read(self, first: int) -> None:
        """Read the rows of a member, and of members that are probably asked for after it."""
        numbers = self._following(first)
        query = f"from {self._table} where member_no between ? and ? and member_no in (select unnest(?::integer[]))"
        found = self._con.execute(f"{query} order by member_no, n", [min(numbers), max(numbers), numbers]).fetchall()
        rows = map(AccountLine._make, found)
        self._rows = {number: list(own) for number, own in groupby(rows, key=attrgetter("member_no"))}
        self._built = {}

    def _following(self, first: int) -> Sequence[int]:
        """Return a member and those after it: the expected ones, or as many as were asked for in their order."""
        if (place := self._places.get(first)) is not None:
            return self._expected[place : place + MEMBERS_PER_READ]
        self._count = min(2 * self._count, MEMBERS_PER_READ) if first == self._next else 1
        self._next = first + self._count
        return [*range(first, self._next)]


def _in_last(on: date, days: int) -> str:
    period = last_days(on, days)
    return within(period.first, period.last)


def _gives_to(cause: Cause) -> str:
    return (
        f"kind in ('redemption', 'reversal') and reference = {quoted(cause.key)} and {within(cause.from_, cause.until)}"
    )


def _counts_for(cause: Cause) -> str:
    return f"{within(cause.from_, cause.until)} and {any_tag(cause.tags) if cause.tags else 'true'}"
