"""Whose sheets a member of staff reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.loyalty.desk_reach import sheets_for
from members_portal.loyalty.input.problem import InvalidInput
from tests.loyalty.small_club import members_of

CAFE = "{id: M-2, given name: Ann, formal name: Ms Ann, joined: 2021-01-01, tier: gold, account manager: ines}"
BUYER = "{id: M-1, given name: Bo, formal name: Mr Bo, joined: 2021-01-01, tier: gold}"
COUNTER = "{id: S-1, given name: Cy, formal name: Mr Cy, joined: 2021-01-01, staff: true}"


def reach(folder: Path, desk: str) -> list[str]:
    """Give the sheets of a member of staff with these words."""
    reader = COUNTER.replace("S-1", "S-2").replace("}", f", desk: {desk}}}")
    members = members_of(folder, CAFE, BUYER, COUNTER, reader)
    return [member.id for member in sheets_for(members[-1], members)]


@pytest.mark.parametrize(
    ("desk", "sheets"),
    [("[]", []), ("managers", ["M-1", "M-2"]), ("[ines]", ["M-2"]), ("[managers, ines]", ["M-1", "M-2"])],
)
def test_managers_read_all_sheets_and_others_those_of_their_customers(
    tmp_path: Path, desk: str, sheets: list[str]
) -> None:
    assert reach(tmp_path, desk) == sheets


def test_a_member_reads_no_sheet_whatever_the_entry_says(tmp_path: Path) -> None:
    members = members_of(tmp_path, CAFE, BUYER)
    assert sheets_for(members[0].model_copy(update={"desk": ("managers",)}), members) == ()


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (COUNTER.replace("}", ", desk: mangers}"), "did you mean `managers`?"),
        (BUYER.replace("}", ", desk: managers}"), "`desk` without `staff`, expected `staff: true`"),
    ],
)
def test_a_wrong_word_is_a_problem(tmp_path: Path, entry: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says.replace("?", r"\?")):
        members_of(tmp_path, entry)
