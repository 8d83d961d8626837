"""Segment membership: the segments of a member on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.engine.row import AccountLine
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.period import last_days
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.segment import Joined, Segment, SpendRange
from members_portal.loyalty.standings import Standings
from members_portal.loyalty.statement.rebate import spend_in
from members_portal.loyalty.yearly_day import next_anniversary, next_day


class SegmentFigures(NamedTuple):
    """What segments ask about a member: rung, day of the last order, and spend in each of the periods of last days."""

    member: Member
    rung: int
    ordered: date | None
    spends: Sequence[int]


Condition = Callable[[SegmentFigures], bool]


class SegmentRules:
    """The conditions of all segments on a day; what members have in common is computed once.

    `spend_days` are the lengths of the periods in which segments ask for spend.
    """

    def __init__(self, programme: Programme, on: date, digits: int) -> None:
        self.on = on
        self.spend_days = sorted({segment.spend.days for segment in programme.segments if segment.spend})
        self._segments = [
            (segment.key, tuple(self._conditions(segment, programme, digits))) for segment in programme.segments
        ]

    def segments_of(self, figures: SegmentFigures) -> tuple[str, ...]:
        """Return the keys of the segments of a member, in the order of programme.yaml."""
        found = []
        for key, conditions in self._segments:
            for holds in conditions:
                if not holds(figures):
                    break
            else:
                found.append(key)
        return tuple(found)

    def figures(self, member: Member, rung: int, lines: Iterable[AccountLine]) -> SegmentFigures:
        """Return what segments ask about a member, by the lines; `AccountTable.facts` does so for all members."""
        lines = tuple(lines)
        ordered = max((line.day for line in lines if line.is_order), default=None)
        spends = [spend_in(last_days(self.on, days), lines) for days in self.spend_days]
        return SegmentFigures(member, rung, ordered, spends)

    def segments_on_day(self, member: Member, account: Account) -> set[str]:
        """Return the keys of a member's segments at the end and at the start of the day.

        The purchase that uses an offer may end the member's segment, for example that of members without a recent
        order.
        """
        found = set(self.segments_of(self.figures(member, account.rung, account.lines)))
        earlier = [line for line in account.lines if line.day < self.on]
        if len(earlier) < len(account.lines):
            found.update(self.segments_of(self.figures(member, account.rung, earlier)))
        return found

    def _conditions(self, segment: Segment, programme: Programme, digits: int) -> Iterator[Condition]:
        """Yield the conditions of a segment."""
        yield from _orders(segment, self.on)
        yield from _days(segment, self.on)
        yield from _person(segment)
        if segment.tiers:
            ladder, meant = programme.ladder, programme.tiers_meant(segment.tiers)
            yield lambda one: ladder[one.rung] in meant and not one.member.staff
        if segment.spend:
            yield _spent(segment.spend, self.spend_days.index(segment.spend.days), digits)


def segments_of_day(standings: Standings, members: Iterable[Member]) -> dict[str, set[str]]:
    """Return the segments of members at the start and at the end of the day of the standings."""
    rules, wanted = SegmentRules(standings.programme, standings.on, standings.digits), list(members)
    booked = {one.id for one in wanted if one.id in standings.booked and one.id not in standings.day_segments}
    standings.expect(one.id for one in wanted if one.id in booked)
    known = {**standings.segments, **standings.day_segments}
    return {
        one.id: rules.segments_on_day(one, standings.accounts[one.id])
        if one.id in booked
        else set(known.get(one.id, ()))
        for one in wanted
    }


def _orders(segment: Segment, on: date) -> Iterator[Condition]:
    if segment.lapsed_days is not None:
        last = on - timedelta(days=segment.lapsed_days)
        yield lambda one: one.ordered is not None and one.ordered <= last
    if segment.orders is not None:
        some = segment.orders == "some"
        yield lambda one: (one.ordered is not None) == some


def _days(segment: Segment, on: date) -> Iterator[Condition]:
    """Yield the conditions on yearly days and on the day of joining; many members share these days."""
    if (within := segment.birthday_within_days) is not None:
        is_soon = lru_cache(None)(lambda month, day: (next_day(month, day, on) - on).days <= within)
        yield lambda one: bool((born := one.member.birthday) and is_soon(born.month, born.day))
    if (wanted := segment.birthday_month) is not None:
        yield lambda one: bool((born := one.member.birthday) and born.month == on.month) == wanted
    if (days := segment.anniversary_within_days) is not None:
        is_near = lru_cache(None)(lambda joined: (next_anniversary(joined, on) - on).days <= days)
        yield lambda one: is_near(one.member.joined)
    if joined := segment.joined:
        yield lambda one: _joined(joined, one.member.joined, on)


def _person(segment: Segment) -> Iterator[Condition]:
    if segment.interests:
        interests = frozenset(segment.interests)
        yield lambda one: not interests.isdisjoint(one.member.interests)
    if segment.key_customer is not None:
        yield lambda one: one.member.key_customer == segment.key_customer
    if segment.countries:
        yield lambda one: one.member.address is not None and one.member.address.country in segment.countries


def _spent(wanted: SpendRange, place: int, digits: int) -> Condition:
    """Return the condition on the spend at a place of `spends`, which is in the currency's smallest unit."""
    least = None if wanted.from_ is None else wanted.from_.scaleb(digits)
    below = None if wanted.below is None else wanted.below.scaleb(digits)
    return lambda one: (least is None or one.spends[place] >= least) and (below is None or one.spends[place] < below)


def _joined(wanted: Joined, joined: date, on: date) -> bool:
    recent = wanted.within_days is None or 0 <= (on - joined).days <= wanted.within_days
    return recent and (wanted.from_ or joined) <= joined <= (wanted.until or joined)
