"""The files of the desk: one list or many, and who has which."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.loyalty.member.member import Member
from members_portal.portal.desk import desk_file
from members_portal.portal.desk.desk_file import desk_edition_files, desk_own_files, has_desk, list_names
from tests.loyalty.small_club import MAYA, members_of

MANAGER = "{id: S-1, given name: Cy, formal name: Mr Cy, joined: 2021-01-01, staff: true, desk: managers}"
COUNTER = "{id: S-2, given name: Di, formal name: Ms Di, joined: 2021-01-01, staff: true}"


@pytest.fixture
def members(tmp_path: Path) -> list[Member]:
    return members_of(tmp_path, MAYA, MANAGER, COUNTER)


def test_without_staff_there_is_no_desk(tmp_path: Path) -> None:
    members = members_of(tmp_path, MAYA)
    assert (has_desk(members), desk_edition_files(members)) == (False, frozenset())


def test_the_sheets_are_among_the_own_files_of_those_who_may_read_them(members: list[Member]) -> None:
    maya, manager, counter = members
    assert desk_edition_files(members) == {"desk/index.html", "desk/members.json"}
    assert desk_own_files(manager, members) == {"desk/own.json", "desk/sheets-0.json"}
    assert desk_own_files(counter, members) == {"desk/own.json"}
    assert desk_own_files(maya, members) == frozenset()


def test_a_long_list_is_split_by_the_first_letter_of_each_word(
    members: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_file, "MOST_IN_ONE_LIST", 0)
    assert list(list_names(members[:1])) == [f"desk/members-{ord(letter):x}.json" for letter in "1mo"]


def test_a_hundred_thousand_members_are_too_many_for_a_list(
    members: list[Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_file, "MOST_AT_THE_DESK", 0)
    assert desk_own_files(members[1], members) == {"desk/own.json"}
    assert desk_edition_files(members) == {"desk/index.html", "desk/members.json"}
