"""Member view: the edition, the statement, its activity and the offers of one member, as templates see them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.offer_eligibility import CouponCodes, Customer, OfferTerms, usable_offers
from members_portal.loyalty.standings import Standings
from members_portal.loyalty.statement.statement import (
    SPENDING,
    MemberOffer,
    Statement,
    StatementLine,
    make_statement,
)
from members_portal.portal.answering.answered_view import AnsweredView
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.item import Item, Shown
from members_portal.portal.rendering.edition import Edition

NEWEST = 12  # lines of activity; the older ones are folded


class ShownOffer:
    """An offer as its page shows it, with the member's own attributes: `why`, `coupon`, `missing`, `left`."""

    def __init__(self, shown: Shown, offer: MemberOffer) -> None:
        self.__dict__ |= vars(offer)
        self.shown, self.offer = shown, offer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.shown, name)

    def __getitem__(self, name: str) -> Any:
        """Return an attribute: filters such as `selectattr` ask for an item first."""
        return getattr(self, name)

    __iter__ = None


@dataclass(frozen=True)
class Activity:
    """The lines of a statement, newest first, with names as references; the `amount` of a refund is negative.

    `earlier` are those before the years that the programme shows.
    """

    newest: tuple[StatementLine, ...]
    older: tuple[StatementLine, ...]
    earlier: tuple[StatementLine, ...] = ()

    @cached_property
    def redemptions(self) -> tuple[StatementLine, ...]:
        """The redemptions of the years shown."""
        return tuple(line for line in (*self.newest, *self.older) if line.kind == "redemption")


@dataclass(frozen=True)
class MemberView:
    """One member with edition, statement and offers; without rules and ledger, there is no statement or activity.

    `usable` are all offers that the member may use, `offers` those that fit. `answer_key` (base64url) signs the answers
    of the member; empty where nothing can be answered. `answered` are the answers that were received,
    `referral` is the code in the member's link for new members.
    """

    member: Member
    edition: Edition
    statement: Statement | None
    activity: Activity | None
    usable: tuple[ShownOffer, ...]
    answer_key: str = field(default="", repr=False)
    answered: tuple[AnsweredView, ...] = ()
    referral: str = field(default="", repr=False)

    @property
    def offers(self) -> tuple[ShownOffer, ...]:
        return tuple(offer for offer in self.usable if offer.why)


class EditionOffers:
    """The offers of an edition by slug, their terms, and the titles that stand for their slugs in a statement."""

    def __init__(self, edition: Edition) -> None:
        self.shown = {item.slug: item for item in edition.items.values() if isinstance(item.item.front, Offer)}
        self.titles = {slug: item.title for slug, item in self.shown.items()}

    @cached_property
    def terms(self) -> list[OfferTerms]:
        return [_terms(item) for item in self.shown.values()]


class MemberViewBuilder:
    """Builds member views; `editions` are by name.

    The uses of each offer by all members are counted once, or known already (`used`).
    """

    def __init__(
        self,
        standings: Standings,
        items: Iterable[Item],
        editions: Mapping[str, Edition],
        coupon_codes: CouponCodes | None = None,
        *,
        used: Mapping[str, int] | None = None,
        answer_key: Callable[[Member], str] | None = None,
        answered: Callable[[Member], tuple[AnsweredView, ...]] | None = None,
        referral: Callable[[Member], str] | None = None,
    ) -> None:
        self.standings, self.editions, self.coupon_codes = standings, editions, coupon_codes
        self.answer_key, self.answered = answer_key or (lambda _: ""), answered or (lambda _: ())
        self.referral = referral or (lambda _: "")
        self._offers = {name: EditionOffers(edition) for name, edition in editions.items()}
        self.used = used if used is not None else self._all_uses(items)

    def offers_of(self, member: Member) -> EditionOffers:
        """Return the offers of a member's edition."""
        return self._offers[member.edition]

    def titles(self, reader: str) -> Mapping[str, str]:
        """Return the titles of the offers of an edition, by slug."""
        return self._offers[reader].titles

    def _all_uses(self, items: Iterable[Item]) -> dict[str, int]:
        return {item.slug: self._uses(item.slug, item.front) for item in items if isinstance(item.front, Offer)}

    def _uses(self, slug: str, offer: Offer) -> int:
        """Count the redemptions of an offer, by its slug or any coupon code; 0 where it has no capacity to check."""
        used = self.standings.used
        if not offer.capacity or not used:
            return 0
        known = self.coupon_codes or _no_codes
        codes = {code for member in self.standings.members for code in known(slug, member.id)}
        return sum(used.get(reference, 0) for reference in {slug, *codes})

    def build(self, member: Member) -> MemberView:
        """Return the view of a member in the member's edition."""
        standings, edition = self.standings, self.editions[member.edition]
        own = self._offers[member.edition]
        account, segments = standings.accounts.get(member.id), standings.segments.get(member.id, ())
        customer = Customer(member, standings.on, account, segments)
        usable = usable_offers(customer, own.terms, standings.programme, self.used, self.coupon_codes)
        shown = tuple(ShownOffer(own.shown[offer.slug], offer) for offer in usable)
        statement = make_statement(member, standings, [offer for offer in usable if offer.why])
        since = standings.programme.statement.since(standings.on)
        activity = activity_of(statement, own.titles, since) if statement else None
        sent = self.answer_key(member), self.answered(member), self.referral(member)
        return MemberView(member, edition, statement, activity, shown, *sent)


def activity_of(statement: Statement, titles: Mapping[str, str], since: date = date.min) -> Activity:
    """Return the lines of a statement as pages show them; `titles` are those of the edition's offers, by slug.

    Lines before the day `since` are the earlier ones.
    """
    names = {**{cause.key: cause.name for cause in statement.causes}, **titles}
    lines = tuple(_as_shown(line, names) for line in statement.activity)
    present, earlier = (tuple(line for line in lines if (line.day >= since) == is_shown) for is_shown in (True, False))
    return Activity(present[:NEWEST], present[NEWEST:], earlier)


def _as_shown(line: StatementLine, names: Mapping[str, str]) -> StatementLine:
    """Show the name of a cause or offer, else the reference itself, but not that of a redemption."""
    # The reference of a redemption or its reversal may be a coupon code, and by mistake another member's.
    reference = names.get(line.reference or "", None if line.kind in SPENDING else line.reference)
    amount = -line.amount if line.amount is not None and line.kind == "refund" else line.amount
    is_same = reference == line.reference and amount == line.amount
    return line if is_same else replace(line, reference=reference, amount=amount)


def _no_codes(_slug: str, _member: str) -> tuple[str, ...]:
    return ()


def _terms(shown: Shown) -> OfferTerms:
    front, label = shown.item.front, shown.audience_label
    assert isinstance(front, Offer)  # noqa: S101 - build() selects offers only
    return OfferTerms(
        slug=shown.item.slug,
        title=front.title,
        value=front.value,
        starts=front.starts,
        ends=front.ends,
        audience="everybody" if shown.item.audience.is_public else label[:1].lower() + label[1:],
        interests=front.interests,
        segments=front.segments,
        limit=front.limit.uses,
        per=front.limit.per,
        capacity=front.capacity,
        points=front.points,
        coupon=front.coupon,
    )
