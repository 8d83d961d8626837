"""Phrases in texts that share parts: what a search of shared parts finds is what a search of each whole text finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members_portal.coupon.coupon_code import coupon_code
from members_portal.publish.gate.search import coupon_search, part_search
from members_portal.publish.gate.search.coupon_search import CouponSearch, codes_in
from members_portal.publish.gate.search.decoded import Decoded
from members_portal.publish.gate.search.part_search import PartSearch, brief_words
from members_portal.publish.gate.search.phrase_table import PhraseTable, phrase_key
from members_portal.seal import Secret
from members_portal.seal.key.code_format import ALPHABET

FEW_WORDS = ["bell", "tide", "lamp", "欧", "wick"]  # few, so that phrases occur by chance
WORDS = st.sampled_from(FEW_WORDS)
PHRASES = st.lists(st.lists(WORDS, min_size=1, max_size=6).map(" ".join), max_size=8)
TEXTS = st.lists(
    st.tuples(st.lists(st.lists(WORDS, min_size=1, max_size=14).map(" ".join), max_size=6), st.booleans()), max_size=6
)
LINE = "the keeper wrote down what the sea had left on the stones before the second lamp was lit"
TITLE = "The drowned bell of Skagerholm"


def search_of(*phrases: str, addresses: tuple[str, ...] = ()) -> PartSearch:
    return PartSearch(PhraseTable({phrase_key(phrase): "" for phrase in phrases}, addresses))


def keys(*phrases: str) -> set[str]:
    return {phrase_key(phrase) for phrase in phrases}


def text(*lines: str, noise: bool = False) -> Decoded:
    return Decoded.of("\n".join(lines), noise=noise)


@given(PHRASES, TEXTS)
def test_it_finds_what_a_search_of_each_whole_text_finds(
    phrases: list[str], texts: list[tuple[list[str], bool]]
) -> None:
    table = PhraseTable({phrase_key(phrase): "" for phrase in phrases if phrase_key(phrase)})
    search = PartSearch(table)
    for parts, noise in texts:
        decoded = Decoded(tuple(parts), noise)
        assert search.find(decoded) == table.find(decoded)


@given(st.lists(WORDS, min_size=1, max_size=12), st.integers(1, 5))
def test_a_brief_part_has_the_first_and_the_last_words(words: list[str], most: int) -> None:
    brief = brief_words(" ".join(words), most)
    assert brief.split()[:most] == words[:most]
    assert brief.split()[-most:] == words[-most:]
    assert brief == " ".join(words) or len(words) > most
    assert "\n" in brief or len(words) <= most


@pytest.mark.parametrize(
    "lines",
    [
        (LINE, f"{LINE} the drowned", f"bell of Skagerholm {LINE}", LINE),
        (LINE, f"{LINE} the", "drowned", "bell of", f"Skagerholm {LINE}"),
        ("The drowned bell of", "Skagerholm"),
        (f"{LINE} the drowned bell of", f"Skagerholm {LINE}"),
        (f"{LINE} {TITLE} {LINE}",),
    ],
)
def test_a_phrase_over_ends_of_known_parts_is_found(lines: tuple[str, ...]) -> None:
    search = search_of(TITLE)
    for line in lines:  # each part is known, and has no phrase by itself
        assert bool(search.find(text(line))) == (TITLE in line)
    assert search.find(text(*lines)) == keys(TITLE)
    assert search.find(text(*lines)) == keys(TITLE)
    assert search.find(text(LINE, LINE)) == set()


def test_known_parts_hold_a_phrase_only_one_after_another() -> None:
    search, first, second = search_of(TITLE), f"{LINE} the drowned bell", f"of Skagerholm {LINE}"
    assert search.find(text(second, first)) == set()
    assert search.find(text(first, LINE, second)) == set()
    assert search.find(text(first, second)) == keys(TITLE)


def test_the_first_and_the_last_words_of_a_long_part_make_no_phrase() -> None:
    assert search_of(TITLE).find(text(f"drowned bell of Skagerholm {LINE} the", LINE)) == set()


def test_a_light_phrase_of_a_known_part_is_found_in_text_and_not_in_noise() -> None:
    search = search_of("live", "the drowned bell")
    assert search.find(text("live", "the drowned bell", noise=True)) == keys("the drowned bell")
    assert search.find(text("live", "the drowned bell")) == keys("live", "the drowned bell")
    assert search.find(text("the drowned", "bell", "live", noise=True)) == keys("the drowned bell")


def test_an_address_is_compared_in_each_text_as_a_whole() -> None:
    mail = "smith@mail.example"
    search = search_of(mail, addresses=(mail,))
    longer, whole = f"Write to john.{mail} today", f"Write to {mail} today"
    assert search.find(text(longer, LINE)) == set()
    assert search.find(text(longer, whole)) == keys(mail)
    assert search.find(text(whole, longer)) == keys(mail)
    assert search.find(text(longer, longer)) == set()


def test_parts_that_were_forgotten_are_searched_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_search, "MOST_KNOWN_PARTS", 2)
    search = search_of(TITLE)
    for _ in range(3):
        assert search.find(text(LINE, TITLE, "more", "lines")) == keys(TITLE)
        assert search.find(text(f"{LINE} the drowned bell", "of Skagerholm")) == keys(TITLE)


def test_a_table_without_phrases_and_one_of_single_words_find_their_phrases() -> None:
    assert search_of().find(text(LINE, TITLE)) == set()
    assert search_of("Skagerholm").find(text(LINE, TITLE, LINE)) == keys("Skagerholm")


def test_binary_data_is_searched_as_a_whole() -> None:
    search = search_of(TITLE)
    assert search.find(Decoded.of_binary(f"\x00{TITLE}\x01")) == keys(TITLE)
    assert search.find(Decoded.of_latin(TITLE.encode())) == keys(TITLE)
    assert search.find(Decoded.of_binary("\x00The drowned bell\x01")) == set()


CODE = coupon_code(Secret(bytes(32)), "wick-voucher", "L-101", 1)


@settings(max_examples=50)
@given(st.lists(st.sampled_from([*CODE.split("-"), CODE, "tide", LINE]), max_size=8), st.integers(0, 4))
def test_a_coupon_code_over_several_parts_is_found(words: list[str], size: int) -> None:
    search = CouponSearch()
    for joint in ("\n", " ", "\n"):
        decoded = Decoded.of(joint.join([*words, *CODE.split("-")[:size]]))
        assert search.find(decoded) == codes_in(" ".join(decoded.parts))


@given(st.lists(st.sampled_from(["0a1z", "bcde", "tide", " ", "  ", "i", CODE.replace("-", "").lower()])).map("".join))
def test_a_code_is_searched_as_four_groups_with_or_without_spaces(words: str) -> None:
    letter = f"[{ALPHABET.lower()}]"
    groups = re.compile(rf" (?=((?:{letter}{{4}} ?){{4}}) )")
    found = {group[1] for group in groups.finditer(f" {words} ")}
    assert found == {group[1] for group in coupon_search._COUPON.finditer(f" {words} ")}


@pytest.mark.parametrize("joint", ["\n", f"\n{LINE} ", " "])
def test_a_coupon_code_over_three_known_parts_is_found_where_they_follow_each_other(joint: str) -> None:
    search, groups = CouponSearch(), CODE.split("-")
    for group in groups:
        assert search.find(Decoded.of(f"{LINE}\n{group}\n{LINE}")) == set()
    decoded = Decoded.of(f"{LINE} {groups[0]}\n{groups[1]}{joint}{groups[2]} {groups[3]}\n{LINE}")
    assert bool(search.find(decoded)) == (LINE not in joint)
