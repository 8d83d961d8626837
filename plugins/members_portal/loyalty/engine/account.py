"""A member's account: what came of every line, and where it leads on a day. Made from rows of the engine's SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from members_portal.loyalty.engine.lot import NEVER, Lot, Pool, Take, replay

Row = tuple[Any, ...]

TAKING = ("redemption", "refund", "adjustment")


class Entry(NamedTuple):
    """One line and what came of it.

    `minor` is its amount in cents or the like, `points` what it gave (above 0) or took; `rung` the member's place on
    the ladder just before it, `figure` what it counts towards a tier, `factor` in ten-thousandths.
    """

    n: int
    day: date
    kind: str
    minor: int | None
    reference: str | None
    tags: tuple[str, ...]
    points: int
    reason: str
    rule: int | None
    factor: int
    available: date | None
    expires: date | None
    rung: int
    figure: int


@dataclass(frozen=True)
class Balance:
    """Points by what became of them: `earned` is the sum of all others. What is owed is taken off `active`."""

    pending: int = 0
    active: int = 0
    earned: int = 0
    spent: int = 0
    returned: int = 0
    taken: int = 0
    expired: int = 0

    @property
    def total(self) -> int:
        return self.pending + self.active


@dataclass(frozen=True)
class Account:
    """A member's lines and where they lead on a day.

    `figure` is the sum towards a tier in the present period and `reached` its rung, `carried` the rung that the period
    began with; `rung` is where the member stands.
    """

    member: str
    on: date
    rung: int
    figure: int
    reached: int
    carried: int
    entries: tuple[Entry, ...]
    lots: tuple[Lot, ...]
    takes: tuple[Take, ...]
    left: tuple[int, ...]
    owed: int
    balance: Balance


class Standing(NamedTuple):
    """A member's figures without their story, for many members at once."""

    member: str
    rung: int
    figure: int
    balance: Balance


def replayed(rows: Sequence[Row], today: int) -> Balance:
    """Replay rows of touched.sql: member, place, day, points, available, expires, order, kind of taking."""
    lots = [Lot._make(row[1:7]) for row in rows if row[3] > 0]
    taking = [row for row in rows if row[3] < 0]
    takes = [Take(n, day, -points, order if kind else None) for _, n, day, points, _, _, order, kind in taking]
    return balance_of(lots, [TAKING[row[7]] for row in taking], replay(lots, takes, today), today)


def account_of(member: str, rows: list[Row], on: date) -> Account:
    """Put a member's account together; the last row is the day itself."""
    *lines, asked = rows
    lots, takes = _lots(lines), _takes(lines)
    pool = replay(lots, takes, on.toordinal())
    taken = dict(zip((take.n for take in takes), pool.taken, strict=True))
    entries = tuple(_entry(row, taken) for row in lines)
    kinds = [entry.kind for entry in entries if entry.n in taken]
    balance = balance_of(lots, kinds, pool, on.toordinal())
    rung, _, figure, reached, carried = asked[14:]
    return Account(member, on, rung, figure, reached, carried, entries, lots, takes, pool.left, pool.owed, balance)


def _lots(rows: Sequence[Row]) -> tuple[Lot, ...]:
    return tuple(
        Lot(n, day.toordinal(), gives, available.toordinal(), _ordinal(last), _order(kind, reference))
        for _, n, day, kind, _, reference, _, gives, _, _, _, _, available, last, *_ in rows
        if gives
    )


def _ordinal(last: date | None) -> int:
    return last.toordinal() if last else NEVER


def _order(kind: str, reference: str | None) -> str | None:
    return reference if kind in ("purchase", "refund") else None


def _takes(rows: Sequence[Row]) -> tuple[Take, ...]:
    return tuple(
        Take(n, day.toordinal(), takes, _order(kind, reference))
        for _, n, day, kind, _, reference, _, _, takes, *_ in rows
        if takes
    )


def _entry(row: Row, taken: Mapping[int, int]) -> Entry:
    _, n, day, kind, minor, reference, tags, gives, _, reason, rule, factor, available, last, rung, figure, *_ = row
    points = gives - taken.get(n, 0)
    return Entry(
        n, day, kind, minor, reference, tuple(tags), points, reason, rule, factor, available, last, rung, figure
    )


def balance_of(lots: Sequence[Lot], kinds: Sequence[str], pool: Pool, today: int) -> Balance:
    """Add up what became of lots; `kinds` are those of the lines that took, in the order of `pool.taken`."""
    pending = active = expired = 0
    for lot, left in zip(lots, pool.left, strict=True):
        if lot.expires < today:
            expired += left
        elif lot.available > today:
            pending += left
        else:
            active += left
    took = dict.fromkeys(TAKING, 0)
    for kind, points in zip(kinds, pool.taken, strict=True):
        took[kind] += points
    earned = sum(lot.points for lot in lots)
    spent, returned, by_hand = took.values()
    return Balance(pending, active - pool.owed, earned, spent, returned, by_hand, expired)
