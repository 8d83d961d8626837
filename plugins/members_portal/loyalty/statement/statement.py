"""The statement: everything that can be said of a member's standing on a day, in one record.

Page, letter, e-mail, JSON and export all print this record, so that no two of them can differ.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from members_portal.loyalty.engine.account import Account, Balance, Entry
from members_portal.loyalty.engine.lot import NEVER, replay
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.statement.explanation import reason_of
from members_portal.loyalty.statement.order_interval import Rhythm, rhythm_of
from members_portal.loyalty.statement.rebate import RebateEarned, is_spend, rebate_of, spend_of
from members_portal.loyalty.statement.tier_progress import Progress, progress_of

WITHIN = (30, 60, 90)  # days ahead for which expiring points are told
MONTHS = 12  # of the past that the history shows


@dataclass(frozen=True)
class Coming:
    """Points that become available, or expire, after the day `on`."""

    points: int
    on: date


@dataclass(frozen=True)
class Expiring:
    """Points that expire within so many days."""

    within_days: int
    points: int


@dataclass(frozen=True)
class Activity:
    """One line of the ledger as its member may read it: what it came to, and why.

    `amount` is in the programme's currency; what it earned is pending before the day `pending_until`, and lasts up
    to and with the day `expires`.
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
class Month:
    """The balance at the end of a day, most often of a month's last."""

    on: date
    points: int


@dataclass(frozen=True)
class Given:
    """What a member gave to a cause: points, what they are worth to it, and the share of what was spent."""

    key: str
    name: str
    points: int
    worth: Decimal
    share: Decimal

    @property
    def total(self) -> Decimal:
        return self.worth + self.share


@dataclass(frozen=True)
class OfferFor:
    """An offer that is this member's: why, what it costs in points and how many of them are missing, and its coupon."""

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
    """A member's standing as of a day. Points are whole numbers; money is in `currency`, to its smallest unit."""

    member: str
    as_of: date
    currency: str
    points_name: str
    balance: Balance
    owed: int
    worth: Decimal | None
    available: tuple[Coming, ...]
    expiring: tuple[Expiring, ...]
    expiries: tuple[Coming, ...]
    progress: Progress
    rebate: RebateEarned | None
    activity: tuple[Activity, ...]
    history: tuple[Month, ...]
    rhythm: Rhythm
    causes: tuple[Given, ...]
    segments: tuple[str, ...]
    offers: tuple[OfferFor, ...] = ()

    @property
    def ends_soon(self) -> Coming | None:
        """The next points to expire, if they do so within the longest of the days told ahead."""
        return self.expiries[0] if self.expiring[-1].points else None

    @property
    def gifts(self) -> tuple[Given, ...]:
        """The causes that the member gave anything to."""
        return tuple(given for given in self.causes if given.points or given.share)


def make_statement(
    member: Member, account: Account, programme: Programme, digits: int, segments: Sequence[str]
) -> Statement:
    """Put together what an account comes to; `digits` are the decimals of the currency. Newest activity first."""
    worth = programme.points.worth
    unit = Decimal(1).scaleb(-digits)
    expiries = _expiries(account)
    return Statement(
        member=member.id,
        as_of=account.on,
        currency=programme.currency,
        points_name=programme.points.name,
        balance=account.balance,
        owed=account.owed,
        worth=(max(0, account.balance.active) * worth).quantize(unit, ROUND_DOWN) if worth else None,
        available=_coming_available(account),
        expiring=tuple(_within(expiries, account.on, days) for days in WITHIN),
        expiries=expiries,
        progress=progress_of(member, account, programme, digits),
        rebate=rebate_of(programme.rebate, member, account, digits) if programme.rebate else None,
        activity=tuple(_activity(entry, programme, account.on, unit) for entry in reversed(account.entries)),
        history=tuple(history_of(account)),
        rhythm=rhythm_of(account.entries, account.on),
        causes=tuple(given_of(account.entries, programme, unit)),
        segments=tuple(segments),
    )


def _coming_available(account: Account) -> tuple[Coming, ...]:
    due: Counter[int] = Counter()
    for lot, left in zip(account.lots, account.left, strict=True):
        if left and account.on.toordinal() < lot.available <= lot.expires:
            due[lot.available] += left
    return tuple(Coming(points, date.fromordinal(day)) for day, points in sorted(due.items()))


def _expiries(account: Account) -> tuple[Coming, ...]:
    """List what is left by its last day, as if nothing more were spent; pending points pay what is owed first."""
    due: Counter[int] = Counter()
    pool = replay(account.lots, account.takes, NEVER)
    for lot, left in zip(account.lots, pool.left, strict=True):
        if left and account.on.toordinal() <= lot.expires < NEVER:
            due[lot.expires] += left
    return tuple(Coming(points, date.fromordinal(day)) for day, points in sorted(due.items()))


def _within(expiries: Iterable[Coming], on: date, days: int) -> Expiring:
    return Expiring(days, sum(coming.points for coming in expiries if coming.on < on + timedelta(days=days)))


def _activity(entry: Entry, programme: Programme, on: date, unit: Decimal) -> Activity:
    amount = None if entry.minor is None else entry.minor * unit
    pending = entry.available if entry.available and entry.available > on else None
    why = reason_of(entry, programme)
    return Activity(
        entry.day, entry.kind, entry.reference, entry.tags, amount, entry.points, why, pending, entry.expires
    )


def history_of(account: Account) -> list[Month]:
    """Replay the ends of the last twelve months, and the day itself."""
    days = [account.on]
    for _ in range(MONTHS):
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return [Month(day, balance_on(account, day)) for day in reversed(days)]


def balance_on(account: Account, day: date) -> int:
    """Return the balance at the end of an earlier day: no line is changed by what happens on a later one."""
    today = day.toordinal()
    lots = [lot for lot in account.lots if lot.day <= today]
    pool = replay(lots, [take for take in account.takes if take.day <= today], today)
    return sum(left for lot, left in zip(lots, pool.left, strict=True) if lot.expires >= today) - pool.owed


def given_of(entries: Iterable[Entry], programme: Programme, unit: Decimal) -> list[Given]:
    """Add up what a member gave to each cause."""
    lines, found = tuple(entries), []
    for cause in programme.causes:
        own = [e for e in lines if (cause.from_ or e.day) <= e.day <= (cause.until or e.day)]
        points = -sum(e.points for e in own if e.kind == "redemption" and e.reference == cause.key)
        spent = sum(spend_of(e) for e in own if is_spend(e) and (not cause.tags or set(cause.tags) & set(e.tags)))
        worth = (points * (cause.worth or 0) * Decimal(1)).quantize(unit, ROUND_DOWN)
        share = (max(0, spent) * unit * (cause.share or 0) / 100).quantize(unit, ROUND_DOWN)
        found.append(Given(cause.key, cause.name, points, worth, share))
    return found
