"""Whose data the files of the desk hold, as the gate sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from members_portal.loyalty.member.member import Member
from members_portal.publish.gate.search.desk_check import DeskSearch
from members_portal.seal import Secret, access_code
from tests.publish.project import Project


@dataclass
class _Desk:
    inputs: Any
    secret: Secret


@pytest.fixture
def search(tmp_path_factory: pytest.TempPathFactory) -> DeskSearch:
    """Search for two members of a portal without offers."""
    programme = SimpleNamespace(account_managers=[SimpleNamespace(email="shop@house.example")])
    members = [member("M-1", "maya@post.example"), member("M-10", "shop@house.example")]
    received = SimpleNamespace(member_of={"A-7K3Q-9XMP-2T4V": "M-1"})
    inputs = SimpleNamespace(members=members, programme=programme, library=SimpleNamespace(items={}), received=received)
    desk: Any = _Desk(inputs, Secret(bytes(range(32))))
    return DeskSearch(desk)


def member(number: str, email: str) -> Member:
    return Member.model_validate(
        {"id": number, "given_name": "A", "formal_name": "A", "joined": "2021-01-01", "email": email}
    )


def found(search: DeskSearch, text: str, allowed: Sequence[str] = ()) -> list[str]:
    return list(search.findings("desk", text, allowed, addresses=allowed))


def test_numbers_and_addresses_of_others_are_found(search: DeskSearch) -> None:
    assert found(search, 'data-member="M-1"') == ["desk holds something about member M-1"]
    assert found(search, "Write to Maya@post.example.") == ["desk holds something about member M-1"]
    assert found(search, '["M-10","",""]') == ["desk holds something about member M-10"]


def test_the_number_of_an_answer_is_its_writers(search: DeskSearch) -> None:
    text = "promised by 4 November; A-7K3Q-9XMP-2T4V"
    assert found(search, text) == ["desk holds something about member M-1"]
    assert found(search, text, ["M-1"]) == []


def test_those_of_members_whose_sheet_is_read_are_not(search: DeskSearch) -> None:
    assert found(search, "M-1 maya@post.example M-100 XM-10", ["M-1"]) == []


def test_an_address_of_the_house_is_nobodys(search: DeskSearch) -> None:
    assert found(search, "shop@house.example") == []


def test_an_access_code_is_found_even_of_a_member_whose_sheet_is_read(search: DeskSearch) -> None:
    code = access_code(search.candidate.secret, "M-1", 1)
    for text in (code, code.replace("-", ""), code.lower()):
        assert found(search, f"<b>{text}</b>", ["M-1"]) == ["desk holds an access code"]


def test_the_release_has_the_desk_for_staff_alone(harbour: Project) -> None:
    files = {member: set(harbour.open(member).manifest["files"]) for member in ("L-101", "L-105", "L-106")}
    assert {who for who, paths in files.items() if any(path.startswith("desk/") for path in paths)} == {"L-106"}
