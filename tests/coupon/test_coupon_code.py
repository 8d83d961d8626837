"""Coupon codes: vectors, typing errors, forgeries, and privacy. The JavaScript twin runs the same vectors."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from members_portal.coupon.coupon_code import (
    CouponOffer,
    coupon_code,
    coupon_mark,
    coupon_number,
    find_offer,
    format_coupon,
    read_characters,
    till_key,
    with_check,
)
from members_portal.coupon.verdict import CouponUse, read_coupon
from members_portal.seal import BadCode, Secret, access_code, read_code
from members_portal.seal.key.code_format import ALPHABET
from tests.coupon import independent_coupon as independent
from tests.long_cases import quick_of_each

SECRET = Secret(independent.SECRET)
FILE = Path(__file__).parent / "coupon-vectors.json"
SPECIFICATION = Path(__file__).parents[2] / "plugins" / "members_portal" / "coupon" / "COUPON.md"
VECTORS: dict[str, Any] = json.loads(FILE.read_text("utf-8"))
ON = date.fromisoformat(VECTORS["on"])
CODES = [coupon_code(SECRET, "tall-kettle", f"M-{n}", 1).replace("-", "") for n in range(12)]
FORGED_FAST, FORGED_LONG = 1_000, 1_000_000  # random codes tried


def offer_of(slug: str, record: dict[str, Any]) -> CouponOffer:
    """Parse an offer of the vectors."""
    days = {name: date.fromisoformat(record[name]) for name in ("starts", "ends")}
    read = {"slug": slug, "key": bytes.fromhex(record["key"]), "used": tuple(record["used"])}
    return CouponOffer(**{**record, **days, **read})


OFFERS = [offer_of(slug, record) for slug, record in zip(independent.WINDOWS, VECTORS["offers"], strict=True)]
USES = [CouponUse(use["offer"], use["letters"], date.fromisoformat(use["day"])) for use in VECTORS["uses"]]


@pytest.mark.long  # a test of codes and keys is quick
def test_the_vectors_are_what_the_specification_gives() -> None:
    assert independent.vectors() == VECTORS
    outcomes = Counter(case["says"]["outcome"] for case in VECTORS["cases"])
    print(f"coupon_vectors={len(VECTORS['cases'])} {dict(outcomes)}")
    assert len(VECTORS["cases"]) >= 200
    assert set(outcomes) == {
        "valid",
        "mistyped",
        "access-code",
        "unknown",
        "early",
        "over",
        "not-theirs",
        "used",
        "gone",
    }


KINDS = quick_of_each(VECTORS["cases"], lambda case: tuple(case.get(key) for key in ("outcome", "group", "offer")))


@pytest.mark.parametrize("case", KINDS, ids=lambda case: case["text"].strip() or "empty")
def test_a_text_is_judged_as_its_vector_says(case: dict[str, Any]) -> None:
    verdict = read_coupon(case["text"], OFFERS, ON, USES)
    says: dict[str, Any] = {"outcome": verdict.outcome}
    if verdict.outcome == "mistyped":
        says["group"] = verdict.group
    if verdict.offer:
        says |= {"offer": verdict.offer.id, "days": sorted(verdict.days)}
    assert says == case["says"]


def test_many_numbers_share_a_mark() -> None:
    key, numbers = bytes(range(32)), [coupon_number(SECRET, "tall-kettle", f"M-{n}") for n in range(20_000)]
    marks = Counter(coupon_mark(key, number) for number in numbers)
    assert {len(mark) for mark in marks} == {5}
    assert len(set(numbers)) == 20_000
    assert 0 < 20_000 - len(marks) < 30  # 20,000 of 2^25 marks: 6 are expected twice


def test_codes_and_keys_are_those_of_the_specification() -> None:
    for slug in ("tall-kettle", "a"):
        assert (till_key(SECRET, slug, 1)[0].hex(), till_key(SECRET, slug, 1)[1]) == independent.till(slug)
        for member in ("M-1001", "S-01", "a-very-long-member-id-of-forty-letters-xx"):
            assert coupon_code(SECRET, slug, member, 1) == independent.make(slug, member)


def test_the_example_of_the_specification_is_true() -> None:
    text = " ".join(SPECIFICATION.read_text("utf-8").split())
    key, name = till_key(SECRET, "tall-kettle", 1)
    code = coupon_code(SECRET, "tall-kettle", "M-1001", 1)
    for part in (independent.SECRET.hex(), key.hex(), name, code, f"{len(VECTORS['cases'])} texts"):
        assert f"`{part}`" in text or f"the verdicts on {part}." in text


def test_a_code_is_four_groups_of_four_without_look_alikes() -> None:
    for code in map(format_coupon, CODES):
        assert [len(group) for group in code.split("-")] == [4] * 4
        assert set(code) <= set(ALPHABET + "-")
        assert not set(code) & set("OILU")


def test_every_single_slip_is_caught_and_its_group_named() -> None:
    slips = 0
    for code in CODES:
        for place in range(16):
            for character in ALPHABET.replace(code[place], ""):
                verdict = read_coupon(code[:place] + character + code[place + 1 :], OFFERS, ON)
                assert (verdict.outcome, verdict.group) == ("mistyped", place // 4 + 1)
                slips += 1
    print(f"coupon_single_slips_caught={slips}")


def test_every_swap_of_two_characters_is_caught() -> None:
    for code in CODES:
        for left, right in combinations(range(16), 2):
            characters = list(code)
            characters[left], characters[right] = characters[right], characters[left]
            assert is_refused("".join(characters)) == (code[left] != code[right])


def test_every_error_in_two_characters_is_caught() -> None:
    chance = random.Random(2)
    for left, right in combinations(range(16), 2):
        for _ in range(40):
            characters = list(chance.choice(CODES))
            for place in (left, right):
                characters[place] = chance.choice(ALPHABET.replace(characters[place], ""))
            assert is_refused("".join(characters))


def is_refused(text: str) -> bool:
    try:
        read_characters(text)
    except BadCode:
        return True
    return False


def test_a_coupon_is_no_access_code_and_an_access_code_no_coupon() -> None:
    assert read_coupon(access_code(SECRET, "M-1", 1), OFFERS, ON).outcome == "access-code"
    with pytest.raises(BadCode):
        read_code(CODES[0])


# Forging


def random_codes(count: int) -> Iterator[str]:
    """Yield well-formed codes, made without a till key."""
    chance = random.Random(3)
    for _ in range(count):
        data = "".join(chance.choices(ALPHABET, k=14))
        yield with_check(data)


@pytest.mark.parametrize("count", [FORGED_FAST, pytest.param(FORGED_LONG, marks=pytest.mark.long)])
def test_well_formed_codes_without_a_key_pass_no_oftener_than_by_chance(count: int) -> None:
    offers = OFFERS * 2  # as a till with ten offers
    accepted = sum(find_offer(read_characters(code), offers) is not None for code in random_codes(count))
    print(f"coupon_forgeries={count} accepted={accepted} expected={count * len(offers) / 2**30:.5f}")
    assert accepted <= count / 2**25 + 1
    if count == FORGED_FAST:
        assert accepted == 0


def test_one_more_bit_of_a_signature_is_not_accepted() -> None:
    for place in range(8, 14):
        data = CODES[0][:place] + ALPHABET[ALPHABET.index(CODES[0][place]) ^ 1] + CODES[0][place + 1 : 14]
        assert read_coupon(with_check(data), OFFERS, ON).outcome == "unknown"


def test_a_key_of_one_offer_makes_nothing_for_another() -> None:
    others = [offer for offer in OFFERS if offer.slug != "tall-kettle"]
    assert all(read_coupon(code, others, ON).outcome == "unknown" for code in CODES)


# Whose it is


def test_100_000_members_share_no_code() -> None:
    numbers = {coupon_number(SECRET, "tall-kettle", f"M-{n}") for n in range(100_000)}
    assert len(numbers) == 100_000  # and a code begins with its number


def test_a_code_says_nothing_about_the_member() -> None:
    offers = [coupon_number(SECRET, f"offer-{n}", "M-1001") for n in range(2000)]
    members = [coupon_number(SECRET, "tall-kettle", f"M-{n}") for n in range(2000)]
    for numbers in (offers, members):
        for place in range(8):
            seen = Counter(number[place] for number in numbers)
            assert set(seen) == set(ALPHABET)
            assert max(seen.values()) < 2 * 2000 / 32  # twice its share: not once in ten million such codes
        neighbours = sum(a[place] == b[place] for a, b in pairwise(numbers) for place in range(8))
        assert 0.7 < neighbours / (1999 * 8 / 32) < 1.3


def test_refusals_and_verdicts_never_repeat_the_code() -> None:
    with pytest.raises(BadCode) as caught:
        read_characters(CODES[0][:-1] + "0" * (CODES[0][-1] != "0") + "1" * (CODES[0][-1] == "0"))
    assert not any(CODES[0][i : i + 4] in str(caught.value) for i in (0, 4, 8))
