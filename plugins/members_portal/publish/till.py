"""What the press hands the portal about coupons: the till's data for the staff, and each member's own codes."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from members_portal.coupon.coupon_code import CouponOffer, coupon_code, till_key
from members_portal.coupon.redemption import Finding, MayUse, Redemption, check_redemptions, with_uses
from members_portal.loyalty.programme.audience import STAFF
from members_portal.portal.content.item import Item, Offer
from members_portal.portal.inputs import Inputs
from members_portal.publish.publish_error import PublishError
from members_portal.seal import Secret


def coupon_offers(inputs: Inputs, secret: Secret, redemptions: Iterable[Redemption] = ()) -> tuple[CouponOffer, ...]:
    """List the offers with coupons that staff may know of, those that are over among them."""
    offers = [_coupon_offer(item, inputs, secret) for item in coupon_items(inputs)]
    return with_uses(secret, offers, redemptions)


def till_settings(inputs: Inputs, secret: Secret, redemptions: Iterable[Redemption] = ()) -> dict[str, Any]:
    """Give the settings PORTAL_TILL and PORTAL_COUPONS; none when no offer has coupons."""
    offers = coupon_offers(inputs, secret, redemptions)
    slugs = {offer.slug for offer in offers if offer.ends >= inputs.on}

    def code_of(slug: str, member: str) -> str:
        return coupon_code(secret, slug, member) if slug in slugs else ""

    till = {"on": inputs.on, "offers": [_shown(offer, inputs.on) for offer in offers]}
    return {"PORTAL_TILL": till, "PORTAL_COUPONS": code_of} if offers else {}


def may_use(inputs: Inputs) -> MayUse:
    """Make the rule of whom an offer is for."""
    audiences = {item.slug: item.audience.readers for item in coupon_items(inputs)}
    editions = {member.id: member.edition for member in inputs.members}
    return lambda slug, member: editions[member] in audiences[slug]


def check_may_use(inputs: Inputs, offer: str, member: str) -> None:
    """Refuse a member who isn't on the roster, or whom the offer isn't for, with a PublishError."""
    if all(member != one.id for one in inputs.members):
        raise PublishError(f"no member has the id {member!r}")
    if not may_use(inputs)(offer, member):
        raise PublishError(f"the offer {offer} isn't for member {member}")


def ledger_redemptions(inputs: Inputs) -> list[Redemption]:
    """List the redemptions that the ledger holds up to the day the inputs are of."""
    if inputs.ledger is None:
        return []
    query = "select n, day, member, reference from line where kind = 'redemption' and day <= ?"
    return [Redemption(*row) for row in inputs.ledger.con.execute(query, [inputs.on]).fetchall()]


def ledger_findings(inputs: Inputs, secret: Secret) -> list[Finding]:
    """List what is wrong with the ledger's redemptions; an offer without coupons is redeemed by its name."""
    items = [item for item in inputs.library.items.values() if isinstance(item.front, Offer)]
    offers = [_coupon_offer(item, inputs, secret) for item in items]
    causes = {cause.key for cause in inputs.programme.causes}
    roster = [member.id for member in inputs.members]
    return check_redemptions(ledger_redemptions(inputs), offers, roster, secret, causes)


def find_coupon_offer(offers: Iterable[CouponOffer], slug: str) -> CouponOffer:
    """Return an offer with coupons by its file's name; raise PublishError."""
    named = {offer.slug: offer for offer in offers}
    if slug not in named:
        raise PublishError(f"no offer with coupons is called {slug!r}; there are: {', '.join(named) or 'none'}")
    return named[slug]


def coupon_items(inputs: Inputs) -> list[Item]:
    """List the items of these offers, by name."""
    items = [item for item in inputs.library.items.values() if isinstance(item.front, Offer) and item.front.coupon]
    since = {item.slug: item.visible_since(STAFF) for item in items}
    known = [item for item in items if (day := since[item.slug]) and day <= inputs.on]
    return sorted(known, key=lambda item: item.slug)


def _coupon_offer(item: Item, inputs: Inputs, secret: Secret) -> CouponOffer:
    """Read an offer; of one that expired no words are left in any edition, so the till has none either."""
    front = item.front
    assert isinstance(front, Offer)  # noqa: S101 - coupon_items gives no other kind
    key, name = till_key(secret, item.slug)
    gone = item.window.expires is not None and item.window.expires < inputs.on
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
        limit=front.limit,
        capacity=front.capacity,
        points=front.points or 0,
    )


def _shown(offer: CouponOffer, on: date) -> dict[str, Any]:
    """Write an offer for the page, less its name, which an offer that expired may not give away."""
    used = list(offer.used) if offer.ends >= on else []  # of what is over nobody asks who had it
    days = {"starts": offer.starts.isoformat(), "ends": offer.ends.isoformat()}
    shown = {name: value for name, value in vars(offer).items() if name != "slug"}
    return {**shown, **days, "key": offer.key.hex(), "used": used}
