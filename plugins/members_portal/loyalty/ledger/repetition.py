"""Repeated lines: the same export added twice.

Equal lines alone are no fault: two cups on one day, or in one order. Days on which every line is repeated are one. So
are an order of different lines of which every line is repeated, a repeated refund of more than its lines, and a
repeated adjustment with a reference. `#1` in one export and `1` in the other are one reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from members_portal.loyalty.ledger.ledger_note import Note
from members_portal.loyalty.ledger.tag_set import TAGGED_LINES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FEWEST_LINES = 3  # different lines of repeated days in a row; fewer may be chance
PLAIN_AS_ONE = 3  # so many purchases without a reference count as one other line: equal ones are common
ORDER_KINDS = "('purchase', 'refund', 'adjustment')"  # kinds with one line for each booking of a reference

_MIXED = (
    "select coalesce(bool_or(decorated) and bool_or(not decorated), false) from ("
    " select starts_with(reference, '#') or starts_with(reference, '0') as decorated from ledger_line)"
)
_PLAIN = "ltrim(reference, '#0 ')"
_DIGESTS = (
    "create or replace temp table line_digest as"  # noqa: S608 - constants
    " select position, day, hash(member, day, kind, minor, points, {form}, item, tags) as digest"
    f" from {TAGGED_LINES}"
)
_REPEATED = (
    "create or replace temp table repeated_line as select digest, any_value(day) as day, count(*) as times,"
    " min(position) as first, max(position) as last from line_digest group by digest having count(*) > 1"
)
_DAYS = (
    "select day, count(*) as lines, coalesce(any_value(repeated), 0) = count(*) as is_repeated, any_value(kinds),"
    " any_value(plain), any_value(place) from line_digest left join (select r.day, sum(times) as repeated,"
    " count(*) as kinds, count(*) filter (l.kind = 'purchase' and l.reference is null) as plain, min(last) as place"
    " from repeated_line r join ledger_line l on l.rowid = r.last group by r.day) using (day) group by day order by day"
)
_ORDERS = (
    "create or replace temp table repeated_order as"  # noqa: S608 - constants
    " select member, kind, reference, count(*) as different, min(last) filter (where times > 1) as last from ("
    " select member, kind, reference, digest, count(*) as times, max(position) as last from ("
    " select l.rowid as position, l.member, l.kind, {form} as reference, l.day, d.digest from ledger_line l"
    " join line_digest d on d.position = l.rowid"
    f" where kind in {ORDER_KINDS} and {{form}} in (select {{form}} from ledger_line l join repeated_line r"
    " on l.rowid = r.last)) where not list_contains($days, day)"
    " group by member, kind, reference, digest) group by member, kind, reference having min(times) > 1"
)
_FAULTS = (
    "select last from repeated_order where different > 1 or kind = 'adjustment' union all"  # noqa: S608 - constants
    f" select o.last from repeated_order o join {TAGGED_LINES} r on r.position = o.last"
    f" join (select *, {{form}} as bare from {TAGGED_LINES}) p"
    " on p.member = o.member and p.bare = o.reference and p.kind = 'purchase'"
    " and (r.item is null or p.item = r.item) and list_has_all(p.tags, r.tags)"
    " where o.kind = 'refund' and o.different = 1 group by o.last, r.minor, r.member, o.reference, r.day"
    " having sum(p.minor) < r.minor * (select count(*) from (select *, {form} as bare from ledger_line) e"
    " where e.member = r.member and e.bare = o.reference and e.kind = 'refund')"
)


class RepeatedDays(NamedTuple):
    """A row of days, of all that have lines, on which every line is repeated; `position` is that of a repeated line.

    `different` is the number of different lines, `plain` that of purchases without a reference among them.
    """

    days: tuple[date, ...]
    lines: int
    different: int
    plain: int
    position: int

    @property
    def is_fault(self) -> bool:
        """Return whether so many repeated lines are hardly chance."""
        return self.different - self.plain + self.plain / PLAIN_AS_ONE >= FEWEST_LINES


def repetition_notes(con: DuckDBPyConnection) -> Iterator[Note]:
    """Yield a note for each row of repeated days, and for each other repeated order."""
    (is_mixed,) = con.execute(_MIXED).fetchone() or (False,)
    form = _PLAIN if is_mixed else "reference"
    con.execute(_DIGESTS.format(form=form))
    con.execute(_REPEATED)
    if not con.execute("from repeated_line limit 1").fetchone():
        return
    runs = [run for run in _runs(con.execute(_DAYS).fetchall()) if run.is_fault]
    for run in runs:
        first, last = run.days[0], run.days[-1]
        when = f"of {first}" if first == last else f"from {first} to {last}"
        what = f"all {run.lines} lines {when} are {run.different} different ones, repeated: the same export twice?"
        yield Note(run.position, "date", what)
    days = [day for run in runs for day in run.days]
    con.execute(_ORDERS.format(form=form), {"days": days})
    for (position,) in con.execute(_FAULTS.format(form=form)).fetchall():
        yield Note(position, "reference", "the lines of this reference are repeated", "each line once")


def _runs(rows: Iterable[tuple[date, int, bool, int | None, int | None, int | None]]) -> Iterator[RepeatedDays]:
    """Yield each longest row of repeated days."""
    none = run = RepeatedDays((), 0, 0, 0, 0)
    for day, lines, is_repeated, different, plain, position in rows:
        if is_repeated and different is not None and plain is not None and position is not None:
            least = min(run.position, position) if run.days else position
            run = RepeatedDays((*run.days, day), run.lines + lines, run.different + different, run.plain + plain, least)
        elif run.days:
            yield run
            run = none
    if run.days:
        yield run
