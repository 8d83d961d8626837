"""Kept members are those that were read."""

from __future__ import annotations

from typing import Any

from members_portal.loyalty.input.located_yaml import Located
from members_portal.loyalty.input.parsing import parse
from members_portal.loyalty.member.kept_members import decode_members, encode_members
from members_portal.loyalty.member.member import Member

LEAST = {"id": "M-1", "given name": "Maya", "formal name": "Ms Okafor", "joined": "2020-02-29"}
MOST = {
    **LEAST,
    "id": "M-2",
    "family name": "Łukasz \U0001f600",
    "salutation": "formal",
    "name order": "family-first",
    "email": "maya@post.example",
    "phone": "+353 1 000 0000",
    "birthday": "1990-02-28",
    "formerly": ["M-9", "M-8"],
    "left": "2027-01-01",
    "tier": "gold",
    "tier from": "2026-01-01",
    "tier until": "2026-12-31",
    "tiers given": [
        {"tier": "silver", "from": "2024-01-01", "until": "2024-06-30"},
        {"tier": "gold", "from": "2025-01-01"},
    ],
    "staff": "true",
    "desk": ["managers", "ines"],
    "key customer": "true",
    "account manager": "ines",
    "interests": ["espresso", "filter"],
    "address": {"lines": ["1 Quay"], "postcode": "D01", "city": "Dublin", "country": "IE"},
    "consent": {"email": "true", "post": "false"},
    "code version": "3",
    "language": "ga",
}


def member(value: dict[str, Any]) -> Member:
    problems: list[Any] = []
    found = parse(
        Member, Located("a table"), {key.replace(" ", "_"): each for key, each in value.items()}, problems=problems
    )
    assert not problems
    assert found
    return found


def described(one: Member) -> tuple[str, str, set[str], list[type]]:
    """Return all of a member, with the types of its values."""
    values = one.__dict__.values()
    return repr(one), one.model_dump_json(), one.model_fields_set, [type(value) for value in values]


def test_members_with_few_and_with_all_fields_are_the_same_when_they_are_made_again() -> None:
    members = [member(LEAST), member(MOST), member({**LEAST, "id": "M-3", "birthday": "02-29", "consent": {}})]
    assert members[1].model_fields_set == set(Member.model_fields)
    again = decode_members(encode_members(members))
    assert again == members
    assert list(map(described, again)) == list(map(described, members))


def test_values_that_all_members_share_are_kept_once() -> None:
    members = [member({**LEAST, "id": f"M-{number}"}) for number in range(50)]
    assert encode_members(members).count(b"Okafor") == 1
    assert decode_members(encode_members(members)) == members


def test_no_member_is_kept_as_none() -> None:
    assert decode_members(encode_members([])) == []
