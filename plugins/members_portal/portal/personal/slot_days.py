"""Slot days: the days on which a member's slots are the same if nothing happens."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from members_portal.loyalty.member.occasion import occasions
from members_portal.loyalty.period import DAY
from members_portal.loyalty.standings import Standings
from members_portal.loyalty.statement.calendar_change import same_until
from members_portal.portal.answering.answered_view import last_days_same
from members_portal.portal.personal.member_view import EditionOffers, MemberView
from members_portal.portal.rendering.edition import Edition


class SlotDays:
    """Finds the last day of slots; with `keeps_day`, they are those of a stated day."""

    def __init__(self, editions: Mapping[str, Edition], *, keeps_day: bool) -> None:
        self._keeps_day = keeps_day
        self._has_daily_limit = any(
            terms.per == "day" for edition in editions.values() for terms in EditionOffers(edition).terms
        )

    def last(self, view: MemberView, standings: Standings) -> date:
        """Return the last day on which a member's slots are the same if nothing happens.

        Those of a stated day are for that day alone: they count the days until an offer ends.
        """
        if self._keeps_day:
            return standings.on
        member = view.member
        account = standings.accounts.get(member.id)
        if account and self._has_daily_limit and any(line.kind == "redemption" for line in account.lines):
            return standings.on
        last = same_until(member, standings) if account else _month_end(standings.on)
        due = [occasion.on for occasion in occasions(member, standings.on)]
        ends = (offer.ends for offer in view.usable)
        return min(last, *due, *ends, *last_days_same(view.answered, standings.on))


def _month_end(day: date) -> date:
    """Return the last day of a month: slots of a member without a ledger are rendered again each month."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - DAY
