"""The programme: the ladder of tiers, account managers and other referenced keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from tests.loyalty.small_club import PROGRAMME, programme_of

ONE_TIER = 'name: Small\ntiers: [{key: all, name: All, colour: "#000000", colour dark: "#ffffff", summary: All.}]\n'


def test_the_order_of_the_file_is_the_rank(tmp_path: Path) -> None:
    programme = programme_of(tmp_path)
    assert programme.ladder == ("member", "silver", "gold")
    assert [programme.rank(tier) for tier in programme.ladder] == [1, 2, 3]
    assert programme.readers == ("public", "member", "silver", "gold", "staff")


def test_tiers_and_managers_are_found_by_key(tmp_path: Path) -> None:
    programme = programme_of(tmp_path)
    assert programme.tier("silver").name == "Silver"
    assert (manager := programme.manager("ines")) is not None
    assert manager.name == "Inês"
    assert programme.manager("rui") is None
    assert programme.manager(None) is None
    with pytest.raises(KeyError, match="platinum"):
        programme.tier("platinum")


def test_only_name_and_tiers_are_needed(tmp_path: Path) -> None:
    programme = programme_of(tmp_path, ONE_TIER)
    assert (programme.generation, programme.staff.name) == (1, "Staff")
    assert (programme.interests, programme.account_managers, programme.channels) == ({}, (), {})


def test_a_record_can_not_be_changed(tmp_path: Path) -> None:
    tier: Any = programme_of(tmp_path).tiers[0]
    with pytest.raises(ValueError, match="frozen"):
        tier.name = "Other"


@pytest.mark.parametrize(("count", "accepted"), [(1, True), (7, True), (8, False)])
def test_a_release_has_room_for_seven_tiers_and_staff(tmp_path: Path, count: int, accepted: bool) -> None:
    tier = '  - {{key: t{0}, name: T, colour: "#000000", colour dark: "#ffffff", summary: T.}}\n'
    text = "name: Ladder\ntiers:\n" + "".join(tier.format(number) for number in range(count))
    if accepted:
        assert len(programme_of(tmp_path, text).ladder) == count
    else:
        with pytest.raises(InvalidInput, match="expected 1 to 7 tiers"):
            programme_of(tmp_path, text)


@pytest.mark.parametrize("reserved", ["public", "members", "staff"])
def test_a_tier_can_not_take_an_audiences_name(tmp_path: Path, reserved: str) -> None:
    with pytest.raises(InvalidInput, match=f"3:11: `{reserved}` means something else in audiences"):
        programme_of(tmp_path, PROGRAMME.replace("key: member,", f"key: {reserved},"))
