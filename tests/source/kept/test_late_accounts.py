"""Kept accounts of another day: as computed, without a line of the ledger that is read again."""

from __future__ import annotations

import shutil
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from members_portal.loyalty.ledger.ledger import Ledger, load_ledger
from members_portal.loyalty.programme.programme_file import load_programme
from members_portal.loyalty.standings import Standings, take_standings
from members_portal.source.kept import late_accounts
from members_portal.source.kept.kept_standings import standings_of_some
from members_portal.source.kept.late_accounts import KEPT_ACCOUNT
from members_portal.source.open_source import open_source
from members_portal.source.people import load_people
from members_portal.work_record import WorkRecord
from tests.portal.small_portal import PROJECT

TODAY, ISSUE_DAY = date(2026, 11, 28), date(2026, 11, 2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the members and the ledger of the sample."""
    shutil.copytree(PROJECT / "members", tmp_path / "members")
    return tmp_path / "members"


def take(folder: Path, record: WorkRecord | None, *, first: int = 3, on: date = ISSUE_DAY) -> Standings:
    """Take the standings of all members but the first ones on a day."""
    programme = load_programme(folder)
    with open_source(folder, None) as source:
        people = load_people(source, programme, TODAY, record=record)
    return standings_of_some(programme, people, record, people.members[first:], on)


def computed(folder: Path, *, first: int = 3, on: date = ISSUE_DAY) -> Standings:
    """Take the same standings without a record."""
    programme = load_programme(folder)
    with open_source(folder, None) as source:
        people = load_people(source, programme, TODAY)
    assert people.ledger is not None
    return take_standings(programme, people.members[first:], people.ledger.con, on)


def assert_alike(found: Standings, expected: Standings) -> None:
    """Compare all fields but the segments of the day, which only kept standings have."""
    for name in {field.name for field in fields(Standings)} - {"accounts", "day_segments"}:
        assert getattr(found, name) == getattr(expected, name), name
    assert dict(found.accounts) == dict(expected.accounts)


def test_some_members_on_another_day_are_as_computed_and_read_no_ledger(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, expected = WorkRecord(), computed(folder)
    assert_alike(take(folder, record), expected)
    monkeypatch.setattr("members_portal.loyalty.ledger.ledger.load_ledger", None)
    assert_alike(take(folder, record), expected)
    assert len(take(folder, record).accounts) == len(expected.accounts)
    with pytest.raises(KeyError):
        take(folder, record).accounts["M-1"]


@pytest.mark.parametrize(("first", "on"), [(5, ISSUE_DAY), (3, date(2026, 10, 1))], ids=["fewer members", "a day"])
def test_other_members_and_other_days_have_other_accounts(folder: Path, first: int, on: date) -> None:
    record = WorkRecord()
    dict(take(folder, record).accounts)
    assert_alike(take(folder, record, first=first, on=on), computed(folder, first=first, on=on))


def test_accounts_after_a_change_of_the_ledger_are_as_computed(folder: Path) -> None:
    record = WorkRecord()
    before = take(folder, record).accounts["M-1010"]
    with (folder / "ledger.csv").open("a", encoding="utf-8") as file:
        file.write("2026-10-27,M-1010,purchase,70.00,,,R-77,,\n")
    after = take(folder, record)
    assert_alike(after, computed(folder))
    assert after.accounts["M-1010"] != before


def test_an_account_that_is_not_kept_yet_is_computed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_accounts, "MOST_KEPT", 1)
    record, expected, loads = WorkRecord(), computed(folder), list[str]()
    dict(take(folder, record).accounts)
    assert sum(kind == KEPT_ACCOUNT for kind, _ in record._new) == 1

    def listed(source: Any, *arguments: Any, **named: Any) -> Ledger:
        loads.append(source.name)
        return load_ledger(source, *arguments, **named)

    monkeypatch.setattr("members_portal.loyalty.ledger.ledger.load_ledger", listed)
    assert_alike(take(folder, record), expected)
    assert len(loads) == 1


def test_few_accounts_are_in_memory_at_one_time(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(late_accounts, "MOST_BUILT", 2)
    monkeypatch.setattr(late_accounts, "MOST_KEPT", 5)
    record, expected = WorkRecord(), computed(folder).accounts
    for _ in range(2):
        found = take(folder, record).accounts
        assert isinstance(found, late_accounts.KeptAccounts)
        for member, account in expected.items():
            assert found[member] == account
            assert found[member] is found[member]
            assert len(found._built) <= 2
    assert sum(kind == KEPT_ACCOUNT for kind, _ in record._new) == 5


def test_nothing_is_kept_without_a_record(folder: Path) -> None:
    assert_alike(take(folder, None), computed(folder))
