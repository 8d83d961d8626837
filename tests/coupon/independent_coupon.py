"""Coupon codes, written from COUPON.md alone; the check is found by trying. Imports nothing from `members_portal`."""

from __future__ import annotations

import hmac
import random
from collections.abc import Iterator
from itertools import product
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SECRET = bytes(range(7, 39))
ACCESS_CODE = "NH7-YQ1-4M4-WGV-PCW-MPH-JA7-R50-4FM"  # of member M-1 on a site with this secret, version 1


def derive(key: bytes, *parts: str) -> bytes:
    return hmac.digest(key, "\0".join(("portal-release/1", *parts)).encode(), "sha512")


def characters(material: bytes, count: int) -> str:
    bits = "".join(f"{byte:08b}" for byte in material)
    return "".join(ALPHABET[int(bits[5 * i : 5 * i + 5], 2)] for i in range(count))


def times(left: int, right: int) -> int:
    """Multiply in GF(32): polynomials over GF(2), modulo x^5 + x^2 + 1."""
    product_ = 0
    for bit in range(5):
        product_ ^= (left << bit) if right >> bit & 1 else 0
    for bit in (8, 7, 6, 5):
        product_ ^= (0b100101 << (bit - 5)) if product_ >> bit & 1 else 0
    return product_


def is_whole(code: str) -> bool:
    """Return whether both sums of 16 characters are zero."""
    first = second = 0
    for character in reversed(code):  # by Horner's rule
        first, second = first ^ ALPHABET.index(character), times(second, 2) ^ ALPHABET.index(character)
    return len(code) == 16 and first == second == 0


def complete(data: str) -> str:
    """Return 14 characters with the check characters that make both sums zero."""
    return next(code for pair in product(ALPHABET, repeat=2) if is_whole(code := data + "".join(pair)))


def number(offer: str, member: str) -> str:
    return characters(derive(SECRET, "coupon number", offer, member), 8)


def till(offer: str, version: int = 1) -> tuple[str, str]:
    """Return the till key and the id of an offer, in hexadecimal."""
    key, name = derive(SECRET, "coupon key", offer, str(version)), derive(SECRET, "coupon id", offer)
    return key[:32].hex(), name[:4].hex()


def make(offer: str, member: str, version: int = 1) -> str:
    own = number(offer, member)
    code = complete(own + characters(derive(bytes.fromhex(till(offer, version)[0]), "coupon", own), 6))
    return "-".join(code[i : i + 4] for i in (0, 4, 8, 12))


def wrong_group(code: str) -> int:
    """Return the group of the single character to change for a valid code; 0 if there is none."""
    for place, character in product(range(16), ALPHABET):
        if is_whole(code[:place] + character + code[place + 1 :]):
            return place // 4 + 1
    return 0


# Vectors: what a till says of these texts on a day

DAY = "2026-11-21"
WINDOWS: dict[str, dict[str, Any]] = {
    "tall-kettle": {"starts": "2026-11-01", "ends": "2026-11-21"},
    "second-cup": {"starts": "2026-11-21", "ends": "2027-01-31", "limit": 3},
    "summer-tin": {"starts": "2026-06-01", "ends": "2026-11-20"},
    "winter-box": {"starts": "2026-11-22", "ends": "2026-12-24"},
    "eleven-grinders": {"starts": "2026-01-01", "ends": "2026-12-31", "capacity": 4},
    "two-seats": {"starts": "2026-01-01", "ends": "2026-12-31", "capacity": 2},
    "birthday-bag": {"starts": "2025-01-01", "ends": "2027-12-31", "per": "year"},
    "quarter-box": {"starts": "2026-01-01", "ends": "2026-12-31", "per": "quarter"},
    "month-cup": {"starts": "2026-01-01", "ends": "2026-12-31", "limit": 2, "per": "month"},
    "day-roll": {"starts": "2026-01-01", "ends": "2026-12-31", "per": "day"},
    "old-numbers": {"starts": "2026-01-01", "ends": "2026-12-31", "capacity": 6},
}
IN_SEGMENTS = {
    "birthday-bag": ["M-1", "M-3", "M-4"],
    "day-roll": [],
    "old-numbers": ["M-1", "M-2", "M-3", "O-3", "M-5"],
}
FORMERLY = {"O-1": "M-1", "O-2": "M-1", "O-5": "M-5"}  # of members with a use; O-3 was M-3, without a use
USED = {
    "tall-kettle": ["M-2 2026-11-03"],
    "second-cup": ["M-3 2026-11-21", "M-3 2026-11-21", "M-4 2026-11-21"],
    "eleven-grinders": ["M-7 2026-02-01", "M-8 2026-03-01"],
    "two-seats": ["M-1 2026-02-01", "M-2 2026-02-01"],
    "birthday-bag": ["M-1 2025-11-21", "M-3 2026-03-05", "M-5 2025-03-05", "M-5 2026-03-05"],
    "quarter-box": ["M-1 2026-09-30", "M-2 2026-10-01", "M-3 2025-11-21"],
    "old-numbers": ["M-1 2026-02-01", "M-2 2026-03-01", "M-5 2026-03-02"],
    "month-cup": ["M-1 2026-10-31", "M-1 2026-10-31", "M-2 2026-11-01", "M-2 2026-11-20", "M-3 2026-11-01"],
}
ON_DEVICE = [
    ("tall-kettle", "M-5", "2026-11-20"),
    ("tall-kettle", "M-2", "2026-11-03"),  # in the ledger as well
    ("second-cup", "M-3", "2026-11-22"),
    ("second-cup", "M-6", "2026-11-21"),
    ("second-cup", "M-6", "2026-11-21"),  # twice on one day: both count
    ("eleven-grinders", "M-9", "2026-04-01"),
    ("birthday-bag", "M-4", "2026-11-20"),
    ("no-such-offer", "M-9", "2026-04-01"),
    ("old-numbers", "O-1", "2026-02-01"),  # in the ledger as well
    ("old-numbers", "O-2", "2026-11-21"),
    ("old-numbers", "O-5", "2026-11-20"),
]


def vectors() -> dict[str, Any]:
    """Return all vectors."""
    cases = [{"text": text, "says": says} for text, says in _cases(random.Random(16))]
    uses = [{"offer": till(slug)[1], "letters": _code(slug, who), "day": day} for slug, who, day in ON_DEVICE]
    return {"on": DAY, "offers": [_offer(slug) for slug in WINDOWS], "uses": uses, "cases": cases}


def _offer(slug: str) -> dict[str, Any]:
    key, name = till(slug)
    used = [f"{number(slug, use.split()[0])} {use.split()[1]}" for use in USED.get(slug, [])]
    words = {"title": slug, "value": "5 %", "redeem": "", "terms": "", "limit": 1, "capacity": None, "points": 0}
    more = {"per": "ever", "marks": _marks(slug, IN_SEGMENTS.get(slug))}
    shown = {"id": name, "key": key, **words, **more, **WINDOWS[slug], "used": sorted(used)}
    former = FORMERLY if slug == "old-numbers" else {}
    return shown | {"renumbered": {number(slug, old): number(slug, own) for old, own in former.items()}}


def _marks(slug: str, members: list[str] | None) -> list[str] | None:
    """Return the marks of members for an offer with segments."""
    if members is None:
        return None
    key = bytes.fromhex(till(slug)[0])
    return sorted(characters(derive(key, "coupon mark", number(slug, member)), 5) for member in members)


def _code(offer: str, member: str) -> str:
    return make(offer, member).replace("-", "")


Case = tuple[str, dict[str, Any]]


def _cases(chance: random.Random) -> Iterator[Case]:
    yield from _whole_codes(chance)
    yield from _slips(chance)
    yield from _windows_and_uses()
    yield from _strange(chance)


def _whole_codes(chance: random.Random) -> Iterator[Case]:
    """Yield codes in many typed forms; none of them has been used."""
    for index in range(40):
        slug = ("tall-kettle", "second-cup")[index % 2]
        code = make(slug, f"M-{100 + index}")
        ways = (code, code.lower(), code.replace("-", ""), code.replace("-", " "), f"  {code}\n", "-".join(code))
        like = chance.choice("oO"), chance.choice("iIlL")
        for text in (ways[index % 6], code.replace("0", like[0]).replace("1", like[1])):
            yield text, {"outcome": "valid", "offer": till(slug)[1], "days": []}


def _slips(chance: random.Random) -> Iterator[Case]:
    def said(code: str) -> dict[str, Any]:
        return {"outcome": "mistyped", "group": wrong_group(code)}

    for index in range(64):
        code, place = make("tall-kettle", f"M-{index}").replace("-", ""), index % 16
        other = chance.choice(ALPHABET.replace(code[place], ""))
        yield code[:place] + other + code[place + 1 :], {"outcome": "mistyped", "group": place // 4 + 1}
    for left in range(15):
        letters = list(make("second-cup", f"M-{left}").replace("-", ""))
        letters[left], letters[left + 1] = letters[left + 1], letters[left]
        if not is_whole("".join(letters)):  # two equal letters
            yield "".join(letters), said("".join(letters))
    for index in range(24):
        letters = list(make("tall-kettle", f"M-{index}").replace("-", ""))
        for place in chance.sample(range(16), 2):
            letters[place] = chance.choice(ALPHABET.replace(letters[place], ""))
        yield "".join(letters), said("".join(letters))
    code = make("tall-kettle", "M-1").replace("-", "")
    for text in ("", "-", code[:15], code[1:], code + "0", code * 2, "kettle", code + "!"):
        yield text, {"outcome": "mistyped", "group": 0}
    for place, character in ((0, "U"), (3, "u"), (4, "Ü"), (7, "ı"), (8, "*"), (12, "ſ"), (15, "–"), (9, "٠")):
        yield code[:place] + character + code[place + 1 :], {"outcome": "mistyped", "group": place // 4 + 1}


def _windows_and_uses() -> Iterator[Case]:
    for index in range(6):
        for slug, outcome in (("summer-tin", "over"), ("winter-box", "early")):
            yield make(slug, f"M-{index}"), {"outcome": outcome, "offer": till(slug)[1], "days": []}
    table = [
        ("tall-kettle", "M-2", "used", ["2026-11-03"]),
        ("tall-kettle", "M-5", "used", ["2026-11-20"]),
        ("tall-kettle", "M-6", "valid", []),
        ("second-cup", "M-3", "used", ["2026-11-21", "2026-11-21", "2026-11-22"]),
        ("second-cup", "M-4", "valid", ["2026-11-21"]),
        ("second-cup", "M-6", "valid", ["2026-11-21", "2026-11-21"]),
        ("eleven-grinders", "M-7", "used", ["2026-02-01"]),
        ("eleven-grinders", "M-9", "used", ["2026-04-01"]),
        ("eleven-grinders", "M-1", "valid", []),
        ("two-seats", "M-1", "used", ["2026-02-01"]),
        ("two-seats", "M-3", "gone", []),
        ("two-seats", "M-4", "gone", []),
        ("birthday-bag", "M-1", "valid", []),
        ("birthday-bag", "M-3", "used", ["2026-03-05"]),
        ("birthday-bag", "M-4", "used", ["2026-11-20"]),
        ("birthday-bag", "M-5", "not-theirs", ["2026-03-05"]),
        ("birthday-bag", "M-6", "not-theirs", []),
        ("quarter-box", "M-1", "valid", []),
        ("quarter-box", "M-2", "used", ["2026-10-01"]),
        ("quarter-box", "M-3", "valid", []),
        ("month-cup", "M-1", "valid", []),
        ("month-cup", "M-2", "used", ["2026-11-01", "2026-11-20"]),
        ("month-cup", "M-3", "valid", ["2026-11-01"]),
        ("day-roll", "M-1", "not-theirs", []),
        ("old-numbers", "M-1", "used", ["2026-02-01", "2026-11-21"]),
        ("old-numbers", "O-1", "used", ["2026-02-01", "2026-11-21"]),
        ("old-numbers", "O-2", "used", ["2026-02-01", "2026-11-21"]),
        ("old-numbers", "O-5", "used", ["2026-03-02", "2026-11-20"]),
        ("old-numbers", "M-3", "valid", []),
        ("old-numbers", "O-3", "valid", []),
        ("old-numbers", "M-4", "not-theirs", []),
    ]
    for slug, member, outcome, days in table:
        yield make(slug, member), {"outcome": outcome, "offer": till(slug)[1], "days": days}


def _strange(chance: random.Random) -> Iterator[Case]:
    for index in range(12):
        yield make("no-such-offer", f"M-{index}"), {"outcome": "unknown"}
        yield complete("".join(chance.choices(ALPHABET, k=14))), {"outcome": "unknown"}
    for index in range(12):
        yield make("tall-kettle", f"M-{index}", version=2 + index % 3), {"outcome": "unknown"}  # keys of other versions
    for text in (ACCESS_CODE, ACCESS_CODE.lower(), ACCESS_CODE.replace("-", " "), ACCESS_CODE.replace("-", "")):
        yield text, {"outcome": "access-code"}
    yield "Z" + ACCESS_CODE[1:], {"outcome": "mistyped", "group": 0}
