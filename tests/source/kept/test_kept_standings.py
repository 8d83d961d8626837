"""Kept standings: those of unchanged members, ledger and rules are as computed, and no line of the ledger is read."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from members_portal.loyalty.engine.account_table import AccountTable
from members_portal.loyalty.input.problem import InvalidInput
from members_portal.loyalty.ledger.ledger import Ledger, load_ledger
from members_portal.loyalty.programme.programme_file import load_programme
from members_portal.loyalty.standings import Standings
from members_portal.source.kept.kept_ledger import LEDGER_ROWS, kept_ledger
from members_portal.source.kept.kept_standings import KEPT_STANDINGS, kept_standings
from members_portal.source.kept.late_accounts import LateAccounts
from members_portal.source.open_source import open_source
from members_portal.source.people import People, load_people
from members_portal.work_record import WorkRecord
from tests.long_cases import quick_first
from tests.portal.small_portal import PROJECT

ON = date(2026, 11, 28)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the members and the ledger of the sample, with a line that has a warning."""
    shutil.copytree(PROJECT / "members", tmp_path / "members")
    add_line(tmp_path / "members")
    add_line(tmp_path / "members", "2026-11-26", "refund", "5.00")
    return tmp_path / "members"


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the names of the ledgers that are read."""
    found: list[str] = []

    def listed(source: Any, *arguments: Any, **named: Any) -> Ledger:
        found.append(source.name)
        return load_ledger(source, *arguments, **named)

    monkeypatch.setattr("members_portal.loyalty.ledger.ledger.load_ledger", listed)
    return found


def read(folder: Path, record: WorkRecord | None, *, on: date = ON, code: bytes = b"") -> tuple[People, Standings]:
    """Read people, and take their standings."""
    programme = load_programme(folder)
    with open_source(folder, None) as source:
        people = load_people(source, programme, max(ON, on), record=record, code=code)
    return people, kept_standings(programme, people, on, record)


def assert_same(found: tuple[People, Standings], expected: tuple[People, Standings]) -> None:
    """Compare members, warnings, and every field of standings, the accounts last."""
    assert (found[0].members, found[0].dropped, found[0].warnings) == (
        expected[0].members,
        expected[0].dropped,
        expected[0].warnings,
    )
    for field in sorted(fields(Standings), key=lambda field: field.name == "accounts"):
        one, other = getattr(found[1], field.name), getattr(expected[1], field.name)
        assert (dict(one) if field.name == "accounts" else one) == (dict(other) if field.name == "accounts" else other)


def test_standings_of_unchanged_inputs_are_as_computed_and_read_no_ledger(folder: Path, loads: list[str]) -> None:
    record, fresh = WorkRecord(), read(folder, None)
    assert fresh[0].warnings, "the refund is dated before its purchase"
    assert_same(read(folder, record), fresh)
    loads.clear()
    again = read(folder, record)
    assert (again[1].members, again[1].segments, again[1].used) == (fresh[1].members, fresh[1].segments, fresh[1].used)
    assert len(again[1].accounts) == len(fresh[1].accounts)
    assert ("M-1001" in again[1].accounts, "M-1" in again[1].accounts) == (True, False)
    assert loads == []
    assert_same(again, fresh)
    assert len(loads) == 1


def add_line(folder: Path, day: str = "2026-11-27", kind: str = "purchase", amount: str = "70.00") -> None:
    """Add a line of one order to the ledger."""
    with (folder / "ledger.csv").open("a", encoding="utf-8") as file:
        file.write(f"{day},M-1001,{kind},{amount},,,R-77,,\n")


def replaced(file: str, old: str, new: str) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        text = (folder / file).read_text("utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), "utf-8")

    return change


def inbox_line(folder: Path) -> None:
    """Add a line that an answer brought."""
    (folder / "inbox").mkdir(exist_ok=True)
    (folder / "inbox/ledger.csv").write_text("date,member,kind,reference\n2026-11-27,M-1001,review,A-1\n", "utf-8")
    (folder / "inbox/taken.csv").write_text("number\nA-1\n", "utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a line": add_line,
    "the consent of a member": replaced("members.yaml", "post: true", "post: false"),
    "a threshold": replaced("programme.yaml", "pending days: ", "pending days: 1"),
    "a line of the inbox": inbox_line,
}


@pytest.mark.parametrize("change", quick_first(CHANGES, 1))
def test_standings_after_a_change_are_as_computed(folder: Path, change: str) -> None:
    record = WorkRecord()
    before = read(folder, record)
    CHANGES[change](folder)
    after = read(folder, record)
    assert_same(after, read(folder, None))
    assert after[1].accounts["M-1001"] != before[1].accounts["M-1001"] or after[1].members != before[1].members
    assert_same(read(folder, record), read(folder, None))


def test_another_day_and_other_code_take_other_standings(folder: Path, loads: list[str]) -> None:
    record = WorkRecord()
    read(folder, record)
    assert_same(read(folder, record, on=ON - timedelta(days=40)), read(folder, None, on=ON - timedelta(days=40)))
    assert_same(read(folder, record, on=ON + timedelta(days=3)), read(folder, None, on=ON + timedelta(days=3)))
    loads.clear()
    assert_same(read(folder, record, code=b"other"), read(folder, None))
    assert len(loads) == 2
    assert sum(kind == KEPT_STANDINGS for kind, _ in record._new) == 4


def test_a_ledger_that_changes_during_the_publish_is_told_when_its_lines_are_needed(folder: Path) -> None:
    record = WorkRecord()
    read(folder, record)
    _, standings = read(folder, record)
    CHANGES["a line"](folder)
    with pytest.raises(InvalidInput, match=r"ledger.csv: has changed during the publish"):
        standings.accounts["M-1001"]


@pytest.mark.parametrize("name", ["ledger.csv", "inbox/ledger.csv"])
def test_a_ledger_that_cannot_be_read_is_told_with_its_place(folder: Path, name: str) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).mkdir()
    with pytest.raises(InvalidInput, match=rf"{name}: can't be read: Is a directory"):
        read(folder, WorkRecord())


def test_a_ledger_that_changes_while_it_is_read_is_not_kept() -> None:
    digests, record = iter("12"), WorkRecord()
    found = kept_ledger(record, b"", lambda: Ledger(lambda: None, "ledger.csv"), lambda: next(digests))  # type: ignore[arg-type,return-value]
    assert (found.digest, record._new) == (b"", {})


def test_rows_of_a_ledger_are_kept_as_they_are(folder: Path, loads: list[str]) -> None:
    query, record = "select n, day, item, 2::hugeint ** 90 from line where day > ? order by n", WorkRecord()
    first = read(folder, record)[0].ledger
    assert first is not None
    rows = first.rows(query, [date(2026, 11, 1)])
    assert (type(rows[0]), type(rows[0][1])) == (tuple, date)
    loads.clear()
    again = read(folder, record)[0].ledger
    assert again is not None
    assert (again.rows(query, [date(2026, 11, 1)]), loads) == (rows, [])
    assert again.rows(query, [date(2026, 11, 20)]) == [row for row in rows if row[1] > date(2026, 11, 20)]
    assert sum(kind == LEDGER_ROWS for kind, _ in record._new) == 2


def test_the_accounts_of_expected_members_are_read_together() -> None:
    announced: list[list[str]] = []

    class Accounts(dict[str, Any]):
        def expect(self, members: list[str]) -> None:
            announced.append(members)

    late = LateAccounts([], lambda: Accounts())
    late.expect(["M-1", "M-2"])
    assert announced == []
    with pytest.raises(KeyError):
        late["M-1"]
    assert len(late._accounts) == 0
    late.expect(["M-3"])
    assert announced == [["M-1", "M-2"], ["M-3"]]


def test_nothing_is_kept_without_a_record_or_a_ledger(folder: Path) -> None:
    people, standings = read(folder, None)
    assert people.digest == b""
    assert isinstance(standings.accounts, AccountTable)
    (folder / "ledger.csv").unlink()
    record = WorkRecord()
    assert_same(read(folder, record), read(folder, None))
    assert not any(kind == KEPT_STANDINGS for kind, _ in record._new)
