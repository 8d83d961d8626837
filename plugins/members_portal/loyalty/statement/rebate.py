"""The rebate: a cumulative discount on a year's spend. RULES.md, "Rebate"."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.engine.row import AccountLine
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.period import Period
from members_portal.loyalty.programme.qualifying import Rebate, year_of


@dataclass(frozen=True)
class NextBand:
    """The next band: when `missing` more is spent up to the day `by`, the rebate is `percent`, at least `earned`."""

    percent: Decimal
    reach: Decimal
    missing: Decimal
    earned: Decimal
    by: date


@dataclass(frozen=True)
class RebateEarned:
    """The rebate on a day: `earned` is `percent` of the `spend` since `since`; it is due after the day `until`."""

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
        """Whether the rebate is shown: one is earned, or there is a next band."""
        return bool(self.earned or self.next)


def spend_in(period: Period, lines: tuple[AccountLine, ...], without: tuple[str, ...] = ()) -> int:
    """Return the spend of a period, in the currency's smallest unit; skip lines tagged `without`.

    A refund counts where its purchase does: it lowers the `spend` of the purchase's line.
    """
    first, last, excluded = period.first, period.last, frozenset(without)
    return sum(line.spend for line in lines if first <= line.day <= last and excluded.isdisjoint(line.tags))


def rebate_of(rebate: Rebate, member: Member, account: Account, digits: int) -> RebateEarned:
    """Return a member's rebate on the day of the account; `digits` are the decimals of the currency."""
    unit, year = Decimal(1).scaleb(-digits), year_of(rebate, member.joined, account.on)
    balance = spend_in(Period(year.first, account.on), account.lines, rebate.exclude_tags)
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
    """Return the rebate on a year's spend, rounded down to `unit`."""
    reached = [band for band in rebate.bands if band.from_ <= spend]
    if not reached:
        return Decimal(0)
    if rebate.of == "whole":
        amount = spend * reached[-1].percent
    else:
        ends = [*(band.from_ for band in reached[1:]), spend]
        amount = sum(((end - band.from_) * band.percent for band, end in zip(reached, ends, strict=True)), Decimal(0))
    return (amount / 100).quantize(unit, ROUND_DOWN)
