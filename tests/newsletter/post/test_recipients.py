"""Recipients of an issue, on paper and in the portal, and the reasons for members left out."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import pytest

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.newsletter.post.address_window import DIN_5008_B
from members_portal.newsletter.post.postal_address import AddressMisfit, AddressSetter
from members_portal.newsletter.post.recipients import Choice, choose_recipients
from members_portal.newsletter.print_error import PrintError

ON = date(2026, 11, 20)
ADDRESS = {"lines": ["Kai 3"], "postcode": "23552", "city": "Lübeck", "country": "DE"}
TIER = {"key": "gold", "name": "Gold", "colour": "#000000", "colour_dark": "#ffffff", "summary": "Gold."}
QUIET = {"key": "gone-quiet", "name": "Gone quiet", "lapsed_days": 120}
KEY = {"key_customer": "true", "account_manager": "ines"}


def programme(*channels: str) -> Programme:
    """Return a programme with a segment, and channels of consent."""
    known = {"name": "Club", "tiers": [TIER], "segments": [QUIET]}
    return Programme.model_validate({**known, "channels": {key: key.title() for key in channels}})


CLUB = programme("post", "email")


def member(key: str, **more: Any) -> Member:
    """Return an invented member with consent to post and an address."""
    known = {"id": key, "given_name": "Ada", "formal_name": "Ms Ada", "joined": "2020-01-01", "tier": "gold"}
    return Member.model_validate({**known, "consent": {"post": "true"}, "address": ADDRESS, **more})


def set_address(who: Member) -> tuple[str, ...]:
    """Return the lines in a window; addresses in Oslo don't fit."""
    assert who.address
    if who.address.city == "Oslo":
        raise AddressMisfit(who.id, "the address has 9 lines, the window holds 6")
    return (who.full_name, *who.address.lines, who.address.city)


def ids(members: Iterable[Member]) -> list[str]:
    """Return the ids of members with a letter."""
    return [member.id for member in members]


def chosen_of(
    *members: Member,
    words: tuple[str, ...] = ("key-customers",),
    segments: dict[str, tuple[str, ...]] | None = None,
    club: Programme = CLUB,
) -> Choice:
    """Choose among members on the day of the issue."""
    return choose_recipients(members, words, segments or {}, club, ON, set_address)


def test_a_key_customer_with_consent_and_address_gets_a_letter() -> None:
    choice = chosen_of(member("M-1", **KEY), member("M-2"))
    assert ids(choice.members) == ids(choice.posted) == ["M-1"]
    assert choice.addresses == {"M-1": ("Ada", "Kai 3", "Lübeck")}
    assert choice.left_out == ()


def test_segments_are_those_of_the_day_that_was_asked_about() -> None:
    members = member("M-1"), member("M-2"), member("M-3", **KEY)
    choice = chosen_of(*members, words=("gone-quiet",), segments={"M-2": ("gone-quiet",), "M-3": ()})
    assert ids(choice.posted) == ["M-2"]


def test_somebody_meant_twice_gets_one() -> None:
    words = ("key-customers", "gone-quiet")
    choice = chosen_of(member("M-1", **KEY), words=words, segments={"M-1": ("gone-quiet",)})
    assert len(choice.posted) == 1


ON_PAPER: list[tuple[dict[str, Any], str]] = [
    ({"consent": {}}, "no consent for post"),
    ({"consent": {"post": "false", "email": "true"}}, "no consent for post"),
    ({"consent": {"post": "false"}, "address": None}, "no consent for post"),  # one reason, the first
    ({"address": None}, "no address"),
    ({"address": {**ADDRESS, "lines": []}}, "address incomplete: no street or box"),
    ({"address": {**ADDRESS, "city": "Oslo"}}, "address doesn't fit: the address has 9 lines, the window holds 6"),
]


@pytest.mark.parametrize(("fields", "reason"), ON_PAPER, ids=[case[1] for case in ON_PAPER])
def test_who_gets_none_on_paper_gets_it_in_the_portal_and_is_listed(fields: dict[str, Any], reason: str) -> None:
    choice = chosen_of(member("M-1", **KEY, **fields))
    assert ids(choice.members) == ["M-1"]
    assert choice.posted == ()
    assert choice.addresses == {}
    assert [(who.id, why) for who, why in choice.left_out] == [("M-1", reason)]


NOT_AT_ALL = [
    ({**KEY, "left": "2026-11-20"}, "left on 2026-11-20"),
    ({**KEY, "joined": "2026-11-21"}, "joined later, on 2026-11-21"),
    ({"staff": "true", "tier": None}, "staff"),
]


@pytest.mark.parametrize(("fields", "reason"), NOT_AT_ALL, ids=[case[1] for case in NOT_AT_ALL])
def test_who_is_no_reader_of_that_day_gets_nothing_at_all(fields: dict[str, Any], reason: str) -> None:
    words = ("key-customers", "gone-quiet")
    choice = chosen_of(member("M-1", **fields), words=words, segments={"M-1": ("gone-quiet",)})
    assert choice.members == choice.posted == ()
    assert [why for _, why in choice.left_out] == [reason]


@pytest.mark.parametrize("fields", [{"left": "2026-11-21"}, {"joined": "2026-11-20"}])
def test_the_day_itself_counts(fields: dict[str, str]) -> None:
    assert len(chosen_of(member("M-1", **KEY, **fields)).posted) == 1


def test_staff_who_are_key_customers_get_theirs() -> None:
    assert len(chosen_of(member("M-1", staff="true", **KEY)).posted) == 1


def test_no_postcode_is_no_reason() -> None:
    assert len(chosen_of(member("M-1", **KEY, address={**ADDRESS, "postcode": None})).posted) == 1


def test_where_nobody_can_consent_to_post_nobody_gets_any() -> None:
    choice = chosen_of(member("M-1", **KEY), member("M-2", **KEY), club=programme("email"))
    assert choice.posted == ()
    assert {why for _, why in choice.left_out} == {"the programme has no channel `post`"}
    assert len(choice.members) == 2


def test_every_one_who_is_meant_is_posted_or_listed_once() -> None:
    members = [member(f"M-{n}", **KEY, **fields) for n, (fields, _) in enumerate(ON_PAPER)] + [member("M-99", **KEY)]
    choice = chosen_of(*members)
    assert sorted([*ids(choice.posted), *(who.id for who, _ in choice.left_out)]) == sorted(who.id for who in members)


def missing(text: str) -> str:
    """Return the balloons of a text: no font has them."""
    return "🎈" if "🎈" in text else ""


def test_a_salutation_without_a_font_leaves_one_member_out() -> None:
    words, festive = ["key-customers"], member("M-1", given_name="Ada 🎈", **KEY)
    choice = choose_recipients([festive, member("M-2", **KEY)], words, {}, CLUB, ON, set_address, missing)
    assert ids(choice.members) == ids(choice.posted) == ["M-2"]
    assert choice.left_out == ((festive, "no font: `🎈` (U+1F388 BALLOON) in the salutation"),)


def test_an_address_without_a_font_leaves_the_letter_in_the_portal() -> None:
    setter = AddressSetter(DIN_5008_B, len, "IE", "en", missing)
    festive = member("M-1", address={**ADDRESS, "city": "Lübeck 🎈"}, **KEY)
    choice = choose_recipients([festive], ["key-customers"], {}, CLUB, ON, setter.lines, missing)
    assert (ids(choice.members), ids(choice.posted)) == (["M-1"], [])
    assert choice.left_out == ((festive, "no font: `🎈` (U+1F388 BALLOON) in the address"),)


def test_nobody_is_meant_by_no_words() -> None:
    assert chosen_of(member("M-1", **KEY), words=()).members == ()


def test_an_unknown_segment_is_an_error_that_helps() -> None:
    with pytest.raises(PrintError, match=r"letters for `gone-quite`: no such segment.*did you mean `gone-quiet`\?"):
        chosen_of(words=("gone-quite",))
