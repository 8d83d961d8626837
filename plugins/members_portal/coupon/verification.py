"""Verification of a code with the site secret and the roster, which a till has not."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from members_portal.coupon.coupon_code import CouponOffer, all_versions
from members_portal.coupon.redemption import Redemption, find_owners, in_period, read_reference, times_word, with_uses
from members_portal.coupon.verdict import Verdict, read_coupon
from members_portal.seal import Secret

MayUse = Callable[[str, str], bool]  # (offer slug, member id) -> whether the offer's audience includes the member


def allow_all(_offer: str, _member: str) -> bool:
    """Allow every member to use every offer."""
    return True


def verify_coupon(
    secret: Secret,
    text: str,
    offers: Sequence[CouponOffer],
    on: date,
    roster: Collection[str],
    redemptions: Iterable[Redemption] = (),
    may_use: MayUse = allow_all,
) -> Verdict:
    """Check a typed code against roster and ledger; the verdict contains the member if the code is genuine."""
    verdict = read_coupon(text, with_uses(secret, offers, redemptions), on)
    if verdict.outcome == "unknown" and (offer := read_reference(text, all_versions(secret, offers)).offer):
        return Verdict("withdrawn", offer=offer)
    if verdict.offer is None:
        return verdict
    slug, number = verdict.offer.slug, verdict.offer.number_of(verdict.characters)
    (owners,) = find_owners(secret, {(slug, number)}, roster).values() or [[]]
    if not owners:
        return replace(verdict, outcome="stranger")
    allowed = may_use(slug, owners[0])
    return replace(verdict, member=owners[0], outcome=verdict.outcome if allowed else "not-theirs")


def describe(verdict: Verdict) -> str:
    """Return a verdict as one line of text, without the code."""
    offer, outcome = verdict.offer, verdict.outcome
    if offer is None:
        where = f"; look at group {verdict.group}" if verdict.group else ""
        return {
            "mistyped": f"mistyped: this is not a valid coupon code{where}",
            "access-code": "not a coupon: this is a member's access code; keep it secret",
        }.get(outcome, "not ours: no offer here has this code")
    subject = f"{offer.slug}, member {verdict.member}" if verdict.member else offer.slug
    within = in_period(offer)
    used = f"; used {times_word(len(verdict.days))} of {offer.limit}{within}" if offer.limit > 1 else ""
    return {
        "valid": f"valid: {subject}; the offer ends on {offer.ends}{used}",
        "early": f"not yet: {subject}, from {offer.starts}",
        "over": f"over: {subject}, until {offer.ends}",
        "used": f"already used: {subject}, on {', '.join(verdict.days)}; {times_word(offer.limit)}{within} is allowed",
        "gone": f"all given: {subject}, there were {offer.capacity}",
        "withdrawn": f"withdrawn: {subject}, the till keys were renewed; the member's pages show the new code",
        "stranger": f"not ours: {subject}, but no member on the roster has this code",
        "not-theirs": f"not for this member on this day: {subject}, by the offer's audience or segments",
    }[outcome]
