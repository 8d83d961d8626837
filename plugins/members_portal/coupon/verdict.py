"""The verdict on a typed coupon code, as a till gives it offline.

theme/static/js/coupon.js is the twin for the till page: readCoupon, usesOf, judge.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from members_portal.coupon.coupon_code import COUPON_LENGTH, GROUP, NUMBER, CouponOffer, find_offer, read_characters
from members_portal.seal import BadCode, read_code

Outcome = Literal[
    "valid", "mistyped", "access-code", "unknown", "early", "over", "used", "gone", "stranger", "not-theirs"
]


@dataclass(frozen=True)
class CouponUse:
    """A use of a code, stored by a till's device: the offer's id, the 16 characters of the code, the day."""

    offer: str
    characters: str
    day: date


@dataclass(frozen=True)
class Verdict:
    """The result of checking a code.

    `group` is the number (1 to 4) of the group that contains a single wrong character, or 0; `days` are the days of
    earlier uses; `member` is the owner, set by `verify_coupon` only.
    """

    outcome: Outcome
    group: int = 0
    offer: CouponOffer | None = None
    days: tuple[str, ...] = ()
    characters: str = ""
    member: str | None = None


def read_coupon(text: str, offers: Iterable[CouponOffer], on: date, uses: Sequence[CouponUse] = ()) -> Verdict:
    """Check a typed code offline, as a till does; `uses` are the uses that this device stores."""
    try:
        characters = read_characters(text)
    except BadCode as error:
        return Verdict("access-code") if _is_access_code(text) else Verdict("mistyped", _group(error))
    offer = find_offer(characters, offers)
    if offer is None:
        return Verdict("unknown")
    known = uses_of(offer, uses)
    days = tuple(use.partition(" ")[2] for use in known if use.startswith(characters[:NUMBER]))
    return Verdict(judge(offer, on, len(days), len(known)), offer=offer, days=days, characters=characters)


def uses_of(offer: CouponOffer, uses: Sequence[CouponUse]) -> list[str]:
    """Return the uses of an offer, as `CouponOffer.used`: those of the ledger, then those on this device only."""
    own = [f"{use.characters[:NUMBER]} {use.day}" for use in uses if use.offer == offer.id]
    return [*offer.used, *(use for use in own if use not in offer.used)]


def judge(offer: CouponOffer, on: date, by_member: int, in_all: int) -> Outcome:
    """Return the outcome for a genuine code, from the number of earlier uses by its member and in all."""
    if on < offer.starts:
        return "early"
    if on > offer.ends:
        return "over"
    if by_member >= offer.limit:
        return "used"
    return "gone" if offer.capacity and in_all >= offer.capacity else "valid"


def _group(error: BadCode) -> int:
    return 0 if error.index is None or error.index >= COUPON_LENGTH else error.index // GROUP + 1


def _is_access_code(text: str) -> bool:
    try:
        return bool(read_code(text))
    except BadCode:
        return False
