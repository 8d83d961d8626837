"""A member's account on a day: every ledger line with its effect, lots, debits and the balance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from members_portal.loyalty.engine.lot import NEVER, Debit, Lot, ReplayResult, replay
from members_portal.loyalty.engine.row import AccountRow, ReplayRow

DEBIT_KINDS = ("redemption", "refund", "adjustment")


class AccountLine(NamedTuple):
    """One ledger line and its effect on the account.

    `minor` is the amount in the currency's smallest unit; `points` is above 0 when given, below 0 when taken; `factor`
    is in ten-thousandths; `rung` is the member's rung just before the line, `figure` the line's figure towards a tier.
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
    """Points by state. `earned` is the sum of all other fields; `active` is reduced by the points owed."""

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
    """The account of one member on a day.

    `figure` is the sum towards a tier in the present period, `reached` the rung of this sum, `carried` the rung that
    the period began with, `rung` the member's rung. `left` holds the points left of each lot, in the order of `lots`.
    """

    member: str
    on: date
    rung: int
    figure: int
    reached: int
    carried: int
    lines: tuple[AccountLine, ...]
    lots: tuple[Lot, ...]
    debits: tuple[Debit, ...]
    left: tuple[int, ...]
    owed: int
    balance: Balance


class Standing(NamedTuple):
    """Rung, figure and balance of one member, without the lines."""

    member: str
    rung: int
    figure: int
    balance: Balance


def replayed_balance(rows: Sequence[ReplayRow], today: int) -> Balance:
    """Return the balance of one member from the rows of replay_rows.sql; `today` is an ordinal."""
    lots = [Lot(row.n, row.day, row.points, row.available, row.expires, row.order_no) for row in rows if row.points > 0]
    debit_rows = [row for row in rows if row.points < 0]
    debits = [Debit(row.n, row.day, -row.points, row.order_no) for row in debit_rows]
    return balance_of(lots, [DEBIT_KINDS[row.debit_kind] for row in debit_rows], replay(lots, debits, today), today)


def account_of(member: str, rows: Sequence[AccountRow], on: date) -> Account:
    """Build the account of one member from the rows of account_rows.sql; the last row is the day itself."""
    *line_rows, asked = rows
    lots, debits = _lots(line_rows), _debits(line_rows)
    result = replay(lots, debits, on.toordinal())
    debited = dict(zip((debit.n for debit in debits), result.debited, strict=True))
    lines = tuple(_line(row, debited.get(row.n, 0)) for row in line_rows)
    kinds = [line.kind for line in lines if line.n in debited]
    return Account(
        member=member,
        on=on,
        rung=asked.rung,
        figure=asked.figure,
        reached=asked.reached,
        carried=asked.carried,
        lines=lines,
        lots=lots,
        debits=debits,
        left=result.left,
        owed=result.owed,
        balance=balance_of(lots, kinds, result, on.toordinal()),
    )


def _lots(rows: Sequence[AccountRow]) -> tuple[Lot, ...]:
    return tuple(
        Lot(row.n, row.day.toordinal(), row.gives, _ordinal(row.available), _ordinal(row.expires), _order(row))
        for row in rows
        if row.gives
    )


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else NEVER


def _order(row: AccountRow) -> str | None:
    return row.reference if row.kind in ("purchase", "refund") else None


def _debits(rows: Sequence[AccountRow]) -> tuple[Debit, ...]:
    return tuple(Debit(row.n, row.day.toordinal(), row.takes, _order(row)) for row in rows if row.takes)


def _line(row: AccountRow, debited: int) -> AccountLine:
    return AccountLine(
        n=row.n,
        day=row.day,
        kind=row.kind,
        minor=row.minor,
        reference=row.reference,
        tags=tuple(row.tags),
        points=row.gives - debited,
        reason=row.reason,
        rule=row.rule,
        factor=row.factor,
        available=row.available,
        expires=row.expires,
        rung=row.rung,
        figure=row.line_figure,
    )


def balance_of(lots: Sequence[Lot], kinds: Sequence[str], result: ReplayResult, today: int) -> Balance:
    """Add up a replay; `kinds` are the kinds of the debit lines, in the order of `result.debited`."""
    pending = active = expired = 0
    for lot, left in zip(lots, result.left, strict=True):
        if lot.expires < today:
            expired += left
        elif lot.available > today:
            pending += left
        else:
            active += left
    debited = dict.fromkeys(DEBIT_KINDS, 0)
    for kind, points in zip(kinds, result.debited, strict=True):
        debited[kind] += points
    return Balance(
        pending=pending,
        active=active - result.owed,
        earned=sum(lot.points for lot in lots),
        spent=debited["redemption"],
        returned=debited["refund"],
        taken=debited["adjustment"],
        expired=expired,
    )
