"""Segment membership: the segments of a member on a day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.engine.row import AccountLine
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.period import last_days
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.segment import Joined, Segment, SpendRange
from members_portal.loyalty.statement.rebate import spend_in
from members_portal.loyalty.yearly_day import next_anniversary, next_day


def segments_of(member: Member, account: Account, programme: Programme, digits: int) -> tuple[str, ...]:
    """Return the keys of a member's segments on the account's day, in the order of programme.yaml."""
    return tuple(
        segment.key for segment in programme.segments if all(_conditions(segment, member, account, programme, digits))
    )


def segments_on_day(member: Member, account: Account, programme: Programme, digits: int) -> set[str]:
    """Return the keys of a member's segments at the end and at the start of the account's day.

    The purchase that uses an offer may end the member's segment, for example that of members without a recent order.
    """
    found = set(segments_of(member, account, programme, digits))
    earlier = tuple(line for line in account.lines if line.day < account.on)
    if len(earlier) < len(account.lines):
        found.update(segments_of(member, replace(account, lines=earlier), programme, digits))
    return found


def _conditions(
    segment: Segment, member: Member, account: Account, programme: Programme, digits: int
) -> Iterator[bool]:
    """Yield for each condition of a segment whether it holds."""
    yield from _orders(segment, account)
    yield from _days(segment, member, account.on)
    yield from _person(segment, member)
    if segment.tiers:
        yield programme.ladder[account.rung] in programme.tiers_meant(segment.tiers) and not member.staff
    if segment.spend:
        yield _spent(segment.spend, account, digits)


def _orders(segment: Segment, account: Account) -> Iterator[bool]:
    ordered = _last_order(account.lines)
    if segment.lapsed_days is not None:
        yield ordered is not None and (account.on - ordered).days >= segment.lapsed_days
    if segment.orders is not None:
        yield (ordered is not None) == (segment.orders == "some")


def _days(segment: Segment, member: Member, on: date) -> Iterator[bool]:
    if segment.birthday_within_days is not None:
        born = member.birthday
        yield born is not None and (next_day(born.month, born.day, on) - on).days <= segment.birthday_within_days
    if segment.birthday_month is not None:
        yield (member.birthday is not None and member.birthday.month == on.month) == segment.birthday_month
    if segment.anniversary_within_days is not None:
        yield (next_anniversary(member.joined, on) - on).days <= segment.anniversary_within_days
    if segment.joined:
        yield _joined(segment.joined, member.joined, on)


def _person(segment: Segment, member: Member) -> Iterator[bool]:
    if segment.interests:
        yield bool(set(segment.interests) & set(member.interests))
    if segment.key_customer is not None:
        yield member.key_customer == segment.key_customer
    if segment.countries:
        yield member.address is not None and member.address.country in segment.countries


def _last_order(lines: tuple[AccountLine, ...]) -> date | None:
    orders = (line.day for line in lines if line.is_order)
    return max(orders, default=None)


def _spent(wanted: SpendRange, account: Account, digits: int) -> bool:
    spend = spend_in(last_days(account.on, wanted.days), account.lines) * Decimal(1).scaleb(-digits)
    return (wanted.from_ is None or spend >= wanted.from_) and (wanted.below is None or spend < wanted.below)


def _joined(wanted: Joined, joined: date, on: date) -> bool:
    recent = wanted.within_days is None or 0 <= (on - joined).days <= wanted.within_days
    return recent and (wanted.from_ or joined) <= joined <= (wanted.until or joined)
