"""Member view: the edition, the statement and the offers of one member, as templates see them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.offer_eligibility import CouponCodes, Customer, OfferTerms, offers_for
from members_portal.loyalty.standings import Standings
from members_portal.loyalty.statement.statement import MemberOffer, Statement, make_statement
from members_portal.portal.content.item import Item, Offer, Shown
from members_portal.portal.rendering.edition import Edition


class ShownOffer:
    """An offer as its page shows it, with the member's own attributes: `why`, `coupon`, `missing`, `left`."""

    def __init__(self, shown: Shown, offer: MemberOffer) -> None:
        self.shown, self.offer = shown, offer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.offer if name in MemberOffer.__dataclass_fields__ else self.shown, name)


@dataclass(frozen=True)
class MemberView:
    """One member with edition, statement and offers; `statement` is None without rules and ledger."""

    member: Member
    edition: Edition
    statement: Statement | None
    offers: tuple[ShownOffer, ...]


class MemberViewBuilder:
    """Builds member views. The uses of each offer by all members are counted once."""

    def __init__(self, standings: Standings, items: Iterable[Item], coupon_codes: CouponCodes | None = None) -> None:
        self.standings, self.coupon_codes = standings, coupon_codes
        self.used = {item.slug: self._uses(item.slug, item.front) for item in items if isinstance(item.front, Offer)}

    def _uses(self, slug: str, offer: Offer) -> int:
        """Count the redemptions of an offer, by its slug or any coupon code; 0 where it has no capacity to check."""
        used = self.standings.used
        if not offer.capacity or not used:
            return 0
        known = self.coupon_codes or _no_codes
        codes = {code for member in self.standings.members for code in known(slug, member.id)}
        return sum(used.get(reference, 0) for reference in {slug, *codes})

    def build(self, member: Member, edition: Edition) -> MemberView:
        """Return the view of a member in an edition."""
        standings = self.standings
        shown = {item.slug: item for item in edition.items.values() if isinstance(item.item.front, Offer)}
        account, segments = standings.accounts.get(member.id), standings.segments.get(member.id, ())
        customer = Customer(member, standings.on, account, segments)
        terms = [_terms(item) for item in shown.values()]
        offers = offers_for(customer, terms, standings.programme, self.used, self.coupon_codes)
        own = tuple(ShownOffer(shown[offer.slug], offer) for offer in offers)
        return MemberView(member, edition, make_statement(member, standings, offers), own)


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
