"""Coupon codes in JavaScript: the vectors of the Python half, and nothing it says otherwise about."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from playwright.sync_api import Page

from members_portal.coupon.coupon_code import format_coupon, with_check
from members_portal.coupon.verdict import read_coupon
from members_portal.seal.key.code_format import ALPHABET
from tests.coupon.test_coupon_code import CODES, FILE, OFFERS, ON, USES

READ = """async ([texts, offers, on, uses]) => {
  const says = [];
  for (const text of texts) {
    const {outcome, group, offer, days} = await readCoupon(text, offers, on, uses);
    says.push({outcome, ...outcome === 'mistyped' && {group}, ...offer && {offer: offer.id, days: [...days].sort()}});
  }
  return says;
}"""
VECTORS: dict[str, Any] = json.loads(FILE.read_text("utf-8"))


@pytest.fixture(scope="module")
def coupon_page(seal_page: Page) -> Page:
    """Give a page with the till's half of the format."""
    seal_page.add_script_tag(url="/coupon.js")
    return seal_page


def said(page: Page, texts: list[str]) -> list[dict[str, Any]]:
    """Ask the page about texts."""
    found: list[dict[str, Any]] = page.evaluate(READ, [texts, VECTORS["offers"], VECTORS["on"], VECTORS["uses"]])
    return found


def test_every_vector_is_judged_as_it_says(coupon_page: Page) -> None:
    cases = VECTORS["cases"]
    assert said(coupon_page, [case["text"] for case in cases]) == [case["says"] for case in cases]
    print(f"coupon_vectors_js={len(cases)}")


def test_both_halves_say_the_same_of_slips_and_forgeries(coupon_page: Page) -> None:
    chance = random.Random(5)
    texts = [format_coupon(with_check("".join(chance.choices(ALPHABET, k=14)))) for _ in range(200)]
    for code in CODES * 40:
        letters = list(code)
        for place in chance.sample(range(16), chance.randint(1, 5)):
            letters[place] = chance.choice(ALPHABET + "ILOU-?")
        texts.append("".join(letters))
    verdicts = [read_coupon(text, OFFERS, ON, USES) for text in texts]
    expected = [
        {"outcome": one.outcome}
        | ({"group": one.group} if one.outcome == "mistyped" else {})
        | ({"offer": one.offer.id, "days": sorted(one.days)} if one.offer else {})
        for one in verdicts
    ]
    assert said(coupon_page, texts) == expected
