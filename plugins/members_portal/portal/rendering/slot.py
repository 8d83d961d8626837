"""Slots: named places for personal content in the pages of an edition, and each member's fragments for them.

A page is rendered once per edition. The theme's `slots/` templates render the fragments of each member. They are
sealed with the member's record, and the service worker in the browser inserts them into the page.

The name of a slot ends in a nonce of the site, which content can't know: text that looks like a slot is none.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.member.occasion import occasions
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.rendering.chart import CHART_SIZE, line_chart
from members_portal.portal.rendering.edition import Edition, RankedTier
from members_portal.portal.rendering.member_view import MemberView, ShownOffer

PLAIN_SLOTS = ("greeting", "badge", "manager", "account", "standing", "statement")
MOST_OFFERS = 4
_NO_TEXT = (
    r"<!--.*?(?:-->|$)"
    r"|<(script|style|title|textarea|template|noscript|xmp|iframe|noembed|noframes|select)\b.*?(?:</\2\b|$)"
    r"|</?[a-z](?:\"[^\"]*\"|'[^']*'|[^\"'>])*>"
)

SlotFragment = dict[str, str | None]
Slots = dict[str, list[SlotFragment]]


class MisplacedSlot(Exception):
    """Raised when a slot stands where no text can stand, or when a page holds a slot that no template made."""


def slot_function(nonce: str) -> Callable[..., Markup]:
    """Return the template function `slot(name)`; it returns the markers of a slot, around its default content."""

    def slot(name: str, caller: Callable[[], str] | None = None) -> Markup:
        if not re.fullmatch(r"[a-z][a-z0-9-]*", name):
            raise ValueError(f"slot name {name!r}: lower-case letters, digits and hyphens")
        start, content = f"<!--slot:{sealed_name(name, nonce)}-->", caller() if caller else ""
        return Markup(f"{start}{content}<!--/slot-->")  # noqa: S704 - name is checked

    return slot


def sealed_name(name: str, nonce: str) -> str:
    """Return the name of a slot in pages and records."""
    return f"{name}-{nonce}"


def check_slots(html: str, nonce: str, page: str) -> None:
    """Raise MisplacedSlot unless each slot of a page stands in text and has the nonce.

    A slot in a tag, a comment or a raw text element would let a member's data leave the page, or become a script.
    """
    if (count := html.lower().count("<!--slot")) == 0:
        return
    if sum(1 for slot, _ in _pieces(nonce).findall(html) if slot) != count:
        raise MisplacedSlot(
            f"{page}: a slot stands in a tag, a comment, a script or a form field, or isn't the theme's"
        )


@lru_cache(maxsize=8)
def _pieces(nonce: str) -> re.Pattern[str]:
    """Return the pattern of what is no text; its first group is a slot with the nonce."""
    return re.compile(rf"((?-i:<!--slot:[a-z][a-z0-9-]*-{nonce}-->))|{_NO_TEXT}", re.DOTALL | re.IGNORECASE)


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
        "activity": view.activity,
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
