"""Room under a cap that refunds make: the points of capped purchases of members with refunds of them. RULES.md, "Cap".

sql/earned.sql evaluates caps as if nothing was returned; this module corrects the points of the members for whom that
makes a difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from members_portal.loyalty.engine.expression import cases, span_sql
from members_portal.loyalty.programme.earning import Cap
from members_portal.loyalty.programme.programme import Programme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

POINTS_PER_INSERT = 50_000


class CapEvent(NamedTuple):
    """A purchase under a cap, or (`bought` is set) a part of a refund that takes from one. `n` is the line's number."""

    m: int
    n: int
    rule: int
    span: date | None
    points: int
    bought: int | None
    taken: int
    taken_before: int
    amount: int
    free: bool


def make_room(con: "DuckDBPyConnection", programme: Programme) -> None:
    """Correct `earned` for the purchases under a cap of members with refunds of such purchases."""
    caps = {n: rule.cap for n, rule in enumerate(programme.earning) if rule.cap and rule.kind == "purchase"}
    if not caps:
        return
    rows = map(CapEvent._make, con.execute(_events_sql(caps)).fetchall())
    corrected = _corrected(rows, caps)
    con.execute("create or replace temp table corrected (m integer, n bigint, points bigint)")
    while batch := list(islice(corrected, POINTS_PER_INSERT)):
        columns = [list(column) for column in zip(*batch, strict=True)]
        con.execute(
            "insert into corrected select unnest(?::integer[]), unnest(?::bigint[]), unnest(?::bigint[])", columns
        )
    con.execute(
        "update earned set earned = c.points from corrected c"
        " where c.m = earned.m and c.n = earned.n and earned.earned <> c.points"
    )


def _events_sql(caps: dict[int, Cap]) -> str:
    """Return the query for the events of the members concerned, in the order of the ledger."""
    capped = f"select * from earned where kind = 'purchase' and rule in ({', '.join(map(str, caps))})"  # noqa: S608
    span = cases((f"rule = {n}", span_sql(cap)) for n, cap in caps.items())
    return (
        f"with capped as ({capped}), returned as (select p.m, p.n, c.rule, c.n as bought, p.taken, p.taken_before,"  # noqa: S608
        " p.amount, p.free from batch_part p join capped c on c.m = p.m and c.n = p.bought where p.taken > 0 or p.free)"
        f" select m, n, rule, ({span})::date as span, points_before_cap, null, 0, 0, 0, false from capped"
        " where m in (select m from returned) union all"
        " select m, n, rule, null, 0, bought, taken, taken_before, amount, free from returned order by 1, 2"
    )


def _corrected(events: Iterable[CapEvent], caps: dict[int, Cap]) -> Iterator[tuple[int, int, int]]:
    """Yield member, line and points of each purchase."""
    for m, own in groupby(events, key=attrgetter("m")):
        for n, points in earned_under_caps(own, caps).items():
            yield m, n, points


def earned_under_caps(events: Iterable[CapEvent], caps: dict[int, Cap]) -> dict[int, int]:
    """Return the points of each purchase of a member, by its number; the events are in the order of the ledger."""
    used: defaultdict[tuple[int, date | None], int] = defaultdict(int)
    earned: dict[int, int] = {}
    spans: dict[int, tuple[int, date | None]] = {}
    for event in events:
        if event.bought is None:
            spans[event.n] = span = (event.rule, event.span)
            earned[event.n] = min(event.points, caps[event.rule].points - used[span])
            used[span] += earned[event.n]
        else:
            used[spans[event.bought]] -= _returned(event, earned[event.bought])
    return earned


def _returned(event: CapEvent, points: int) -> int:
    """Return the points that a part of a refund makes room for, rounded down over all refunds of the purchase."""
    if event.free:
        return points
    after, before = (points * taken // event.amount for taken in (event.taken_before + event.taken, event.taken_before))
    return after - before
