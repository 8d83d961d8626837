"""Who belongs to a segment on a day."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from members_portal.loyalty.engine.account import Account, Entry
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.member.occasion import next_day
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.segment import Joined, Segment, SpendRange
from members_portal.loyalty.statement.rebate import spend_between


def segments_of(member: Member, account: Account, programme: Programme, digits: int) -> tuple[str, ...]:
    """Return the keys of the segments that a member belongs to on the account's day, as programme.yaml orders them."""
    return tuple(
        segment.key for segment in programme.segments if all(_conditions(segment, member, account, programme, digits))
    )


def _conditions(
    segment: Segment, member: Member, account: Account, programme: Programme, digits: int
) -> Iterator[bool]:
    """Say of each condition that a segment states whether it holds."""
    yield from _orders(segment, account)
    yield from _days(segment, member, account.on)
    yield from _person(segment, member)
    if segment.tiers:
        yield programme.ladder[account.rung] in programme.tiers_meant(segment.tiers) and not member.staff
    if segment.spend:
        yield _spent(segment.spend, account, digits)


def _orders(segment: Segment, account: Account) -> Iterator[bool]:
    ordered = _last_order(account.entries)
    if segment.lapsed_days is not None:
        yield ordered is not None and (account.on - ordered).days >= segment.lapsed_days
    if segment.orders is not None:
        yield (ordered is not None) == (segment.orders == "some")


def _days(segment: Segment, member: Member, on: date) -> Iterator[bool]:
    if segment.birthday_within_days is not None:
        born = member.birthday
        yield born is not None and (next_day(born.month, born.day, on) - on).days <= segment.birthday_within_days
    if segment.anniversary_within_days is not None:
        tomorrow = max(on, member.joined + timedelta(days=1))
        anniversary = next_day(member.joined.month, member.joined.day, tomorrow)
        yield (anniversary - on).days <= segment.anniversary_within_days
    if segment.joined:
        yield _joined(segment.joined, member.joined, on)


def _person(segment: Segment, member: Member) -> Iterator[bool]:
    if segment.interests:
        yield bool(set(segment.interests) & set(member.interests))
    if segment.key_customer is not None:
        yield member.key_customer == segment.key_customer
    if segment.countries:
        yield member.address is not None and member.address.country in segment.countries


def _last_order(entries: tuple[Entry, ...]) -> date | None:
    return max((e.day for e in entries if e.kind == "purchase" and e.reason != "before joining"), default=None)


def _spent(wanted: SpendRange, account: Account, digits: int) -> bool:
    first = account.on - timedelta(days=wanted.days - 1)
    spend = spend_between(account.entries, first, account.on) * Decimal(1).scaleb(-digits)
    return (wanted.from_ is None or spend >= wanted.from_) and (wanted.below is None or spend < wanted.below)


def _joined(wanted: Joined, joined: date, on: date) -> bool:
    recent = wanted.within_days is None or 0 <= (on - joined).days <= wanted.within_days
    return recent and (wanted.from_ or joined) <= joined <= (wanted.until or joined)
