"""Reversals: the redemption that each of them undoes. RULES.md, "Undoing"."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Redeemed(NamedTuple):
    """A row of reversals.sql: a redemption or a reversal."""

    m: int
    n: int
    is_reversal: bool
    reference: str
    points: int


def match_reversals(con: "DuckDBPyConnection", query: str) -> None:
    """Create the table `undone`: the redemption that each reversal undoes, and its points."""
    con.execute("create or replace temp table undone (m integer, n bigint, undoes bigint, points bigint)")
    (reversals,) = con.execute("select count(*) from line where kind = 'reversal'").fetchone() or (0,)
    rows = map(Redeemed._make, con.execute(query).fetchall() if reversals else [])
    if found := list(undone_by(rows)):
        columns = [list(column) for column in zip(*found, strict=True)]
        types = ("integer", "bigint", "bigint", "bigint")
        con.execute(f"insert into undone select {', '.join(f'unnest(?::{kind}[])' for kind in types)}", columns)


def undone_by(rows: Iterable[Redeemed]) -> Iterator[tuple[int, int, int, int]]:
    """Yield member, reversal, redemption and points; the rows are in the order of the ledger."""
    redeemed: defaultdict[tuple[int, str], list[Redeemed]] = defaultdict(list)
    for row in rows:
        before = redeemed[row.m, row.reference]
        if not row.is_reversal:
            before.append(row)
        elif before:
            undone = before.pop()
            yield row.m, row.n, undone.n, undone.points
