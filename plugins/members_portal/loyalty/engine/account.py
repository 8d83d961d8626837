"""A member's account on a day: every ledger line with its effect, lots, debits and the balance."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from members_portal.loyalty.engine.lot import NEVER, Debit, Lot, ReplayResult, replay
from members_portal.loyalty.engine.row import AccountLine, ReplayRow, SumRow

DEBIT_KINDS = ("redemption", "refund", "adjustment")


class Balance(NamedTuple):
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
    `overdrawn` are the redemptions of more points than the member could spend then, and that were not undone.
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
    overdrawn: tuple[AccountLine, ...] = ()


class Standing(NamedTuple):
    """Rung, figure and balance of one member, without the lines."""

    member: str
    rung: int
    figure: int
    balance: Balance


def summed_balance(row: SumRow) -> Balance:
    """Return the balance of one member from its row of sum_rows.sql, which needs no replay."""
    returned = row.earned - row.pending - row.active - row.spent - row.taken - row.expired
    return Balance(row.pending, row.active, row.earned, row.spent, returned, row.taken, row.expired)


def replayed_balance(rows: Sequence[ReplayRow], today: int) -> Balance:
    """Return the balance of one member from the rows of replay_rows.sql; `today` is an ordinal."""
    debit_rows = [row for row in rows if row.points < 0 or row.undoes is not None]
    earned = [row for row in rows if row.points > 0 and row.undoes is None]
    lots = [Lot(row.n, row.day, row.points, row.available, row.expires, row.order_no) for row in earned]
    debits = [Debit(row.n, row.day, -row.points, row.order_no, row.bought or (), row.undoes) for row in debit_rows]
    return balance_of(lots, [DEBIT_KINDS[row.debit_kind] for row in debit_rows], replay(lots, debits, today), today)


def account_of(member: str, rows: Sequence[AccountLine], on: date) -> Account:
    """Build the account of one member from the rows of account_rows.sql; the last row is the day itself."""
    *line_rows, asked = rows
    lots, debits = _lots(line_rows), _debits(line_rows)
    result = replay(lots, debits, on.toordinal())
    lines = tuple(line_rows)
    if debits:
        taken = iter(result.debited)
        lines = tuple(row._replace(takes=next(taken)) if row.takes else row for row in line_rows)
    takers = [row for row in line_rows if row.takes]
    kinds = ["redemption" if row.kind == "reversal" else row.kind for row in takers]
    return Account(
        member=member,
        on=on,
        rung=asked.rung,
        figure=asked.total,
        reached=asked.reached,
        carried=asked.carried,
        lines=lines,
        lots=lots,
        debits=debits,
        left=result.left,
        owed=result.owed,
        balance=balance_of(lots, kinds, result, on.toordinal()),
        overdrawn=tuple(_overdrawn(takers, result.missing)),
    )


def _overdrawn(takers: Sequence[AccountLine], missing: Sequence[int]) -> Iterator[AccountLine]:
    """Yield the redemptions of more points than there were, without those that were undone.

    Points that a refund took on the same day count as there: the redemption may have been before it. So do points that
    another redemption took until it was undone.
    """
    if not any(missing):
        return
    undone = {row.undoes for row in takers if row.undoes is not None}
    there: Counter[date | int] = Counter()  # points that refunds of a day took, and that undone redemptions took
    for row, short in zip(takers, missing, strict=False):
        if row.kind == "refund":
            there[row.day] += row.takes
        elif row.undoes is not None:
            there[row.undoes] = 0
        elif row.n in undone:
            there[row.n] = row.takes - short
        elif row.kind == "redemption":
            keys: list[date | int] = [row.day, *undone]
            for key in keys:
                used = min(short, there[key])
                there[key] -= used
                short -= used
            if short:
                yield row


def _lots(rows: Sequence[AccountLine]) -> tuple[Lot, ...]:
    return tuple(
        Lot(row.n, row.day.toordinal(), row.gives, _ordinal(row.available), _ordinal(row.expires), _order(row))
        for row in rows
        if row.gives
    )


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else NEVER


def _order(row: AccountLine) -> str | None:
    return row.reference if row.kind in ("purchase", "refund") else None


def _debits(rows: Sequence[AccountLine]) -> tuple[Debit, ...]:
    return tuple(
        Debit(row.n, row.day.toordinal(), row.takes, _order(row), row.bought, row.undoes) for row in rows if row.takes
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
