"""The rebate: a cumulative discount on a year's spend, flagged without being asked. RULES.md, "Rebate"."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from members_portal.loyalty.engine.account import Account, Entry
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.qualifying import Rebate
from members_portal.loyalty.statement.programme_year import Year, year_around


@dataclass(frozen=True)
class NextBand:
    """The band above: with `missing` more spent by `by`, the rebate is `percent`, at least `earned` in all."""

    percent: Decimal
    reach: Decimal
    missing: Decimal
    earned: Decimal
    by: date


@dataclass(frozen=True)
class RebateEarned:
    """A rebate as it stands: `spend` since `since` brings `percent`, which is `earned`, once `until` has passed."""

    name: str
    spend: Decimal
    percent: Decimal
    earned: Decimal
    since: date
    until: date
    paid: str
    next: NextBand | None

    @property
    def is_told(self) -> bool:
        """Tell whether there is anything to say: a rebate earned, or a band to reach."""
        return bool(self.earned or self.next)


def is_spend(entry: Entry) -> bool:
    """Tell whether a line is money spent or given back."""
    return entry.kind in ("purchase", "refund") and entry.reason != "before joining"


def spend_between(entries: tuple[Entry, ...], first: date, last: date, without: tuple[str, ...] = ()) -> int:
    """Add up purchases less refunds of some days, in the smallest unit of the currency."""
    days = (entry for entry in entries if first <= entry.day <= last and is_spend(entry))
    return sum(spend_of(entry) for entry in days if not set(without) & set(entry.tags))


def spend_of(entry: Entry) -> int:
    """Return what a line adds to a member's spend: less than nothing for a refund."""
    return (entry.minor or 0) * (1 if entry.kind == "purchase" else -1)


def rebate_year(rebate: Rebate, member: Member, on: date) -> Year:
    """Return the year that a rebate is counted over."""
    month, day = (member.joined.month, member.joined.day) if rebate.period == "anniversary" else rebate.starts
    return year_around(on, month, day)


def rebate_of(rebate: Rebate, member: Member, account: Account, digits: int) -> RebateEarned:
    """Work out a member's rebate on the day of the account."""
    unit, year = Decimal(1).scaleb(-digits), rebate_year(rebate, member, account.on)
    balance = spend_between(account.entries, year.first, account.on, rebate.exclude_tags)
    spend = max(0, balance) * unit
    reached = [band for band in rebate.bands if band.from_ <= spend]
    above = next((band for band in rebate.bands if band.from_ > spend), None)
    coming = None
    if above:
        missing, brings = above.from_ - balance * unit, amount_of(rebate, above.from_, unit)
        coming = NextBand(above.percent, above.from_, missing, brings, year.last)
    return RebateEarned(
        name=rebate.name,
        spend=spend,
        percent=reached[-1].percent if reached else Decimal(0),
        earned=amount_of(rebate, spend, unit),
        since=year.first,
        until=year.last,
        paid=rebate.paid,
        next=coming,
    )


def amount_of(rebate: Rebate, spend: Decimal, unit: Decimal) -> Decimal:
    """Return the rebate on a year's spend, rounded down to the currency's smallest unit."""
    reached = [band for band in rebate.bands if band.from_ <= spend]
    if not reached:
        return Decimal(0)
    if rebate.of == "whole":
        amount = spend * reached[-1].percent
    else:
        ends = [*(band.from_ for band in reached[1:]), spend]
        amount = sum(((end - band.from_) * band.percent for band, end in zip(reached, ends, strict=True)), Decimal(0))
    return (amount / 100).quantize(unit, ROUND_DOWN)
