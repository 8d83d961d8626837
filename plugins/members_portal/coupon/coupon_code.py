"""Coupon codes, as COUPON.md says. From `read_coupon` to `judge` it is the twin of theme/static/js/till.js."""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from members_portal.seal import BadCode, Secret, read_code
from members_portal.seal.key.binding import bind
from members_portal.seal.key.code_format import ALPHABET, LOGARITHMS, PAIRS, VALUES, WEIGHTS, normalise

LENGTH, GROUP = 16, 4  # letters
NUMBER, SIGNATURE = 8, 6  # letters; 5 bits each

_SIGNED = bind("coupon", "")  # what a number follows when it is signed
_SHIFTS = (30, 20, 10, 0)  # of two letters at once in 40 bits, which are the most that letters are made of

Outcome = Literal[
    "valid", "mistyped", "access-code", "unknown", "early", "over", "used", "gone", "stranger", "not-theirs"
]


@dataclass(frozen=True)
class CouponOffer:
    """An offer as a till knows it; `slug` stays here, `used` are uses in the ledger (`NUMBER YYYY-MM-DD`)."""

    slug: str
    id: str
    key: bytes
    title: str
    value: str
    redeem: str
    terms: str
    starts: date
    ends: date
    limit: int
    capacity: int | None
    points: int
    used: tuple[str, ...] = ()


@dataclass(frozen=True)
class Use:
    """A use of a code that a device remembers: the offer's id, the 16 letters, the day."""

    offer: str
    letters: str
    day: date


@dataclass(frozen=True)
class Verdict:
    """What came of reading a code; `group` counts from 1 (0: unsure), `days` are those of earlier uses.

    `member` is whose it is, where the roster was asked.
    """

    outcome: Outcome
    group: int = 0
    offer: CouponOffer | None = None
    days: tuple[str, ...] = ()
    letters: str = ""
    member: str | None = None


def _check_letters() -> dict[int, str]:
    """List the two letters that bring each pair of sums back to zero."""
    left, right = WEIGHTS[LENGTH - 2], WEIGHTS[LENGTH - 1]
    return {left[a] ^ right[b]: ALPHABET[a] + ALPHABET[b] for a in range(32) for b in range(32)}


CHECK_LETTERS = _check_letters()


def coupon_code(secret: Secret, offer: str, member: str) -> str:
    """Write a member's code for an offer in four groups of four; both by their names."""
    letters = coupon_number(secret, offer, member)
    letters += coupon_signature(till_key(secret, offer)[0], letters)
    return format_coupon(with_check(letters))


def coupon_number(secret: Secret, offer: str, member: str) -> str:
    """Derive the 8 letters that stand for a member in one offer."""
    return _letters(secret.derive("coupon number", offer, member), NUMBER)


def with_check(letters: str) -> str:
    """Complete 14 letters by the two that check them."""
    return letters + CHECK_LETTERS[_sums(letters)]


def till_key(secret: Secret, offer: str) -> tuple[bytes, str]:
    """Derive the key that tells an offer's codes from any other, and the id that names the offer beside it."""
    material = secret.derive("coupon key", offer)
    return material[:32], material[32:36].hex()


def format_coupon(letters: str) -> str:
    """Write a code as people see it."""
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def read_coupon(text: str, offers: Iterable[CouponOffer], on: date, uses: Sequence[Use] = ()) -> Verdict:
    """Judge a code as people write it, as a till without a network does; `uses` are those of this device."""
    try:
        letters = read_characters(text)
    except BadCode as error:
        return Verdict("access-code") if _is_access_code(text) else Verdict("mistyped", _group(error))
    offer = find_offer(letters, offers)
    if offer is None:
        return Verdict("unknown")
    known = uses_of(offer, uses)
    days = tuple(use.partition(" ")[2] for use in known if use.startswith(letters[:NUMBER]))
    return Verdict(judge(offer, on, len(days), len(known)), offer=offer, days=days, letters=letters)


def read_characters(text: str) -> str:
    """Read a code as people write it into its 16 letters; raise BadCode for one with a slip."""
    letters = normalise(text)
    wrong = next((index for index, letter in enumerate(letters) if letter not in VALUES), None)
    sums = 0
    if wrong is None and len(letters) == LENGTH:
        sums = _sums(letters)
        if not sums:
            return letters
    if sums >> 5 and sums & 31:
        wrong = (LOGARITHMS[sums & 31] - LOGARITHMS[sums >> 5]) % 31  # a^i = second / first
    raise BadCode("this coupon code is mistyped", wrong)


def find_offer(letters: str, offers: Iterable[CouponOffer]) -> CouponOffer | None:
    """Find the offer whose key made the signature."""
    number, signed = letters[:NUMBER], letters[NUMBER : NUMBER + SIGNATURE]
    for offer in offers:
        if coupon_signature(offer.key, number) == signed:
            return offer
    return None


def coupon_signature(key: bytes, number: str) -> str:
    """Sign a number with an offer's key: HMAC (RFC 2104), cut to 6 letters as its section 5 allows."""
    # D(key, "coupon", number), without looking for a NUL in eight letters
    return _letters(hmac.digest(key, _SIGNED + number.encode(), "sha512"), SIGNATURE)


def uses_of(offer: CouponOffer, uses: Sequence[Use]) -> list[str]:
    """List the uses of an offer: the ledger's, and those of this device that it doesn't hold yet."""
    own = [f"{use.letters[:NUMBER]} {use.day}" for use in uses if use.offer == offer.id]
    return [*offer.used, *(use for use in own if use not in offer.used)]


def judge(offer: CouponOffer, on: date, often: int, given: int) -> Outcome:
    """Judge a genuine code that was used so often, of an offer that was given so often."""
    if on < offer.starts:
        return "early"
    if on > offer.ends:
        return "over"
    if often >= offer.limit:
        return "used"
    return "gone" if offer.capacity and given >= offer.capacity else "valid"


def _sums(letters: str) -> int:
    """Add up both check sums, `first << 5 | second`."""
    sums = 0
    for weight, letter in zip(WEIGHTS, letters, strict=False):  # an access code has more places
        sums ^= weight[VALUES[letter]]
    return sums


def _letters(material: bytes, count: int) -> str:
    bits = int.from_bytes(material[:5], "big")
    return "".join([PAIRS[bits >> shift & 1023] for shift in _SHIFTS[: count // 2]])


def _group(error: BadCode) -> int:
    return 0 if error.index is None or error.index >= LENGTH else error.index // GROUP + 1


def _is_access_code(text: str) -> bool:
    try:
        return bool(read_code(text))
    except BadCode:
        return False
