"""Repeated lines: the same export added twice.

Equal lines alone are no fault: two cups on one day. Days on which every line is repeated are one, and so is an order of
which every line is repeated. `#1` in one export and `1` in the other are one reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from members_portal.loyalty.ledger.ledger_note import Note

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FEWEST_LINES = 3  # different lines of repeated days in a row; fewer may be chance
ORDER_KINDS = "('purchase', 'refund', 'adjustment')"  # kinds with one line for each booking of a reference

_MIXED = (
    "select coalesce(bool_or(decorated) and bool_or(not decorated), false) from ("
    " select starts_with(reference, '#') or starts_with(reference, '0') as decorated from ledger_line)"
)
_PLAIN = "ltrim(reference, '#0 ')"
_DIGESTS = (
    "create or replace temp table line_digest as"
    " select rowid as position, day, hash(member, day, kind, minor, points, {form}, item, tags) as digest"
    " from ledger_line"
)
_REPEATED = (
    "create or replace temp table repeated_line as select digest, any_value(day) as day, count(*) as times,"
    " min(position) as first, max(position) as last from line_digest group by digest having count(*) > 1"
)
_DAYS = (
    "select day, count(*) as lines, coalesce(any_value(repeated), 0) = count(*) as is_repeated, any_value(kinds),"
    " any_value(place) from line_digest left join (select day, sum(times) as repeated, count(*) as kinds,"
    " min(last) as place from repeated_line group by day) using (day) group by day order by day"
)
_ORDERS = (
    "select min(last) filter (where times > 1) from ("  # noqa: S608 - constants
    " select member, kind, reference, digest, count(*) as times, max(position) as last from ("
    " select l.rowid as position, l.member, l.kind, {form} as reference, l.day, d.digest from ledger_line l"
    " join line_digest d on d.position = l.rowid"
    f" where kind in {ORDER_KINDS} and {{form}} in (select {{form}} from ledger_line l join repeated_line r"
    " on l.rowid = r.last)) where not list_contains($days, day)"
    " group by member, kind, reference, digest) group by member, kind, reference having min(times) > 1"
)


class RepeatedDays(NamedTuple):
    """A row of days, of all that have lines, on which every line is repeated; `position` is that of a repeated line."""

    days: tuple[date, ...]
    lines: int
    different: int
    position: int


def repetition_notes(con: DuckDBPyConnection) -> Iterator[Note]:
    """Yield a note for each row of repeated days, and for each other repeated order."""
    (is_mixed,) = con.execute(_MIXED).fetchone() or (False,)
    form = _PLAIN if is_mixed else "reference"
    con.execute(_DIGESTS.format(form=form))
    con.execute(_REPEATED)
    if not con.execute("from repeated_line limit 1").fetchone():
        return
    runs = [run for run in _runs(con.execute(_DAYS).fetchall()) if run.different >= FEWEST_LINES]
    for run in runs:
        first, last = run.days[0], run.days[-1]
        when = f"of {first}" if first == last else f"from {first} to {last}"
        what = f"all {run.lines} lines {when} are repeated: the same export twice?"
        yield Note(run.position, "date", what, "each line once")
    days = [day for run in runs for day in run.days]
    for (position,) in con.execute(_ORDERS.format(form=form), {"days": days}).fetchall():
        yield Note(position, "reference", "the lines of this reference are repeated", "each line once")


def _runs(rows: Iterable[tuple[date, int, bool, int | None, int | None]]) -> Iterator[RepeatedDays]:
    """Yield each longest row of repeated days."""
    run = RepeatedDays((), 0, 0, 0)
    for day, lines, is_repeated, different, position in rows:
        if is_repeated and different is not None and position is not None:
            least = min(run.position, position) if run.days else position
            run = RepeatedDays((*run.days, day), run.lines + lines, run.different + different, least)
        elif run.days:
            yield run
            run = RepeatedDays((), 0, 0, 0)
    if run.days:
        yield run
