"""Coupon codes: make and read them as COUPON.md specifies, in its order.

theme/static/js/coupon.js is the twin of this module and of verdict.py for the till page.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from members_portal.seal import BadCode, Secret
from members_portal.seal.key.binding import bind
from members_portal.seal.key.code_format import ALPHABET, LOGARITHMS, PAIRS, VALUES, WEIGHTS, normalise

COUPON_LENGTH, GROUP = 16, 4  # characters
NUMBER, SIGNATURE_LENGTH, MARK_LENGTH = 8, 6, 5  # characters; 5 bits each

_SIGNATURE_PREFIX = bind("coupon", "")  # the signed bytes are this prefix and the number
_MARK_PREFIX = bind("coupon mark", "")
_PAIR_SHIFTS = (30, 20, 10, 0)  # the bit offset of each pair of characters in 40 bits


@dataclass(frozen=True)
class CouponOffer:
    """The data of an offer that a till is given, and slug and version, which it is not given.

    `used` lists the uses in the ledger, each as `NUMBER YYYY-MM-DD`. `limit` is for each member and each calendar
    period `per`, `capacity` for all members. `marks` are those of the members in the offer's segments, None without
    segments. `renumbered` maps the numbers of former codes to the members' own. `version` is the version of `key`.
    """

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
    version: int = 1
    per: str = "ever"
    marks: tuple[str, ...] | None = None
    renumbered: Mapping[str, str] = field(default_factory=dict)

    def number_of(self, characters: str) -> str:
        """Return the number of a code; for a former code the member's own number."""
        number = characters[:NUMBER]
        return self.renumbered.get(number, number)


class TillKey(NamedTuple):
    """The key, 32 bytes, that signs the codes of one offer, and the offer's id, 8 hexadecimal digits."""

    key: bytes
    id: str


def till_key(secret: Secret, offer: str, version: int) -> TillKey:
    """Derive the till key of a version, and the id of an offer, from its slug."""
    return TillKey(secret.derive("coupon key", offer, str(version))[:32], secret.derive("coupon id", offer)[:4].hex())


def coupon_number(secret: Secret, offer: str, member: str) -> str:
    """Derive the 8 characters that identify a member within one offer."""
    return _characters(secret.derive("coupon number", offer, member), NUMBER)


def coupon_signature(key: bytes, number: str) -> str:
    """Sign a number with a till key: HMAC (RFC 2104), truncated to 6 characters as its section 5 allows."""
    # D(key, "coupon", number), without the search for a NUL: a number has none
    return _characters(hmac.digest(key, _SIGNATURE_PREFIX + number.encode(), "sha512"), SIGNATURE_LENGTH)


def coupon_mark(key: bytes, number: str) -> str:
    """Return the mark of a number: it is found in a list of marks, but does not give the number away."""
    return _characters(hmac.digest(key, _MARK_PREFIX + number.encode(), "sha512"), MARK_LENGTH + 1)[:MARK_LENGTH]


def _check_characters() -> dict[int, str]:
    """Return the two check characters by the pair of sums that they cancel."""
    left, right = WEIGHTS[COUPON_LENGTH - 2], WEIGHTS[COUPON_LENGTH - 1]
    return {left[a] ^ right[b]: ALPHABET[a] + ALPHABET[b] for a in range(32) for b in range(32)}


COUPON_CHECK_CHARACTERS = _check_characters()


def with_check(characters: str) -> str:
    """Append the two check characters to 14 characters."""
    return characters + COUPON_CHECK_CHARACTERS[_sums(characters)]


def coupon_code(secret: Secret, offer: str, member: str, version: int) -> str:
    """Return the code of a member (id) for an offer (slug) and a version, in four groups of four characters."""
    return signed_code(till_key(secret, offer, version).key, coupon_number(secret, offer, member))


def signed_code(key: bytes, number: str) -> str:
    """Return the code with a number, signed with a till key."""
    return format_coupon(with_check(number + coupon_signature(key, number)))


def format_coupon(characters: str) -> str:
    """Return a code in its written form: groups of four characters, joined by hyphens."""
    return "-".join(characters[start : start + GROUP] for start in range(0, COUPON_LENGTH, GROUP))


def read_characters(text: str) -> str:
    """Return the 16 characters of a typed code; raise BadCode, with a single wrong character located."""
    characters = normalise(text)
    wrong = next((index for index, character in enumerate(characters) if character not in VALUES), None)
    sums = 0
    if wrong is None and len(characters) == COUPON_LENGTH:
        sums = _sums(characters)
        if not sums:
            return characters
    if sums >> 5 and sums & 31:
        wrong = (LOGARITHMS[sums & 31] - LOGARITHMS[sums >> 5]) % 31  # a^i = second / first
    raise BadCode("this coupon code is mistyped", wrong)


def all_versions(secret: Secret, offers: Iterable[CouponOffer]) -> list[CouponOffer]:
    """Return the offers with their keys, then with the keys of earlier versions, the latest first."""
    offers = list(offers)
    earlier = [(offer, version) for offer in offers for version in range(offer.version - 1, 0, -1)]
    return offers + [
        replace(offer, key=till_key(secret, offer.slug, version).key, version=version) for offer, version in earlier
    ]


def find_offer(characters: str, offers: Iterable[CouponOffer]) -> CouponOffer | None:
    """Return the offer with the key that made the signature of a code; None if no key did."""
    number, signature = characters[:NUMBER], characters[NUMBER : NUMBER + SIGNATURE_LENGTH]
    for offer in offers:
        if coupon_signature(offer.key, number) == signature:
            return offer
    return None


def _sums(characters: str) -> int:
    """Return both check sums as one number, `first << 5 | second`."""
    sums = 0
    for weight, character in zip(WEIGHTS, characters, strict=False):  # WEIGHTS has 27 places, as an access code
        sums ^= weight[VALUES[character]]
    return sums


def _characters(material: bytes, count: int) -> str:
    bits = int.from_bytes(material[:5], "big")
    return "".join([PAIRS[bits >> shift & 1023] for shift in _PAIR_SHIFTS[: count // 2]])
