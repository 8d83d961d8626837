"""A census: the members by edition, and the ledger lines of each day, at one publish."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from members_portal.loyalty.standings import take_standings
from members_portal.portal.inputs import Inputs

CENSUS_FORMAT = 1
_DAYS = (
    "select day, count(*), sum(hash(member, day, kind, minor, points, reference, tags)::hugeint),"
    " coalesce(sum(case kind when 'purchase' then minor when 'refund' then -minor end), 0)"
    " from line group by day order by day"
)


class LedgerDay(NamedTuple):
    """The lines of a day: their number, the sum of their digests, and purchases less refunds in the smallest unit.

    The sum of digests depends on the lines alone, not on their order.
    """

    lines: int
    digest: int
    minor: int


@dataclass(frozen=True)
class Census:
    """Members by edition on a day, and the lines of each day of the ledger.

    Digests of two censuses can be compared if both have the same `hashing`: another version of DuckDB may hash in
    another way.
    """

    on: date
    hashing: str
    members: Mapping[str, int]
    days: Mapping[date, LedgerDay] = field(default_factory=dict)

    @property
    def newest(self) -> date | None:
        """The day of the newest line; None for a ledger without lines."""
        return max(self.days, default=None)

    @property
    def lines(self) -> int:
        return sum(day.lines for day in self.days.values())


def take_census(inputs: Inputs) -> Census:
    """Count the members and the ledger lines of the inputs."""
    import duckdb

    rows = inputs.ledger.con.execute(_DAYS).fetchall() if inputs.ledger else []
    days = {day: LedgerDay(lines, int(digest), int(minor)) for day, lines, digest, minor in rows}
    members = Counter(member.edition for member in inputs.members)
    return Census(inputs.on, f"DuckDB {duckdb.__version__}", members, days)


def members_on(inputs: Inputs, day: date) -> Counter[str]:
    """Return the members by edition on another day, by the same ledger and rules."""
    con = inputs.ledger.con if inputs.ledger else None
    then = take_standings(inputs.programme, inputs.everyone, con, day)
    return Counter(member.edition for member in then.members)


def as_record(census: Census) -> dict[str, Any]:
    """Return a census as a JSON object."""
    days = [[day.isoformat(), *figures] for day, figures in census.days.items()]
    return {
        "format": CENSUS_FORMAT,
        "on": census.on.isoformat(),
        "hashing": census.hashing,
        "members": dict(census.members),
        "days": days,
    }


def from_record(record: Mapping[str, Any]) -> Census:
    """Return the census of a JSON object; raise ValueError, KeyError or TypeError for another object."""
    if record["format"] != CENSUS_FORMAT:
        raise ValueError("another format")
    days = {date.fromisoformat(day): LedgerDay(*figures) for day, *figures in record["days"]}
    return Census(date.fromisoformat(record["on"]), record["hashing"], record["members"], days)
