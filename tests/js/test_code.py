"""Access codes in JavaScript: the same letters, the same slips, the same groups as in the Python half."""

from __future__ import annotations

import itertools

import pytest
from playwright.sync_api import Page

from members_portal.seal import BadCode, access_code, read_code
from members_portal.seal.key.code_format import ALPHABET
from members_portal.seal.key.keys import card_tag, member_root
from tests.seal.small_site import secret_of

READ = """texts => texts.map(text => {
  try { return readCode(text); } catch ({reason, group}) { return [reason, group]; }
})"""
SECRET = secret_of("codes")
CODE = access_code(SECRET, "M-1", 1).replace("-", "")


def expected(text: str) -> str | list[object]:
    """Say what the Python half makes of a text."""
    try:
        return read_code(text)
    except BadCode as error:
        return ["mistyped", error.group or 0]


def test_500_codes_agree(seal_page: Page) -> None:
    codes = [access_code(SECRET, f"M-{n}", n % 3 + 1) for n in range(500)]
    written = [
        *codes,
        *(code.lower().replace("-", " ") for code in codes),
        *(code.replace("0", "o").replace("1", "l") for code in codes),
    ]
    assert seal_page.evaluate(READ, written) == [code.replace("-", "") for code in codes] * 3


def test_every_slip_in_one_letter_is_named(seal_page: Page) -> None:
    slips = [
        (place, CODE[:place] + letter + CODE[place + 1 :])
        for place, letter in itertools.product(range(27), ALPHABET)
        if letter != CODE[place]
    ]
    outcomes = seal_page.evaluate(READ, [text for _, text in slips])
    assert outcomes == [["mistyped", place // 3 + 1] for place, _ in slips]
    print(f"single_slips={len(slips)} named={len(outcomes)}")


def test_every_swap_is_noticed_and_both_halves_say_the_same(seal_page: Page) -> None:
    swaps = []
    for left, right in itertools.combinations(range(27), 2):
        letters = list(CODE)
        letters[left], letters[right] = letters[right], letters[left]
        if letters != list(CODE):
            swaps.append("".join(letters))
    outcomes = seal_page.evaluate(READ, swaps)
    assert all(outcome[0] == "mistyped" for outcome in outcomes)
    assert outcomes == [expected(text) for text in swaps]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        CODE[:-1],
        CODE + "0",
        "U" + CODE[1:],
        CODE[:8] + "Ü" + CODE[9:],
        CODE[:5] + "ı" + CODE[6:],
        CODE + "!",
    ],
)
def test_what_is_no_code_is_refused_alike(seal_page: Page, text: str) -> None:
    (outcome,) = seal_page.evaluate(READ, [text])
    assert outcome[0] == "mistyped"
    if len(text) != 28:  # a letter too many at the end has no group that a reader could look for
        assert outcome == expected(text)


def test_the_member_root_agrees(seal_page: Page) -> None:
    tag = seal_page.evaluate("async code => hex(await cardTag(await memberRoot(code), 'publish'))", CODE)
    assert tag == card_tag(member_root(CODE), "publish").hex()
