"""Watchlists: hidden phrases and words, without the public ones."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from members_portal.publish.gate.phrase_search import make_watchlist
from members_portal.publish.gate.search.decoded import Decoded


def find(text: str, *, phrases: dict[str, str] | None = None, texts: str = "", public: str = "") -> set[str]:
    watchlist = make_watchlist((phrases or {}).items(), [(texts, "a word")], [public])
    return watchlist.find(Decoded.of(text))


def test_a_phrase_is_found_whatever_stands_between_its_words() -> None:
    assert find("…the-drowned_BELL!", phrases={"The drowned bell": "title"}) == {"title"}


def test_a_text_is_compared_only_with_phrases_whose_rarest_word_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[Sequence[str]] = []
    holds = Decoded.holds

    def counted(text: Decoded, phrase: Sequence[str]) -> bool:
        compared.append(phrase)
        return holds(text, phrase)

    monkeypatch.setattr(Decoded, "holds", counted)
    phrases = {f"The bell of house {number}": f"title {number}" for number in range(100)}
    assert find("The bell of the house", phrases=phrases) == set()
    assert find("the bell of house 17", phrases=phrases) == {"title 17"}
    assert [phrase for phrase in compared if "17" not in phrase] == []


def test_a_phrase_that_is_public_word_for_word_is_no_secret() -> None:
    assert find("The drowned bell", phrases={"The drowned bell": "title"}, public="of the drowned bell") == set()


def test_a_phrase_is_a_secret_though_each_of_its_words_is_public() -> None:
    assert find("The drowned bell", phrases={"The drowned bell": "title"}, public="the bell drowned") == {"title"}


def test_a_word_that_only_members_sources_hold_is_found() -> None:
    assert find("some verdigris", texts="Verdigris covered it", public="some of it") == {"a word"}
    assert find("it covered some", texts="Verdigris covered it", public="Some of it was covered") == set()


@pytest.mark.parametrize("text", ["oil", "12345", "the", "1811"])
def test_short_words_and_numbers_prove_nothing(text: str) -> None:
    assert find(text, phrases={text: "title"} if not text.isdigit() else {}, texts=text) == set()


def test_only_the_first_words_of_a_long_phrase_are_compared() -> None:
    long = " ".join(f"word{number}" for number in range(40))
    assert find(" ".join(long.split()[:12]), phrases={long: "summary"}) == {"summary"}
    assert find(" ".join(long.split()[:11]), phrases={long: "summary"}) == set()


def test_two_lists_make_one() -> None:
    one = make_watchlist([("drowned bell", "title")], [("verdigris", "a word")], [])
    other = make_watchlist([("drowned rat", "another")], [], [])
    assert (one | other).find(Decoded.of("drowned rat, drowned bell, verdigris")) == {
        "title",
        "another",
        "a word",
    }


def test_a_list_is_divided_by_the_phrases_that_one_text_holds() -> None:
    watchlist = make_watchlist([("drowned bell", "title"), ("bell boat", "another")], [("verdigris", "a word")], [])
    held, rest = watchlist.divide(["A drowned bell", "boat"])
    decoded = Decoded.of("drowned bell boat verdigris")
    assert (held.find(decoded), rest.find(decoded)) == ({"title"}, {"another", "a word"})
    assert watchlist.divide(["a boat", "the bell"])[1].find(decoded) == watchlist.find(decoded)


def test_in_noise_only_long_words_and_phrases_count() -> None:
    texts = [("rust", "short"), ("verdigris", "long")]
    watchlist = make_watchlist([("li bo", "name"), ("drowned bell", "title")], texts, [])
    decoded = Decoded.of("li bo rust verdigris drowned bell", noise=True)
    assert watchlist.find(decoded) == {"title", "long"}


ADDRESS = "smith@mail.example"


@pytest.mark.parametrize(
    "text",
    [
        "john.smith@mail.example",
        "jo-smith@mail.example",
        "news+smith@mail.example",
        "old_smith@mail.example",
        "o'smith@mail.example",
        "o&#39;smith@mail.example",
        "smith@mail.example.org",
        "John.SMITH@Mail.example, and j.smith@mail.example.",
    ],
)
def test_an_address_is_no_part_of_a_longer_address(text: str) -> None:
    assert find(text, phrases={ADDRESS: "address"}) == set()


@pytest.mark.parametrize(
    "text",
    [
        "smith@mail.example",
        "Smith@MAIL.example.",
        "'smith@mail.example'",
        "...smith@mail.example",
        "?email=smith@mail.example&x",
        "mailto:smith@mail.example",
        "john/smith@mail.example",
        "john.smith@mail.example smith@mail.example",
        "john smith (mail.example)",
        "smith\u00ad@mail.example",
    ],
)
def test_a_whole_address_is_found_beside_longer_ones(text: str) -> None:
    assert find(text, phrases={ADDRESS: "address"}) == {"address"}


@pytest.mark.parametrize(
    "other",
    [
        "john-smith@mail.example",
        ".john.smith@mail.example",
        "mailto:john.smith@mail.example",
        "john.smith@mail.example.org",
    ],
)
def test_two_addresses_of_the_same_words_are_told_apart(other: str) -> None:
    phrases = {"john.smith@mail.example": "one", other: "other"}
    assert find("john.smith@mail.example", phrases=phrases) == {"one"}
    assert find(other, phrases=phrases) == {"other"}


def test_a_published_address_is_no_secret_and_a_part_of_it_is_one() -> None:
    assert find(ADDRESS, phrases={ADDRESS: "address"}, public=f"Write to {ADDRESS}.") == set()
    assert find(ADDRESS, phrases={ADDRESS: "address"}, public=f"Write to john.{ADDRESS}.") == {"address"}
