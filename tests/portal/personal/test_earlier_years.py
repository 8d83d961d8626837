"""Ledger lines of earlier years: an own text of the member, which is kept while it is the same."""

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
from members_portal.portal.personal.slot_table import PIECES
from members_portal.portal.rendering.page_record import RenderWork
from members_portal.portal.rendering.slot import slot_file
from members_portal.seal.member_slots import MemberSlots
from members_portal.work_record import WorkRecord
from tests.loyalty.small_club import MAYA, PROGRAMME
from tests.portal.small_portal import BARE_THEME, SITE_SETTINGS, settings_of, text, write

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
        """Render a day; return the texts of earlier years, by member."""
        inputs = load_inputs(self.folder / "content", self.folder / "members", on, SITE_SETTINGS, today=on)
        work = {"PORTAL_WORK": RenderWork(self.record, b"base"), "PORTAL_INPUTS": inputs}
        work["PORTAL_CACHE"] = str(self.folder / "cache")
        theme = str(self.folder / "theme")
        Pelican(settings_of(self.folder, THEME=theme, DELETE_OUTPUT_DIRECTORY=False, **work)).run()
        texts = MemberSlots(self.folder / "tree").texts
        assert all(place.path == FILE for place in texts.values())
        return {member: place.read().decode() for member, place in texts.items()}


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


def test_lines_before_the_years_shown_are_an_own_text(club: Club) -> None:
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


@pytest.mark.parametrize(("damage", "rendered"), [("the tree is gone", 0), ("the cache is another", 2)])
def test_texts_are_those_of_the_cache_if_it_is_as_it_was(
    club: Club, damage: str, rendered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = club.render(date(2026, 11, 20))
    counts = count_rendered(monkeypatch)
    shutil.rmtree(club.folder / "tree")
    if "cache" in damage:
        (club.folder / "cache" / PIECES).write_bytes(b"another text")
    assert club.render(date(2026, 11, 20)) == first
    assert counts == [rendered]


def test_a_text_that_begins_is_rendered_beside_kept_ones(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    first = club.render(date(2026, 11, 20))
    counts = count_rendered(monkeypatch)
    write(club.folder / "members", {"ledger.csv": f"{LEDGER}2023-05-01,M-2,purchase,10.00,W-6\n"})
    assert club.render(date(2026, 11, 20)) == {**first, "M-2": "W-6 earns nothing;"}
    write(club.folder / "members", {"ledger.csv": LEDGER})
    assert club.render(date(2026, 11, 20)) == first
    assert counts == [1, 1]
