"""Redemption counts: the redemptions of the last days per offer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from members_portal.loyalty.offer_eligibility import CouponCodes
from members_portal.loyalty.programme.audience import STAFF
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs

REDEMPTION_DAYS = 30


@dataclass(frozen=True)
class RedemptionCount:
    """An offer, the number of redemptions, and the day of the last one; without a title, the offer has ended."""

    title: str
    url: str
    count: int
    last: date


def redemption_counts(inputs: Inputs, coupon_codes: CouponCodes | None) -> list[RedemptionCount]:
    """Count the redemptions of the last REDEMPTION_DAYS days per offer, the most frequent first.

    Redemptions that name no offer of today count together. Points given to a cause do not count.
    """
    offers = {item.slug: item for item in _offers_for_staff(inputs)}
    days = defaultdict[str, list[date]](list)
    for day, member, reference in _redemptions(inputs):
        days[redeemed_offer(reference, member, offers, coupon_codes)].append(day)
    found = [
        RedemptionCount(offers[slug].front.title, offers[slug].url, len(on), max(on))
        if slug
        else RedemptionCount("", "", len(on), max(on))
        for slug, on in days.items()
    ]
    return sorted(found, key=lambda each: (-each.count, each.title))


def redeemed_offer(reference: str | None, member: str, slugs: Collection[str], coupon_codes: CouponCodes | None) -> str:
    """Return the slug that the reference of a redemption names, as itself or by the member's code; empty if none."""
    if not reference or reference in slugs:
        return reference or ""
    code = reference.replace("-", "").upper()
    known = coupon_codes or (lambda _slug, _member: ())
    return next((slug for slug in slugs for each in known(slug, member) if each.replace("-", "") == code), "")


def _redemptions(inputs: Inputs) -> Iterator[tuple[date, str, str | None]]:
    """Yield day, member and reference of the last redemptions that were not undone."""
    if inputs.ledger is None:
        return
    first, causes = inputs.on - timedelta(days=REDEMPTION_DAYS - 1), {cause.key for cause in inputs.programme.causes}
    query = "select n, day, member, reference from line where kind = 'redemption' and day between ? and ?"
    for n, day, member, reference in inputs.ledger.rows(query, [first, inputs.on]):
        if n not in inputs.standings.undone and reference not in causes:
            yield day, member, reference


def _offers_for_staff(inputs: Inputs) -> list[Item]:
    items = inputs.library.items.values()
    return [item for item in items if isinstance(item.front, Offer) and item.visible_to(STAFF, inputs.on)]
