"""Changes by the calendar alone: until which day a statement stays the same if no line is added.

Each rule of a statement that compares a day with the day of the statement has its days here. A property test compares
the statements of all days in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.member.given_tier import tiers_by_hand
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.offer_eligibility import HABIT_DAYS
from members_portal.loyalty.period import last_of_month
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.qualifying import year_of
from members_portal.loyalty.standings import Standings
from members_portal.loyalty.statement.order_interval import SOON, order_interval
from members_portal.loyalty.statement.statement import WITHIN
from members_portal.loyalty.statement.tier_progress import PACE_DAYS, projected_tier


def same_until(member: Member, standings: Standings) -> date:
    """Return the last day on which a member's statement and offers are those of the day of the standings.

    Days on which an offer ends or begins are not looked at. With a rolling qualifying period this is the day itself.
    """
    account, programme = standings.accounts[member.id], standings.programme
    if programme.qualifying and programme.qualifying.days:
        return account.on
    written = standings.by_hand.get(member.id, member)
    today = account.on.toordinal()
    last = date.fromordinal(min(day for day in change_days(written, account, programme) if day > today) - 1)
    return _same_projection(written, account, standings, last)


def change_days(member: Member, account: Account, programme: Programme) -> Iterator[int]:
    """Yield the days on which something in a statement may change, among them the first day of the next month.

    They are ordinals (`date.toordinal`), since each member has dozens of them.
    """
    yield last_of_month(account.on).toordinal() + 1  # the chart, and uses for each month
    for lot in account.lots:
        ends = lot.expires + 1
        yield from (lot.available, ends, *[ends - days for days in WITHIN])
    for rule in (programme.qualifying, programme.rebate):
        if rule:
            yield year_of(rule, member.joined, account.on).last.toordinal() + 1
    for given in tiers_by_hand(member):
        yield from (day.toordinal() + after for day, after in ((given.first, 0), (given.last, 1)) if day)
    for days in {PACE_DAYS, HABIT_DAYS}:  # after so many days, a line is no longer in the period
        yield from [line.day.toordinal() + days for line in account.lines]
    rhythm = order_interval(account.lines, account.on)
    if rhythm.next and rhythm.days_between is not None:
        yield rhythm.next.toordinal() - SOON
        yield rhythm.next.toordinal() + rhythm.days_between + 1


def _same_projection(member: Member, account: Account, standings: Standings, last: date) -> date:
    """Return the last day up to `last` with the same projected tier, which rises or falls through the whole time."""
    tier = _projected(member, account, standings)
    while _projected(member, replace(account, on=last), standings) != tier:
        last = account.on + (last - account.on) // 2
    return last


def _projected(member: Member, account: Account, standings: Standings) -> str:
    return projected_tier(member, account, standings.programme, standings.digits)
