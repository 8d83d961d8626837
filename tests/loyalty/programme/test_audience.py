"""Audience words, and the editions they mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.programme.audience import UnknownAudience, parse_audience

LADDER = ("member", "silver", "gold", "platinum")
LADDERS = st.lists(st.from_regex(r"[a-z][a-z0-9-]{0,9}", fullmatch=True), min_size=1, max_size=7, unique=True).filter(
    lambda ladder: not {"public", "members", "staff"} & set(ladder)
)


@pytest.mark.parametrize(
    ("words", "readers"),
    [
        (["public"], "public member silver gold platinum staff"),
        (["members"], "member silver gold platinum staff"),
        (["member"], "member staff"),
        (["gold"], "gold staff"),
        (["gold+"], "gold platinum staff"),
        (["platinum+"], "platinum staff"),
        (["member+"], "member silver gold platinum staff"),
        (["staff"], "staff"),
        (["silver", "staff"], "silver staff"),
        (["silver", "platinum"], "silver platinum staff"),
        (["gold", "public"], "public member silver gold platinum staff"),
        (["  Gold+ "], "gold platinum staff"),
    ],
)
def test_audiences_are_editions(words: list[str], readers: str) -> None:
    audience = parse_audience(words, LADDER)
    assert audience.readers == set(readers.split())
    assert audience.is_public == ("public" in readers)


@pytest.mark.parametrize(
    ("words", "what", "hint"),
    [
        ([], "is empty", ""),
        (["glod"], "unknown word `glod`", "`gold`"),
        (["sliver+"], "unknown word `sliver+`", "`silver+`"),
        (["gold", "memebrs"], "unknown word `memebrs`", "`members`"),
        (["gold++"], "unknown word `gold++`", "`gold+`"),
        (["golden+"], "unknown word `golden+`", "`gold+`"),
        (["memebrs+"], "unknown word `memebrs+`", "`members`"),
        (["+"], "unknown word `+`", ""),
        ([""], "unknown word ``", ""),
        (["gold-"], "unknown word `gold-`", "`gold`"),
        (["staff+"], "unknown word `staff+`", "`staff`"),
        (["public+"], "unknown word `public+`", "`public`"),
        (["all"], "unknown word `all`", ""),
        (["M-1001"], "unknown word `m-1001`", ""),
    ],
)
def test_everything_else_is_nobody(words: list[str], what: str, hint: str) -> None:
    with pytest.raises(UnknownAudience) as caught:
        parse_audience(words, LADDER)
    assert caught.value.unknown == [(max(0, len(words) - 1), what, hint)]
    assert caught.value.expected == (
        "public, members, staff, member, silver, gold, platinum, or a tier and up such as gold+"
    )


def test_every_unknown_word_is_reported_with_its_place() -> None:
    with pytest.raises(UnknownAudience, match=r"^unknown word `glod`, expected public") as caught:
        parse_audience(["glod", "silver", "all"], LADDER)
    assert caught.value.unknown == [(0, "unknown word `glod`", "`gold`"), (2, "unknown word `all`", "")]


def test_a_ladder_of_one_rung_has_words_for_its_errors() -> None:
    with pytest.raises(UnknownAudience, match=r"or a tier and up such as all\+$"):
        parse_audience(["gold"], ["all"])


@given(LADDERS, st.data())
def test_every_tier_above_a_tier_and_up_is_in_it_and_none_below(ladder: list[str], data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(ladder) - 1))
    readers = parse_audience([ladder[first] + "+"], ladder).readers
    assert readers == {*ladder[first:], "staff"}


@given(LADDERS, st.lists(st.text(max_size=12), max_size=4))
def test_no_words_whatever_give_a_reader_outside_the_programme(ladder: list[str], words: list[str]) -> None:
    try:
        readers = parse_audience(words, ladder).readers
    except UnknownAudience:
        return
    assert readers <= {"public", "staff", *ladder}
    assert "staff" in readers
    assert "public" not in readers or "public" in {word.strip().lower() for word in words}
