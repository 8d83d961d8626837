"""Thanks in an issue: to whom, for which items, in letters and in e-mail."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from members_portal.loyalty.member.member import Member
from members_portal.newsletter.issue import Thanks
from members_portal.portal.answering.received_answers import ReceivedAnswers
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.publish.issue.answer_thanks import MOST_THANKS, thanks_in
from tests.portal.small_portal import text, write
from tests.publish.issue.test_member_sheets import sheets_of
from tests.publish.issue.test_print_contents import SITE, small

HERS, HIS = "A-0000-0000-0001", "A-0000-0000-0002"
RECEIVED = ReceivedAnswers(member_of={HERS: "M-1", HIS: "M-2"})


def feedback(title: str, audience: str = "members", numbers: str = HERS, state: str = "done", **more: str) -> str:
    return text(title, audience, f"Said: Bags.\nState: {state}\nAnswers: [{numbers}]", **more)


def inputs_with(folder: Path, **items: str) -> Inputs:
    """Return the inputs of a small portal whose issue is of 1 November, with items of feedback."""
    write(folder / "content", {f"feedback/{name}.md": item for name, item in items.items()})
    return replace(small(folder), received=RECEIVED)


def winter(inputs: Inputs) -> Item:
    return inputs.library.items["newsletters/winter.md"]


def member(inputs: Inputs, number: str) -> Member:
    return next(each for each in inputs.members if each.id == number)


def titles(inputs: Inputs, number: str) -> list[str]:
    return [each.title for each in thanks_in(winter(inputs), inputs)(member(inputs, number))]


def test_only_those_who_said_it_are_thanked(tmp_path: Path) -> None:
    inputs = inputs_with(tmp_path, bags=feedback("Bags"), boats=feedback("Boats", numbers=f"{HERS}, {HIS}"))
    assert (titles(inputs, "M-1"), titles(inputs, "M-2")) == (["Boats", "Bags"], ["Boats"])
    assert titles(inputs, "M-3") == []


@pytest.mark.parametrize(
    ("title", "more"),
    [
        ("of another tier", {"audience": "silver"}),
        ("after the issue", {"publish": "2026-11-02"}),
        ("not published", {"publish": "2026-12-24"}),
    ],
)
def test_an_item_that_the_issue_can_not_have_is_not_named(tmp_path: Path, title: str, more: dict[str, str]) -> None:
    assert titles(inputs_with(tmp_path, bags=feedback(title, **more)), "M-1") == []


def test_the_newest_are_named_first_and_not_more_than_two(tmp_path: Path) -> None:
    items = {f"n{day}": feedback(f"Day {day}", publish=f"2026-10-0{day}") for day in range(1, 6)}
    assert titles(inputs_with(tmp_path, **items), "M-1") == ["Day 5", "Day 4"]
    assert MOST_THANKS == 2


def test_the_sheet_of_the_letter_has_them(tmp_path: Path) -> None:
    inputs = inputs_with(tmp_path, bags=feedback("Bags", state="not-now"))
    sheet = sheets_of(inputs, winter(inputs))["M-1"]
    assert sheet.thanks == (Thanks("Bags", "not-now", f"{SITE}you-said-we-did/bags/"),)
