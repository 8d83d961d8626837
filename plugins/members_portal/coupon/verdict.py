"""The verdict on a typed coupon code, as a till gives it offline.

theme/static/js/coupon.js is the twin for the till page: readCoupon, usesOf, judge.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from members_portal.coupon.coupon_code import (
    COUPON_LENGTH,
    GROUP,
    CouponOffer,
    coupon_mark,
    find_offer,
    read_characters,
)
from members_portal.seal import BadCode, read_code

Outcome = Literal[
    "valid",
    "mistyped",
    "access-code",
    "unknown",
    "early",
    "over",
    "used",
    "gone",
    "withdrawn",
    "stranger",
    "not-theirs",
]
PERIOD_LENGTHS = {"ever": 0, "year": 4, "month": 7, "day": 10}  # characters of YYYY-MM-DD


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
    earlier uses in the period of the limit; `member` is the owner, set by `verify_coupon` only.
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
    known, number = uses_of(offer, uses), offer.number_of(characters)
    own = (use.partition(" ")[2] for use in known if use.startswith(number))
    period = use_period(on.isoformat(), offer.per)
    days = tuple(day for day in own if use_period(day, offer.per) == period)
    is_theirs = offer.marks is None or coupon_mark(offer.key, number) in offer.marks
    outcome = judge(offer, on, len(days), len(known), is_theirs=is_theirs)
    return Verdict(outcome, offer=offer, days=days, characters=characters)


def use_period(day: str, per: str) -> str:
    """Return the calendar period of a day, written YYYY-MM-DD: two days are in one period if it is the same text."""
    if per == "quarter":
        return f"{day[:4]} {(int(day[5:7]) - 1) // 3}"
    return day[: PERIOD_LENGTHS[per]]


def uses_of(offer: CouponOffer, uses: Sequence[CouponUse]) -> list[str]:
    """Return the uses of an offer, as `CouponOffer.used`: those of the ledger, then those on this device only."""
    own = [f"{offer.number_of(use.characters)} {use.day}" for use in uses if use.offer == offer.id]
    return [*offer.used, *(use for use in own if use not in offer.used)]


def judge(offer: CouponOffer, on: date, by_member: int, in_all: int, *, is_theirs: bool = True) -> Outcome:
    """Return the outcome for a genuine code, from the number of earlier uses by its member in the period and in all.

    `is_theirs`: the member is in one of the offer's segments.
    """
    if on < offer.starts:
        return "early"
    if on > offer.ends:
        return "over"
    if not is_theirs:
        return "not-theirs"
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
