"""The lists of people to talk to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.standings import Standings
from members_portal.portal.answering.waiting_answer import WaitingAnswer
from members_portal.portal.desk import work_list
from members_portal.portal.desk.sheet import SheetFacts
from members_portal.portal.desk.work_list import WorkLists, work_lists
from tests.loyalty.small_club import PROGRAMME, members_of, programme_of
from tests.portal.desk.answers import said

ON = date(2026, 11, 20)
ENTRY = "{{id: {}, given name: {}, formal name: X, joined: 2021-01-01, tier: gold}}"
SEGMENTS = "segments:\n  - {key: quiet, name: Quiet, lapsed days: 90}\n  - {key: near, name: Near, tiers: [silver]}\n"
NAMED = "staff: {close segments: [near]}\n"
FACTS = {
    "M-1": SheetFacts(goal="Gold", missing=Decimal(30), share=Decimal("0.15"), spent=Decimal(10)),
    "M-2": SheetFacts(goal="Gold", missing=Decimal(31), share=Decimal("0.16"), spent=Decimal(90)),
    "M-3": SheetFacts(goal="", share=Decimal(1)),
}


WAITING = [
    WaitingAnswer("A-1", "M-2", date(2026, 11, 2), 14, date(2026, 11, 4), is_late=True),
    WaitingAnswer("A-2", "M-9", date(2026, 11, 3), 13, date(2026, 11, 5), is_late=True),  # another reader's
    WaitingAnswer("A-3", "M-1", date(2026, 11, 4), 12, date(2026, 11, 6), is_late=True),
    WaitingAnswer("A-4", "M-2", date(2026, 11, 5), 11, date(2026, 11, 9), is_late=True),
    WaitingAnswer("A-5", "M-1", date(2026, 11, 19), 1, date(2026, 11, 23)),
]


@pytest.fixture
def members(tmp_path: Path) -> list[Member]:
    return members_of(tmp_path, *(ENTRY.format(number, number) for number in FACTS))


def lists(folder: Path, members: list[Member], more: str = "", **segments: tuple[str, ...]) -> WorkLists:
    """Return the lists of a reader of all sheets; `more` are lines of the programme."""
    programme = programme_of(folder / "club", PROGRAMME + SEGMENTS + more)
    standings = Standings(ON, programme, members, segments={f"M-{key[-1]}": keys for key, keys in segments.items()})
    heard = {
        "M-1": [said("2026-11-19", "S-1", "note", "M-1", reason="Moved"), said("2026-11-01", theme="Delivery")],
        "M-2": [said("2026-11-02", "M-2", theme="Repairs"), said("2025-11-01", "M-2", theme="Long ago")],
    }
    return work_lists(members, FACTS, heard, standings, WAITING)


def test_who_misses_fifteen_per_cent_at_most_is_close(tmp_path: Path, members: list[Member]) -> None:
    assert [one.member.id for one in lists(tmp_path, members).close] == ["M-1"]


def test_the_programmes_own_segments_come_instead(tmp_path: Path, members: list[Member]) -> None:
    found = lists(tmp_path, members, NAMED, m2=("near",), m3=("near",))
    assert [one.member.id for one in found.close] == ["M-2"]


def test_quiet_members_come_by_their_spend_with_the_newest_note(tmp_path: Path, members: list[Member]) -> None:
    found = lists(tmp_path, members, m1=("quiet",), m2=("quiet",))
    assert [(one.member.id, one.note) for one in found.quiet] == [("M-2", ""), ("M-1", "Moved")]


def test_feedback_of_a_year_is_told_by_theme_newest_first(tmp_path: Path, members: list[Member]) -> None:
    assert list(lists(tmp_path, members).said) == ["Repairs", "Delivery"]


def test_what_waits_longer_than_promised_is_listed_for_readers_of_the_sheet(
    tmp_path: Path, members: list[Member]
) -> None:
    found = lists(tmp_path, members)
    assert [(one.member.id, one.answer.number, one.more) for one in found.overdue] == [
        ("M-2", "A-1", 1),
        ("M-1", "A-3", 0),
    ]
    assert found.all_overdue == 2


def test_a_long_list_is_cut_and_says_so(tmp_path: Path, members: list[Member], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work_list, "MOST_LISTED", 1)
    found = lists(tmp_path, members, m1=("quiet",), m2=("quiet",))
    assert ([one.member.id for one in found.quiet], found.all_quiet) == (["M-2"], 2)
