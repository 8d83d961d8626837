"""Ledger lines of earlier years: in a file of the member's own, which is kept while it is the same."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from pelican import Pelican

from members_portal.loyalty.programme.shown_years import ShownYears
from members_portal.portal.generator import UNSEALED
from members_portal.portal.inputs import load_inputs
from members_portal.portal.personal.slot_batches import DueMember, SlotBatches
from members_portal.portal.personal.slot_maker import MadeSlots
from members_portal.portal.rendering.page_record import RenderWork
from members_portal.portal.rendering.slot import slot_file
from members_portal.work_record import WorkRecord
from tests.loyalty.small_club import MAYA, PROGRAMME
from tests.portal.small_portal import BARE_THEME, SITE_SETTINGS, listing, settings_of, text, write

FILE = slot_file("earlier", UNSEALED)
LEDGER = """\
date,member,kind,amount,reference
2022-03-01,M-1,purchase,10.00,W-1
2024-12-31,M-1,purchase,10.00,W-2
2025-01-01,M-1,purchase,10.00,W-3
2026-02-01,M-1,purchase,10.00,W-4
2026-02-01,M-2,purchase,10.00,W-5
"""
RUI = "{id: M-2, given name: Rui, formal name: Mr Costa, joined: 2021-01-01, tier: gold}"
THEME = {
    **BARE_THEME,
    "templates/slots/statement.html": "{% for line in activity.newest %}{{ line.reference }};{% endfor %}",
    "templates/slots/earlier.html": "{% for line in earlier %}{{ line.reference }} {{ line.why }};{% endfor %}",
}


class Club:
    """A club of two members in a folder, rendered on successive days with kept work."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.record = folder, WorkRecord()
        write(folder / "content", {"reports/all.md": text("For all", "members")})
        write(folder / "members", {"members.yaml": f"- {MAYA}\n- {RUI}\n", "ledger.csv": LEDGER})
        write(folder / "theme", THEME)
        self.programme()

    def programme(self, more: str = "") -> None:
        """Write programme.yaml."""
        write(self.folder / "members", {"programme.yaml": f"{PROGRAMME}{more}"})

    def render(self, on: date) -> dict[str, str]:
        """Render a day; return the text of the files of earlier years, by member."""
        inputs = load_inputs(self.folder / "content", self.folder / "members", on, SITE_SETTINGS, today=on)
        work = {"PORTAL_WORK": RenderWork(self.record, b"base"), "PORTAL_INPUTS": inputs}
        theme = str(self.folder / "theme")
        Pelican(settings_of(self.folder, THEME=theme, DELETE_OUTPUT_DIRECTORY=False, **work)).run()
        tree = self.folder / "tree"
        found = {path.split("/")[1]: path for path in listing(tree) if path.startswith("members/")}
        assert all(path == f"members/{member}/{FILE}" for member, path in found.items())
        return {member: (tree / path).read_text("utf-8") for member, path in found.items()}


@pytest.fixture
def club(tmp_path: Path) -> Club:
    return Club(tmp_path)


def count_rendered(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that gets the number of members that each rendering makes slots for."""
    counts, make = list[int](), SlotBatches.make

    def counted(batches: SlotBatches, due: Sequence[DueMember]) -> Iterator[MadeSlots]:
        counts.append(len(due))
        return make(batches, due)

    monkeypatch.setattr(SlotBatches, "make", counted)
    return counts


def test_the_years_shown_end_with_the_present_one() -> None:
    assert ShownYears().since(date(2026, 11, 20)) == date(2025, 1, 1)
    assert ShownYears(years=1).since(date(2026, 1, 1)) == date(2026, 1, 1)
    assert ShownYears(years=100).since(date(20, 5, 1)) == date(1, 1, 1)


def test_lines_before_the_years_shown_are_in_a_file_of_the_members_own(club: Club) -> None:
    assert club.render(date(2026, 11, 20)) == {"M-1": "W-2 earns nothing;W-1 earns nothing;"}
    assert (club.folder / "tree/editions/gold/account/earlier/index.html").exists()
    assert not (club.folder / "tree/public/account").exists()


@pytest.mark.long
def test_the_programme_states_the_years(club: Club) -> None:
    club.programme("statement: {years: 5}\n")
    assert club.render(date(2026, 11, 20)) == {}
    club.programme("statement: {years: 1}\n")
    assert club.render(date(2026, 11, 20)) == {"M-1": "".join(f"W-{n} earns nothing;" for n in (3, 2, 1))}


@pytest.mark.long
def test_a_year_moves_on_its_end(club: Club) -> None:
    assert club.render(date(2026, 12, 31))["M-1"].startswith("W-2")
    assert club.render(date(2027, 1, 1))["M-1"].startswith("W-3")


def test_nothing_is_rendered_on_a_day_without_a_change(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    counts = count_rendered(monkeypatch)
    first = club.render(date(2026, 11, 20))
    assert club.render(date(2026, 11, 21)) == first
    assert counts == [2, 0]


@pytest.mark.long
@pytest.mark.parametrize("damage", ["another", "missing"])
def test_a_file_that_is_not_as_it_was_is_made_again(club: Club, damage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = club.render(date(2026, 11, 20))
    counts = count_rendered(monkeypatch)
    if damage == "another":
        (club.folder / "tree/members/M-1" / FILE).write_text("another text")
    else:
        shutil.rmtree(club.folder / "tree")
    assert club.render(date(2026, 11, 20)) == first
    assert counts == [1]
