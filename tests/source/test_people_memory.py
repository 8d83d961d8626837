"""People and standings that a preview keeps."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from members_portal.loyalty.standings import Standings
from members_portal.portal.inputs import Inputs, load_inputs
from members_portal.source.kept.people_memory import PeopleMemory
from members_portal.source.people import People
from tests.portal.small_portal import PROJECT, SITE_SETTINGS

ON = date(2026, 11, 28)


def people_of() -> People:
    return People([], None, {})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / "ledger.csv").write_text("date", "utf-8")
    (tmp_path / "deep" / "members.csv").write_text("id", "utf-8")
    return tmp_path


def test_people_are_loaded_again_after_a_change_of_a_file(folder: Path) -> None:
    memory = PeopleMemory()
    first = memory.people(folder, (ON,), people_of)
    assert memory.people(folder, (ON,), people_of) is first
    (folder / "deep" / "members.csv").write_text("ID", "utf-8")
    second = memory.people(folder, (ON,), people_of)
    assert second is not first
    (folder / "deep" / "members.csv").rename(folder / "deep" / "persons.csv")
    third = memory.people(folder, (ON,), people_of)
    assert third is not second
    (folder / "deep").rename(folder / "dark")
    assert memory.people(folder, (ON,), people_of) is not third


def test_people_are_loaded_again_for_other_rules_or_another_day(folder: Path) -> None:
    memory = PeopleMemory()
    first = memory.people(folder, (ON,), people_of)
    assert memory.people(folder, (date(2026, 11, 29),), people_of) is not first


def test_people_of_a_database_are_not_kept() -> None:
    memory = PeopleMemory()
    assert memory.people(None, (ON,), people_of) is not memory.people(None, (ON,), people_of)


def test_people_whose_file_changes_while_it_is_read_are_not_kept(folder: Path) -> None:
    memory = PeopleMemory()

    def load() -> People:
        (folder / "ledger.csv").write_text("day", "utf-8")
        return people_of()

    torn = memory.people(folder, (ON,), load)
    (folder / "ledger.csv").write_text("date", "utf-8")
    assert memory.people(folder, (ON,), people_of) is not torn


def test_standings_are_computed_again_for_other_people_or_another_day() -> None:
    memory, people = PeopleMemory(), people_of()

    def take() -> Standings:
        return Standings.__new__(Standings)

    first = memory.standings(people, (ON,), take)
    assert memory.standings(people, (ON,), take) is first
    assert memory.standings(people, (date(2026, 11, 29),), take) is not first
    assert memory.standings(people_of(), (ON,), take) is not first


@pytest.mark.long
def test_inputs_are_the_same_with_and_without_a_memory(tmp_path: Path) -> None:
    members, memory = tmp_path / "members", PeopleMemory()
    shutil.copytree(PROJECT / "members", members)

    def load(memory: PeopleMemory | None) -> Inputs:
        return load_inputs(PROJECT / "content", members, ON, SITE_SETTINGS, today=ON, links=False, memory=memory)

    kept, again = load(memory), load(memory)
    assert again.standings is kept.standings
    with (members / "ledger.csv").open("a", encoding="utf-8") as file:
        file.write("2026-11-27,M-1001,purchase,100.00,,,,,\n")
    changed, fresh = load(memory), load(None)
    assert changed.standings.accounts != kept.standings.accounts
    assert (changed.members, changed.standings.accounts) == (fresh.members, fresh.standings.accounts)
    assert changed.warnings == fresh.warnings
