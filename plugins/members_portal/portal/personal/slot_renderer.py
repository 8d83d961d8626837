"""The fragments of each member for the slots of a page, rendered by the theme's `slots/` templates.

They are sealed with the member's record. Work that members have in common is done once: templates are loaded once, and
the card of an offer is rendered once for all members with the same reason, price and uses left. Only its coupon code is
the member's own.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from jinja2 import Environment, Template
from markupsafe import Markup

from members_portal.inbox.guest_list import COMING
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.member.occasion import occasions
from members_portal.loyalty.period import DAY
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.statement.statement import Statement
from members_portal.portal.answering.answered_view import SHOWN_DAYS, confirmed_numbers
from members_portal.portal.content.item import Item
from members_portal.portal.personal.member_view import MemberView, ShownOffer
from members_portal.portal.personal.pass_source import PassSource
from members_portal.portal.personal.standing_part import standing_parts
from members_portal.portal.rendering.chart import CHART_SIZE, Chart, line_chart
from members_portal.portal.rendering.edition import Edition, RankedTier

PLAIN_SLOTS = ("greeting", "badge", "card", "manager", "account", "statement")
EARLIER_SLOT = "earlier"  # in a file of its own, since few pages show it
MOST_OFFERS = 4
ENDS_SOON = 14 * DAY  # as in `home.html`
CARDS_KEPT = 1 << 12  # cards of offers in memory: an offer with a price has one for each number of points that lack

_CODE = "\0"  # the place of the coupon code in a card; no text of an item contains it

SlotFragment = dict[str, str | None]
Slots = dict[str, list[SlotFragment]]


class LabelledMember:
    """A member with the labels of interests and consents instead of their keys."""

    def __init__(self, member: Member, programme: Programme) -> None:
        self._member = member
        self.interests = [programme.interests[key] for key in member.interests]
        self.consent = {label: member.consent.get(key, False) for key, label in programme.channels.items()}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._member, name)


class OwnTerms(NamedTuple):
    """What a member's own terms of an offer show: equal terms give equal HTML, but for the code.

    `points_name` is empty for a member without a statement, who sees no price.
    """

    slug: str
    ends: date
    missing: int
    left: int
    points_name: str
    has_code: bool


@dataclass(frozen=True)
class SlotEdition:
    """The member's edition as slot templates see it: without its items, so that slots do not depend on them."""

    name: str
    title: str
    rank: int | None
    tiers: tuple[RankedTier, ...]
    is_public: bool = False


class OfferCards:
    """Renders offers with `slots/offer.html` and `slots/terms.html`; these get nothing of a member but `OwnTerms`."""

    def __init__(self, env: Environment, base: Mapping[str, Any]) -> None:
        self._env, self._base = env, base
        self._kept: dict[tuple[object, ...], str] = {}
        self._code = lru_cache(64)(self._render_code)  # each is on several cards of one member

    def card(self, item: ShownOffer, edition: SlotEdition, points_name: str) -> Markup:
        """Return the card of a member's offer."""
        own = _own_terms(item, points_name)
        key = (edition.name, item.offer.why, own)
        if (card := self._kept.get(key)) is None:
            card = self._keep(key, self._render("offer", own, item, edition=edition))
        return self._with_code(card, item)

    def terms(self, item: ShownOffer, points_name: str) -> Markup:
        """Return the member's own terms of an offer: the price, the uses left, the code."""
        own = _own_terms(item, points_name)
        if (terms := self._kept.get((own,))) is None:
            terms = self._keep((own,), self._render("terms", own, item))
        return self._with_code(terms, item)

    def _keep(self, key: tuple[object, ...], html: str) -> str:
        if len(self._kept) >= CARDS_KEPT:
            self._kept.clear()
        return self._kept.setdefault(key, html.strip())

    def _with_code(self, html: str, item: ShownOffer) -> Markup:
        code = item.offer.coupon
        return Markup(html.replace(_CODE, self._code(code)) if code else html)  # noqa: S704 - escaped by templates

    def _render(self, template: str, own: OwnTerms, item: ShownOffer, **more: object) -> str:
        common = ShownOffer(item.shown, replace(item.offer, coupon=None))
        code = Markup(_CODE if own.has_code else "")  # noqa: S704 - a constant
        context = {**self._base, "item": common, "points_name": own.points_name, "code": code, **more}
        return self._env.get_template(f"slots/{template}.html").render(context)

    def _render_code(self, code: str) -> str:
        blocks: Any = self._env.get_template("blocks/coupon-code.html").module
        return str(blocks.coupon_code(code))


def _own_terms(item: ShownOffer, points_name: str) -> OwnTerms:
    offer = item.offer
    return OwnTerms(offer.slug, offer.ends, offer.missing, offer.left, points_name, bool(offer.coupon))


class SlotRenderer:
    """Renders the fragments of members on the day `on`; `base` is the context of all slot templates.

    `may_answer` maps an edition to the own parts of forms that only some editions may answer. With `keeps_day`, the
    fragments are those of this day, without dates: the browser does not choose by its own clock.
    """

    def __init__(
        self,
        env: Environment,
        programme: Programme,
        base: Mapping[str, Any],
        on: date,
        *,
        keeps_day: bool = False,
        passes: PassSource | None = None,
        may_answer: Mapping[str, Sequence[str]] = {},
    ) -> None:
        self._programme, self._on, self._keeps_day, self._passes = programme, on, keeps_day, passes
        self._base, self._may_answer = {**env.globals, **base}, may_answer
        self._template = lru_cache(None)(lambda name: env.get_template(f"slots/{name}.html"))
        self._cards = OfferCards(env, base)
        self._editions: dict[str, SlotEdition] = {}

    def slots(self, view: MemberView, letters: Sequence[Item] = ()) -> Slots:
        """Render every fragment of one member.

        `letters` are the issues that the member got as a letter; without any, there is no slot `letters`.
        """
        context = {**self._base, "letters": letters, **self._view_context(view)}
        slots: Slots = {name: [_fragment(self._render(name, context))] for name in PLAIN_SLOTS}
        slots |= self._standing_slots(view, context)
        slots["occasion"] = [
            _fragment(self._render("occasion", {**context, "occasion": occasion}), occasion.on, occasion.on)
            for occasion in occasions(view.member, self._on)
        ]
        slots["offers"] = [
            _fragment(self._render("offers", {**context, "offers": offers[:MOST_OFFERS]}), start, end)
            for start, end, offers in _offer_periods([offer for offer in view.offers if not offer.missing])
        ]
        slots["wallet"] = [
            _fragment(self._render("wallet", {**context, "offers": offers}), start, end)
            for start, end, offers in _offer_periods(view.usable)
        ]
        for offer in view.usable:
            slots[f"offer-{offer.slug}"] = [
                _fragment("", None, offer.starts - DAY),  # announced, but not valid yet
                _fragment(context["terms"](offer), offer.starts, offer.ends),
            ]
        slots["ends"] = [
            _fragment(self._render("ends", {**context, "item": offer}), offer.ends - ENDS_SOON, offer.ends)
            for offer in view.usable
            if offer.ends != offer.shown.ends
        ]
        if view.answer_key:
            slots["answering"] = [_fragment(self._render("answering", {**context, "answer_key": view.answer_key}))]
        if view.referral:
            link = f"{self._base['join']}#by={view.referral}"
            slots["referral"] = [_fragment(self._render("referral", {**context, "link": link}))]
        slots |= self._answered_slots(view, context)
        slots |= {name: [_fragment("")] for name in self._may_answer.get(view.edition.name, ())}
        if letters:
            slots["letters"] = [_fragment(self._render("letters", context))]
        if self._passes and (links := self._passes.links(view.member)):
            slots["passes"] = [_fragment(self._render("passes", {**context, "passes": links}))]
        return {name: _of_day(parts, self._on) for name, parts in slots.items()} if self._keeps_day else slots

    def _standing_slots(self, view: MemberView, context: dict[str, Any]) -> Slots:
        """Render where the member stands, what is missing for the next tier, and what was redeemed."""
        parts = standing_parts(view.statement)
        slots: Slots = {
            "standing": [
                _fragment(self._render("standing", {**context, "part": part.name}), part.first, part.last)
                for part in parts
            ]
        }
        if view.statement and (goal := view.statement.progress.next):
            slots[f"reach-{goal.tier}"] = [_fragment(self._render("reach", context), None, goal.by)]
        if view.activity and view.activity.redemptions:
            slots["used"] = [_fragment(self._render("used", context))]
        return slots

    def _answered_slots(self, view: MemberView, context: dict[str, Any]) -> Slots:
        """Render what came of the member's answers: on the pages of their forms, at home and in the account."""
        if not view.answered:
            return {}
        slots: Slots = {}
        for name in sorted({each.slot for each in view.answered if each.slot}):
            own = [each for each in view.answered if each.slot == name]
            slots[name] = [_fragment(self._render("answered", {**context, "answers": own}))]
        numbers = " ".join(confirmed_numbers(view.answered, self._on))
        slots["received"] = [_fragment(self._render("received", {**context, "numbers": numbers}))]
        slots["said"] = [_fragment(self._render("said", {**context, "answers": view.answered[::-1]}))]
        slots["expected"] = [
            _fragment(self._render("expected", {**context, "answer": each}), None, each.last_day)
            for each in view.answered
            if each.answer.state == COMING and each.last_day and each.last_day >= self._on
        ]
        thanks = {each.slot: each for answer in view.answered for each in answer.thanks if each.day <= self._on}
        for name, thank in thanks.items():
            slots[name] = [_fragment(self._render("thanks", {**context, "thank": thank, "is_home": False}))]
        slots["thanks"] = [
            _fragment(self._render("thanks", {**context, "thank": thank, "is_home": True}), thank.day, last)
            for thank in thanks.values()
            if (last := thank.day + SHOWN_DAYS * DAY) >= self._on
        ]
        return {name: fragments for name, fragments in slots.items() if fragments}

    def earlier(self, view: MemberView) -> str:
        """Render the lines of earlier years, for a file of their own; empty without any."""
        if not (view.statement and view.activity and view.activity.earlier):
            return ""
        own = {"earlier": view.activity.earlier, "points_name": view.statement.points_name}
        return self._render(EARLIER_SLOT, {**self._base, **own})

    def _render(self, name: str, context: dict[str, Any]) -> str:
        return _rendered(self._template(name), context).strip()

    def _edition(self, edition: Edition) -> SlotEdition:
        if edition.name not in self._editions:
            found = SlotEdition(edition.name, edition.title, edition.rank, edition.tiers)
            self._editions[edition.name] = found
        return self._editions[edition.name]

    def _view_context(self, view: MemberView) -> dict[str, Any]:
        member, statement, edition = view.member, view.statement, self._edition(view.edition)
        points_name = statement.points_name if statement else ""
        return {
            "member": LabelledMember(member, self._programme),
            "tier": _tier(edition),
            "edition": edition,
            "manager": self._programme.manager(member.manager_key),
            "statement": statement,
            "activity": view.activity,
            "chart": _chart(statement) if statement else None,
            "card": lambda item: self._cards.card(item, edition, points_name),
            "terms": lambda item: self._cards.terms(item, points_name),
        }


def _rendered(template: Template, values: dict[str, Any]) -> str:
    """Render a template with values that include the globals, which `Template.render` would copy each time."""
    environment = template.environment
    context = environment.context_class(environment, values, template.name, template.blocks)
    try:
        return "".join(template.root_render_func(context))
    except Exception:  # noqa: BLE001 - raised again, with the line of the template
        environment.handle_exception()


def _tier(edition: SlotEdition) -> RankedTier | None:
    return next((tier for tier in edition.tiers if tier.rank == edition.rank), None)


def _chart(statement: Statement) -> Chart | None:
    """Return the chart of the past months, which is the same on all days of a month; None without points in them."""
    points = [(month.on, month.points) for month in statement.history[:-1]]  # the last one is the day itself
    return line_chart(points, *CHART_SIZE) if any(count for _, count in points) else None


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
