"""Changes by the calendar alone: until which day a statement stays the same if no line is added.

Each rule of a statement that compares a day with the day of the statement has its days here. A property test compares
the statements of all days in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.member.given_tier import tiers_by_hand
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.offer_eligibility import HABIT_DAYS
from members_portal.loyalty.period import DAY, leaves_on
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.qualifying import year_of
from members_portal.loyalty.standings import Standings
from members_portal.loyalty.statement.order_interval import SOON, order_interval
from members_portal.loyalty.statement.statement import WITHIN
from members_portal.loyalty.statement.tier_progress import PACE_DAYS, progress_of

LAST_ORDINAL = date.max.toordinal()


def same_until(member: Member, standings: Standings) -> date:
    """Return the last day on which a member's statement and offers are those of the day of the standings.

    Days on which an offer ends or begins are not looked at. With a rolling qualifying period this is the day itself.
    """
    account, programme = standings.accounts[member.id], standings.programme
    if programme.qualifying and programme.qualifying.days:
        return account.on
    written = standings.by_hand.get(member.id, member)
    last = min(day for day in change_days(written, account, programme) if day > account.on) - DAY
    return _same_projection(written, account, standings, last)


def change_days(member: Member, account: Account, programme: Programme) -> Iterator[date]:
    """Yield the days on which something in a statement may change, among them the first day of the next month."""
    yield (account.on.replace(day=1) + timedelta(days=32)).replace(day=1)  # the chart, and uses for each month
    for lot in account.lots:
        yield from (date.fromordinal(day) for day in (lot.available, lot.expires + 1) if day <= LAST_ORDINAL)
        if lot.expires < LAST_ORDINAL:
            yield from (date.fromordinal(lot.expires + 1) - timedelta(days=days) for days in WITHIN)
    for rule in (programme.qualifying, programme.rebate):
        if rule:
            yield year_of(rule, member.joined, account.on).last + DAY
    for given in tiers_by_hand(member):
        yield from (given.first or date.min, given.last + DAY if given.last else date.min)
    yield from (leaves_on(line.day, days) for line in account.lines for days in {PACE_DAYS, HABIT_DAYS})
    rhythm = order_interval(account.lines, account.on)
    if rhythm.next and rhythm.days_between is not None:
        yield rhythm.next - timedelta(days=SOON)
        yield rhythm.next + timedelta(days=rhythm.days_between) + DAY


def _same_projection(member: Member, account: Account, standings: Standings, last: date) -> date:
    """Return the last day up to `last` with the same projected tier, which rises or falls through the whole time."""
    tier = _projected(member, account, standings)
    while _projected(member, replace(account, on=last), standings) != tier:
        last = account.on + (last - account.on) // 2
    return last


def _projected(member: Member, account: Account, standings: Standings) -> str:
    return progress_of(member, account, standings.programme, standings.digits).projected
