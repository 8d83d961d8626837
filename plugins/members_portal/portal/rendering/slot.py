"""Slots: named places for personal content in the pages of an edition, and each member's fragments for them.

A page is rendered once per edition. The theme's `slots/` templates render the fragments of each member. They are
sealed with the member's record, and the service worker in the browser inserts them into the page.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.member.occasion import occasions
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.rendering.activity import activity_of
from members_portal.portal.rendering.chart import CHART_SIZE, line_chart
from members_portal.portal.rendering.edition import Edition, RankedTier
from members_portal.portal.rendering.member_view import MemberView, ShownOffer

PLAIN_SLOTS = ("greeting", "badge", "manager", "account", "standing", "statement")
MOST_OFFERS = 4

SlotFragment = dict[str, str | None]
Slots = dict[str, list[SlotFragment]]


def slot(name: str, caller: Callable[[], str] | None = None) -> Markup:
    """Return the markers of a slot, around the content that stands there without a fragment."""
    if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
        raise ValueError(f"slot name {name!r}: lower-case letters, digits and hyphens")
    return Markup(f"<!--slot:{name}-->{caller() if caller else ''}<!--/slot-->")  # noqa: S704 - name is checked


class LabelledMember:
    """A member with the labels of interests and consents instead of their keys."""

    def __init__(self, member: Member, programme: Programme) -> None:
        self._member = member
        self.interests = [programme.interests[key] for key in member.interests]
        self.consent = {label: member.consent.get(key, False) for key, label in programme.channels.items()}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._member, name)


def member_slots(
    view: MemberView,
    programme: Programme,
    env: Environment,
    base: Mapping[str, Any],
    on: date,
    *,
    keeps_day: bool = False,
) -> Slots:
    """Render every fragment of one member; `base` is the context of all slot templates.

    `letters` in `base` lists the issues that the member got as a letter; without any, there is no slot `letters`. With
    `keeps_day`, the fragments are those of the day `on`, without dates: the browser does not choose by its own clock.
    """
    member, context = view.member, {**base, **_view_context(view, programme)}

    def render(name: str, **more: Any) -> str:
        return env.get_template(f"slots/{name}.html").render(context, **more).strip()

    slots: Slots = {name: [_fragment(render(name))] for name in PLAIN_SLOTS}
    slots["occasion"] = [
        _fragment(render("occasion", occasion=occasion), occasion.on, occasion.on) for occasion in occasions(member, on)
    ]
    slots["offers"] = [
        _fragment(render("offers", offers=offers[:MOST_OFFERS]), start, end)
        for start, end, offers in _offer_periods(view.offers)
    ]
    if base.get("letters"):
        slots["letters"] = [_fragment(render("letters"))]
    return {name: _of_day(fragments, on) for name, fragments in slots.items()} if keeps_day else slots


def _view_context(view: MemberView, programme: Programme) -> dict[str, Any]:
    member, statement = view.member, view.statement
    return {
        "member": LabelledMember(member, programme),
        "tier": _tier(view.edition),
        "edition": view.edition,
        "manager": programme.manager(member.manager_key),
        "statement": statement,
        "activity": activity_of(statement, view.edition) if statement else None,
        "chart": line_chart([(month.on, month.points) for month in statement.history], *CHART_SIZE)
        if statement
        else None,
    }


def _tier(edition: Edition) -> RankedTier | None:
    return next((tier for tier in edition.tiers if tier.rank == edition.rank), None)


def _fragment(html: str, start: date | None = None, end: date | None = None) -> SlotFragment:
    return {"html": html, "from": start.isoformat() if start else None, "until": end.isoformat() if end else None}


def _of_day(fragments: list[SlotFragment], on: date) -> list[SlotFragment]:
    """Return the fragments shown on a day, as fragments without dates."""
    day = on.isoformat()
    shown = (part for part in fragments if (part["from"] or day) <= day <= (part["until"] or day))
    return [{**part, "from": None, "until": None} for part in shown]


def _offer_periods(offers: Sequence[ShownOffer]) -> Iterator[tuple[date | None, date | None, list[ShownOffer]]]:
    """Divide the time from now on into periods with the same valid offers; None means without limit."""
    start: date | None = None
    for end in sorted({offer.ends for offer in offers}):
        yield start, end, [offer for offer in offers if offer.ends >= end]
        start = end + timedelta(days=1)
    yield start, None, []
