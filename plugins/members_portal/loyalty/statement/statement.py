"""The statement: the standing of one member on a day, in one record.

Page, letter, e-mail, JSON and export print this record, so they show the same figures.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from members_portal.loyalty.engine.account import Account, Balance
from members_portal.loyalty.engine.lot import NEVER, replay
from members_portal.loyalty.engine.row import AccountLine
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.statement.explanation import reason_of
from members_portal.loyalty.statement.order_interval import OrderInterval, order_interval
from members_portal.loyalty.statement.rebate import RebateEarned, rebate_of
from members_portal.loyalty.statement.tier_progress import TierProgress, progress_of

if TYPE_CHECKING:
    from members_portal.loyalty.standings import Standings

WITHIN = (30, 60, 90)  # days ahead for which expiring points are summed
SPENDING = ("redemption", "reversal")
MONTHS = 12  # past months in the history


@dataclass(frozen=True)
class DatedPoints:
    """Points that become available on the day `on`, or that expire after it."""

    points: int
    on: date


@dataclass(frozen=True)
class Expiring:
    """The points that expire within a number of days."""

    within_days: int
    points: int


@dataclass(frozen=True)
class StatementLine:
    """One line of the ledger as the member reads it: its points and the reason, `why`.

    `amount` is in the programme's currency. The points are pending before the day `pending_until`; `expires` is the
    last day on which they are active.
    """

    day: date
    kind: str
    reference: str | None
    tags: tuple[str, ...]
    amount: Decimal | None
    points: int
    why: str
    pending_until: date | None
    expires: date | None


@dataclass(frozen=True)
class DayBalance:
    """The balance at the end of a day."""

    on: date
    points: int


@dataclass(frozen=True)
class CauseGift:
    """A member's gift to a cause: points, their worth in money, and the share of the member's spend."""

    key: str
    name: str
    points: int
    worth: Decimal
    share: Decimal

    @property
    def total(self) -> Decimal:
        return self.worth + self.share


@dataclass(frozen=True)
class MemberOffer:
    """An offer chosen for one member.

    `ends` is the last day for this member; `why` is the reason in words, empty for an offer that does not fit; `points`
    the price, `missing` the points that the member lacks, `left` the uses left, `coupon` the code, None while points
    lack.
    """

    slug: str
    title: str
    value: str
    starts: date
    ends: date
    why: str
    points: int | None
    missing: int
    left: int
    coupon: str | None


@dataclass(frozen=True)
class Statement:
    """A member's standing on the day `as_of`. Points are integers; money is in `currency`, to its smallest unit."""

    member: str
    as_of: date
    currency: str
    points_name: str
    balance: Balance
    owed: int
    worth: Decimal | None
    available: tuple[DatedPoints, ...]
    expiring: tuple[Expiring, ...]
    expiries: tuple[DatedPoints, ...]
    progress: TierProgress
    rebate: RebateEarned | None
    activity: tuple[StatementLine, ...]
    history: tuple[DayBalance, ...]
    rhythm: OrderInterval
    causes: tuple[CauseGift, ...]
    segments: tuple[str, ...]
    offers: tuple[MemberOffer, ...]

    @property
    def ends_soon(self) -> DatedPoints | None:
        """The next points to expire, if they expire within the longest of `WITHIN`."""
        return self.expiries[0] if self.expiring[-1].points else None

    @property
    def gifts(self) -> tuple[CauseGift, ...]:
        """The gifts that are not empty."""
        return tuple(gift for gift in self.causes if gift.points or gift.share)


def make_statement(member: Member, standings: Standings, offers: Sequence[MemberOffer] = ()) -> Statement | None:
    """Build a member's statement with these offers, newest activity first; return None when there are no accounts."""
    account = standings.accounts.get(member.id)
    if account is None:
        return None
    member, programme, digits = standings.by_hand.get(member.id, member), standings.programme, standings.digits
    worth, unit = programme.points.worth, Decimal(1).scaleb(-digits)
    expiries = _expiries(account)
    return Statement(
        member=member.id,
        as_of=account.on,
        currency=programme.currency,
        points_name=programme.points.name,
        balance=account.balance,
        owed=account.owed,
        worth=(max(0, account.balance.active) * worth).quantize(unit, ROUND_DOWN) if worth else None,
        available=_maturing(account),
        expiring=tuple(_within(expiries, account.on, days) for days in WITHIN),
        expiries=expiries,
        progress=progress_of(member, account, programme, digits),
        rebate=rebate_of(programme.rebate, member, account, digits) if programme.rebate else None,
        activity=tuple(_statement_line(line, programme, account.on, unit) for line in reversed(account.lines)),
        history=tuple(history_of(account)),
        rhythm=order_interval(account.lines, account.on),
        causes=tuple(cause_gifts(account.lines, programme, unit)),
        segments=standings.segments.get(member.id, ()),
        offers=tuple(offers),
    )


def _maturing(account: Account) -> tuple[DatedPoints, ...]:
    """Return the pending points by the day on which they become available."""
    due: Counter[int] = Counter()
    for lot, left in zip(account.lots, account.left, strict=True):
        if left and account.on.toordinal() < lot.available <= lot.expires:
            due[lot.available] += left
    return tuple(DatedPoints(points, date.fromordinal(day)) for day, points in sorted(due.items()))


def _expiries(account: Account) -> tuple[DatedPoints, ...]:
    """Return the points left by their last day, if no more lines follow; pending points first pay the points owed."""
    due: Counter[int] = Counter()
    result = replay(account.lots, account.debits, NEVER)
    for lot, left in zip(account.lots, result.left, strict=True):
        if left and account.on.toordinal() <= lot.expires < NEVER:
            due[lot.expires] += left
    return tuple(DatedPoints(points, date.fromordinal(day)) for day, points in sorted(due.items()))


def _within(expiries: Iterable[DatedPoints], on: date, days: int) -> Expiring:
    return Expiring(days, sum(expiry.points for expiry in expiries if expiry.on < on + timedelta(days=days)))


def _statement_line(line: AccountLine, programme: Programme, on: date, unit: Decimal) -> StatementLine:
    return StatementLine(
        day=line.day,
        kind=line.kind,
        reference=line.reference,
        tags=tuple(line.tags),
        amount=None if line.minor is None else line.minor * unit,
        points=line.points,
        why=reason_of(line, programme),
        pending_until=line.available if line.available and line.available > on else None,
        expires=line.expires,
    )


def history_of(account: Account) -> list[DayBalance]:
    """Return the balances at the end of the last twelve months, and of the account's day."""
    return [DayBalance(day, balance_on(account, day)) for day in _history_days(account.on)]


@lru_cache(maxsize=64)
def _history_days(on: date) -> tuple[date, ...]:
    """Return the last days of the past months, and a day, in order."""
    days = [on]
    for _ in range(MONTHS):
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return tuple(reversed(days))


def balance_on(account: Account, day: date) -> int:
    """Return the balance at the end of an earlier day. The account suffices: later lines never change earlier ones."""
    today = day.toordinal()
    if not account.debits:
        return sum(lot.points for lot in account.lots if lot.day <= today <= lot.expires)
    lots = [lot for lot in account.lots if lot.day <= today]
    result = replay(lots, [debit for debit in account.debits if debit.day <= today], today)
    return sum(left for lot, left in zip(lots, result.left, strict=True) if lot.expires >= today) - result.owed


def cause_gifts(lines: Sequence[AccountLine], programme: Programme, unit: Decimal) -> list[CauseGift]:
    """Return a member's gift to each cause; `unit` is the currency's smallest unit."""
    given, spent = [], []
    for cause in programme.causes:
        own = [line for line in lines if (cause.from_ or line.day) <= line.day <= (cause.until or line.day)]
        given.append(sum(line.takes for line in own if line.kind in SPENDING and line.reference == cause.key))
        spent.append(sum(line.spend for line in own if not cause.tags or set(cause.tags) & set(line.tags)))
    return gifts_of(given, spent, programme, unit)


def gifts_of(given: Sequence[int], spent: Sequence[int], programme: Programme, unit: Decimal) -> list[CauseGift]:
    """Return a member's gift to each cause, by the points given to it and the spend that counts for it."""
    return [
        CauseGift(cause.key, cause.name, points, *cause.gift_of(points, spend, unit))
        for cause, points, spend in zip(programme.causes, given, spent, strict=True)
    ]
