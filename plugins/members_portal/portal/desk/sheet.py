"""Sheet: what the desk tells about one member, from the member's view, account and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from jinja2 import Environment

from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.standings import Standings
from members_portal.loyalty.statement.tier_progress import TierProgress
from members_portal.portal.desk.heard_answer import HeardAnswer
from members_portal.portal.desk.redemption_count import redeemed_offer
from members_portal.portal.personal.member_view import MemberView, MemberViewBuilder
from members_portal.portal.personal.slot_renderer import LabelledMember

BEFORE_DAYS = 365  # the spend before the last order that the list of quiet members tells
GIFTS = ("gift", "service")  # types of offers that are benefits due, if they cost no points


@dataclass(frozen=True)
class BenefitGiven:
    """A benefit that was given: the day, and the title of the offer or the words for it."""

    day: date
    title: str


@dataclass(frozen=True)
class SheetFacts:
    """What lists of members need: points, the offers with their first days, the way to the next tier, the last order.

    `missing` and `share` are what is missing to the next tier, as money or a number and as a part of its `reach`.
    """

    active: int = 0
    pending: int = 0
    offers: tuple[tuple[str, str], ...] = ()
    goal: str = ""
    missing: Decimal = Decimal(0)
    share: Decimal = Decimal(1)
    ordered: date | None = None
    spent: Decimal = Decimal(0)


@dataclass(frozen=True)
class MemberSheet:
    """The facts of a member, and the sheet as HTML; empty if nobody may read it. `last` is its last day."""

    facts: SheetFacts
    html: str = field(repr=False)
    last: date


class SheetMaker:
    """Makes the sheets of members; `base` is the context of the template."""

    def __init__(self, views: MemberViewBuilder, env: Environment, base: Mapping[str, Any]) -> None:
        self._views, self._env, self._base = views, env, base

    def facts(self, view: MemberView) -> SheetFacts:
        """Return the facts of a member."""
        standings, statement = self._views.standings, view.statement
        offers = tuple((offer.slug, offer.starts.isoformat()) for offer in view.usable if not offer.missing)
        if not statement:
            return SheetFacts(offers=offers)
        goal, ordered = statement.progress.next, statement.rhythm.last
        return SheetFacts(
            active=statement.balance.active,
            pending=statement.balance.pending,
            offers=offers,
            goal=goal.name if goal else "",
            missing=goal.missing if goal else Decimal(0),
            share=_share_missing(statement.progress),
            ordered=ordered,
            spent=_spent_before(standings.accounts[view.member.id], ordered, standings) if ordered else Decimal(0),
        )

    def html(self, view: MemberView, heard: Sequence[HeardAnswer]) -> str:
        """Render the full sheet of a member."""
        standings, programme, member = self._views.standings, self._views.standings.programme, view.member
        segments = standings.segments.get(member.id, ())
        return (
            self._env.get_template("desk/sheet.html")
            .render(
                **self._base,
                member=LabelledMember(member, programme),
                tier=programme.tier(member.tier) if member.tier else None,
                statement=view.statement,
                offers=[offer for offer in view.usable if not offer.missing],
                due=[offer for offer in view.usable if offer.points is None and offer.shown.type in GIFTS],
                given=self._given(view),
                manager=programme.manager(member.account_manager),
                segments=[segment.name for segment in programme.segments if segment.key in segments],
                heard=heard,
                tiers=programme.tiers,
                points_name=programme.points.name,
            )
            .strip()
        )

    def _given(self, view: MemberView) -> list[BenefitGiven]:
        """Return the benefits given in the calendar year, newest first: redemptions without points, and birthdays."""
        standings, member = self._views.standings, view.member.id
        account, first = standings.accounts.get(member), standings.on.replace(month=1, day=1)
        lines = account.lines if account else ()
        undone, titles = {line.undoes for line in lines}, self._views.offers_of(view.member).titles
        found = []
        for line in lines:
            if line.day < first or line.n in undone:
                continue
            if line.kind == "birthday" and line.gives:
                found.append(BenefitGiven(line.day, f"{line.gives} {standings.programme.points.name} for the birthday"))
            elif line.kind == "redemption" and not line.takes:
                slug = redeemed_offer(line.reference, member, titles, self._views.coupon_codes)
                found.append(BenefitGiven(line.day, titles.get(slug, "An offer that has ended")))
        return found[::-1]


def _share_missing(progress: TierProgress) -> Decimal:
    """Return what is missing to the next tier as a part of its threshold; 1 without a next tier."""
    goal = progress.next
    return goal.missing / goal.reach if goal and goal.reach else Decimal(1)


def _spent_before(account: Account, last: date, standings: Standings) -> Decimal:
    """Return the spend of the year up to the last order."""
    first = last - timedelta(days=BEFORE_DAYS)
    return Decimal(sum(line.spend for line in account.lines if first < line.day <= last)).scaleb(-standings.digits)
