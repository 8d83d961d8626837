"""Segment membership: the segments of a member on a day."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.engine.row import AccountLine
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.period import last_days
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.segment import Joined, Segment, SpendRange
from members_portal.loyalty.statement.rebate import spend_in
from members_portal.loyalty.yearly_day import next_anniversary, next_day

Condition = Callable[[Member, Account, date | None], bool]  # the last argument is the day of the last order


class SegmentRules:
    """The conditions of all segments on a day; what members have in common is computed once."""

    def __init__(self, programme: Programme, on: date, digits: int) -> None:
        self.on = on
        self._segments = [
            (segment.key, tuple(_conditions(segment, programme, on, digits))) for segment in programme.segments
        ]

    def segments_of(self, member: Member, account: Account) -> tuple[str, ...]:
        """Return the keys of a member's segments, in the order of programme.yaml; the account is of the same day."""
        ordered, found = _last_order(account.lines), []
        for key, conditions in self._segments:
            for holds in conditions:
                if not holds(member, account, ordered):
                    break
            else:
                found.append(key)
        return tuple(found)

    def segments_on_day(self, member: Member, account: Account) -> set[str]:
        """Return the keys of a member's segments at the end and at the start of the day.

        The purchase that uses an offer may end the member's segment, for example that of members without a recent
        order.
        """
        found = set(self.segments_of(member, account))
        earlier = tuple(line for line in account.lines if line.day < self.on)
        if len(earlier) < len(account.lines):
            found.update(self.segments_of(member, replace(account, lines=earlier)))
        return found


def _conditions(segment: Segment, programme: Programme, on: date, digits: int) -> Iterator[Condition]:
    """Yield the conditions of a segment."""
    yield from _orders(segment, on)
    yield from _days(segment, on)
    yield from _person(segment)
    if segment.tiers:
        ladder, meant = programme.ladder, programme.tiers_meant(segment.tiers)
        yield lambda member, account, _: ladder[account.rung] in meant and not member.staff
    if segment.spend:
        yield _spent(segment.spend, on, digits)


def _orders(segment: Segment, on: date) -> Iterator[Condition]:
    if segment.lapsed_days is not None:
        last = on - timedelta(days=segment.lapsed_days)
        yield lambda _member, _account, ordered: ordered is not None and ordered <= last
    if segment.orders is not None:
        some = segment.orders == "some"
        yield lambda _member, _account, ordered: (ordered is not None) == some


def _days(segment: Segment, on: date) -> Iterator[Condition]:
    """Yield the conditions on yearly days and on the day of joining; many members share these days."""
    if (within := segment.birthday_within_days) is not None:
        is_soon = lru_cache(None)(lambda month, day: (next_day(month, day, on) - on).days <= within)
        yield lambda member, *_: member.birthday is not None and is_soon(member.birthday.month, member.birthday.day)
    if (wanted := segment.birthday_month) is not None:
        yield lambda member, *_: (member.birthday is not None and member.birthday.month == on.month) == wanted
    if (days := segment.anniversary_within_days) is not None:
        is_near = lru_cache(None)(lambda joined: (next_anniversary(joined, on) - on).days <= days)
        yield lambda member, *_: is_near(member.joined)
    if joined := segment.joined:
        yield lambda member, *_: _joined(joined, member.joined, on)


def _person(segment: Segment) -> Iterator[Condition]:
    if segment.interests:
        interests = frozenset(segment.interests)
        yield lambda member, *_: not interests.isdisjoint(member.interests)
    if segment.key_customer is not None:
        yield lambda member, *_: member.key_customer == segment.key_customer
    if segment.countries:
        yield lambda member, *_: member.address is not None and member.address.country in segment.countries


def _last_order(lines: tuple[AccountLine, ...]) -> date | None:
    return next((line.day for line in reversed(lines) if line.is_order), None)  # lines are in the order of days


def _spent(wanted: SpendRange, on: date, digits: int) -> Condition:
    period = last_days(on, wanted.days)
    least = None if wanted.from_ is None else wanted.from_.scaleb(digits)
    below = None if wanted.below is None else wanted.below.scaleb(digits)

    def holds(_member: Member, account: Account, _ordered: date | None) -> bool:
        spend = spend_in(period, account.lines)
        return (least is None or spend >= least) and (below is None or spend < below)

    return holds


def _joined(wanted: Joined, joined: date, on: date) -> bool:
    recent = wanted.within_days is None or 0 <= (on - joined).days <= wanted.within_days
    return recent and (wanted.from_ or joined) <= joined <= (wanted.until or joined)
