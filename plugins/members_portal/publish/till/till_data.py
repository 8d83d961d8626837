"""Coupon data for the pages: the till's data for staff, and each member's codes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from members_portal.coupon.coupon_code import CouponOffer, coupon_number, signed_code, till_key
from members_portal.coupon.redemption import Redemption, RedemptionFinding, check_redemptions, with_uses
from members_portal.coupon.verification import MayUse
from members_portal.loyalty.member.member import present_ids
from members_portal.loyalty.programme.audience import STAFF
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.publish.publish_error import PublishError, UnknownMember
from members_portal.publish.till.coupon_segments import outside_segments, with_marks
from members_portal.seal import Secret
from members_portal.work_record import WorkRecord


def coupon_offers(inputs: Inputs, secret: Secret, redemptions: Iterable[Redemption] = ()) -> tuple[CouponOffer, ...]:
    """Return the offers with coupons that are visible to staff, including expired ones."""
    former = present_ids(inputs.members)
    offers = [_coupon_offer(item, inputs, secret, former) for item in coupon_items(inputs)]
    return with_uses(secret, offers, redemptions)


def till_offers(inputs: Inputs, secret: Secret, redemptions: Iterable[Redemption] = ()) -> tuple[CouponOffer, ...]:
    """Return the offers of `coupon_offers` as a till needs them, with the marks of their segments."""
    return with_marks(coupon_offers(inputs, secret, redemptions), inputs, secret)


def till_settings(inputs: Inputs, secret: Secret, redemptions: Iterable[Redemption] = ()) -> dict[str, Any]:
    """Return the settings PORTAL_TILL and PORTAL_COUPONS; empty when no offer has coupons."""
    offers = till_offers(inputs, secret, redemptions)
    slugs = {offer.slug for offer in offers if offer.ends >= inputs.on}
    versions = range(inputs.programme.coupon_version, 0, -1)
    keys = {slug: [till_key(secret, slug, version).key for version in versions] for slug in slugs}

    def codes_of(slug: str, member: str) -> tuple[str, ...]:
        if slug not in keys:
            return ()
        number = coupon_number(secret, slug, member)
        return tuple(signed_code(key, number) for key in keys[slug])

    till = {"on": inputs.on, "offers": [_shown(offer, inputs.on) for offer in offers]}
    return {"PORTAL_TILL": till, "PORTAL_COUPONS": codes_of} if offers else {}


def may_use(inputs: Inputs) -> MayUse:
    """Return the predicate that tests whether a member belongs to an offer's audience."""
    audiences = {item.slug: item.audience.readers for item in coupon_items(inputs)}
    editions = {member.id: member.edition for member in inputs.members}
    return lambda slug, member: editions[member] in audiences[slug]


def check_may_use(inputs: Inputs, offer: str, member: str) -> None:
    """Raise PublishError for a member outside the roster or outside the offer's audience."""
    if member not in (roster := [one.id for one in inputs.members]):
        raise UnknownMember(member, roster)
    if not may_use(inputs)(offer, member):
        raise PublishError(f"the offer {offer} isn't for member {member}")


def ledger_redemptions(inputs: Inputs) -> list[Redemption]:
    """Return the ledger's redemptions up to the day of the inputs, without those that were undone."""
    undone = inputs.standings.undone
    return [redemption for redemption in booked_redemptions(inputs) if redemption.line not in undone]


def booked_redemptions(inputs: Inputs) -> list[Redemption]:
    """Return the ledger's redemptions up to the day of the inputs, also those that were undone."""
    if inputs.ledger is None:
        return []
    query = "select n, day, member, reference from line where kind = 'redemption' and day <= ?"
    return [Redemption(*row) for row in inputs.ledger.rows(query, [inputs.on])]


def ledger_findings(
    inputs: Inputs, secret: Secret, record: WorkRecord | None = None, code: bytes = b""
) -> list[RedemptionFinding]:
    """Return the invalid redemptions of the ledger; an offer without coupons is redeemed by its slug."""
    items = [item for item in inputs.library.items.values() if isinstance(item.front, Offer)]
    former = present_ids(inputs.members)
    offers = [_coupon_offer(item, inputs, secret, former) for item in items]
    causes = {cause.key for cause in inputs.programme.causes}
    roster = [member.id for member in inputs.members]
    outside = outside_segments(inputs, record, code)
    return check_redemptions(ledger_redemptions(inputs), offers, roster, secret, causes, outside=outside)


def find_coupon_offer(offers: Iterable[CouponOffer], slug: str) -> CouponOffer:
    """Return an offer with coupons by its slug; raise PublishError when there is none."""
    named = {offer.slug: offer for offer in offers}
    if slug not in named:
        raise PublishError(f"no offer with coupons is called {slug!r}; there are: {', '.join(named) or 'none'}")
    return named[slug]


def coupon_items(inputs: Inputs) -> list[Item]:
    """Return the items of offers with coupons that are visible to staff, sorted by slug."""
    items = [item for item in inputs.library.items.values() if isinstance(item.front, Offer) and item.front.coupon]
    since = {item.slug: item.visible_since(STAFF) for item in items}
    known = [item for item in items if (day := since[item.slug]) and day <= inputs.on]
    return sorted(known, key=lambda item: item.slug)


def _coupon_offer(item: Item, inputs: Inputs, secret: Secret, former: Mapping[str, str]) -> CouponOffer:
    """Return an offer for the till; an expired item has no texts: no edition shows them either."""
    front = item.front
    assert isinstance(front, Offer)  # noqa: S101 - callers pass items of offers
    key, name = till_key(secret, item.slug, inputs.programme.coupon_version)
    gone = item.expires is not None and item.expires < inputs.on
    title, value, redeem, terms = ("",) * 4 if gone else (front.title, front.value, front.redeem, front.terms)
    return CouponOffer(
        slug=item.slug,
        id=name,
        key=key,
        title=title,
        value=value,
        redeem=redeem,
        terms=terms,
        starts=front.starts,
        ends=front.ends,
        limit=front.limit.uses,
        per=front.limit.per,
        capacity=front.capacity,
        points=front.points or 0,
        version=inputs.programme.coupon_version,
        renumbered=_renumbered(item.slug, former, secret),
    )


def _renumbered(slug: str, former: Mapping[str, str], secret: Secret) -> dict[str, str]:
    """Return the numbers of former codes with the members' own numbers; `former` maps ids to present ones."""
    return {coupon_number(secret, slug, each): coupon_number(secret, slug, present) for each, present in former.items()}


def _shown(offer: CouponOffer, on: date) -> dict[str, Any]:
    """Serialise an offer for the till; omit the version, and the slug: it would reveal an expired offer."""
    used = list(offer.used) if offer.ends >= on else []  # an ended offer needs no check for repeated use
    days = {"starts": offer.starts.isoformat(), "ends": offer.ends.isoformat()}
    shown = {name: value for name, value in vars(offer).items() if name not in {"slug", "version"}}
    users = {use.partition(" ")[0] for use in used}  # numbers of other members would tell the till their codes
    renumbered = {former: own for former, own in offer.renumbered.items() if own in users}
    return {**shown, **days, "key": offer.key.hex(), "used": used, "renumbered": renumbered}
