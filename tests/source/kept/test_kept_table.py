"""Kept tables: an unchanged table is not read again, an unchanged row is not checked again; the result is the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from members_portal.loyalty.input.located_yaml import Located
from members_portal.loyalty.input.parsing import parse
from members_portal.loyalty.input.problem import InvalidInput, _real_folder
from members_portal.loyalty.member.member import Member
from members_portal.source.folder import Folder
from members_portal.source.kept.kept_table import KEPT_TABLE
from members_portal.source.open_source import open_source
from members_portal.source.people import People, Source, load_people
from members_portal.source.sqlite import open_sqlite
from members_portal.work_record import WorkRecord
from tests.loyalty.example import programme_of

TODAY = date(2026, 11, 28)
RULES = "points: {}\nchannels: {email: By e-mail}"
ROW = "M-1,Maya,Ms Okafor,2020-01-01,gold,39\n"
TABLE = "id,given name,formal name,joined,tier,shoe size\n" + ROW


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    (tmp_path / "members.csv").write_text(TABLE, "utf-8")
    return Folder(tmp_path)


def people(
    folder: Folder, record: WorkRecord, *, code: bytes = b"", rules: str = "points: {}", zone: str = ""
) -> People:
    zoned = ZoneInfo(zone) if zone else None
    return load_people(folder, programme_of(rules), TODAY, zone=zoned, record=record, code=code)


def kept(record: WorkRecord) -> int:
    """Count the tables that a record has."""
    return sum(kind == KEPT_TABLE for kind, _ in record._new)


def test_an_unchanged_table_gives_the_members_and_dropped_columns_that_were_read(folder: Folder) -> None:
    record = WorkRecord()
    first = people(folder, record)
    second = people(folder, record)
    assert (second.members, second.dropped, second.warnings) == (first.members, first.dropped, ())
    assert kept(record) == 1
    assert second.members[0] is not first.members[0]


def test_a_changed_table_other_rules_another_zone_or_other_code_are_read_again(folder: Folder) -> None:
    record = WorkRecord()
    people(folder, record)
    people(folder, record, code=b"other")
    people(folder, record, rules="points: {}\ncurrency: SEK")
    people(folder, record, zone="Europe/Dublin")
    assert kept(record) == 4  # one for each set of rules
    (folder.path / "members.csv").write_text(TABLE + ROW.replace("M-1", "M-2"), "utf-8")
    assert [member.id for member in people(folder, record).members] == ["M-1", "M-2"]


def test_a_table_with_a_problem_or_a_warning_is_read_each_time(folder: Folder) -> None:
    record = WorkRecord()
    (folder.path / "Ledger.csv").write_text("", "utf-8")  # is not read, and named in a problem
    for _ in range(2):
        with pytest.raises(InvalidInput, match=r"its name differs in case"):
            people(folder, record)
    assert kept(record) == 0


def test_a_file_that_comes_beside_an_unchanged_table_is_told(folder: Folder) -> None:
    record = WorkRecord()
    assert people(folder, record).warnings == ()
    (folder.path / "ledger.xlsx").write_text("", "utf-8")
    assert len(people(folder, record).warnings) == 1


def test_a_folder_beside_an_unchanged_table_that_becomes_a_file_is_told(folder: Folder) -> None:
    record, name = WorkRecord(), folder.path / "ledger.xlsx"
    name.mkdir()
    assert people(folder, record).warnings == ()
    name.rmdir()
    name.write_text("", "utf-8")
    assert len(people(folder, record).warnings) == 1


def test_columns_that_are_not_read_are_told_with_the_file_that_a_link_leads_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, link = WorkRecord(), tmp_path / "members"
    monkeypatch.chdir(tmp_path)
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "members.csv").write_text(TABLE, "utf-8")
        link.unlink(missing_ok=True)
        link.symlink_to(name)
        _real_folder.cache_clear()  # another process would read the link anew
        assert people(Folder(link), record).dropped == {f"{name}/members.csv": ("shoe size",)}


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the id of a member each time that a row is checked."""
    found: list[str] = []

    def listed(kind: type[Member], located: Located, value: dict[str, str], *more: Any, **named: Any) -> Member | None:
        found.append(value["id"])
        return parse(kind, located, value, *more, **named)

    monkeypatch.setattr("members_portal.loyalty.member.member.parse", listed)
    return found


HEADER = "id,given name,formal name,joined,tier,email,consent,formerly\n"
TABLES = {  # what the table has next, and the ids of the rows that are checked for it
    "three members": (
        "M-1,Maya,Ms Okafor,2020-01-01,gold,a@b.example,,\nM-2,Ana,Ms Lee,2020-01-01,gold,c@d.example,,\n",
        "1 2",
    ),
    "a row more": ("+M-3,Eve,Ms Lee,2020-01-01,silver,e@f.example,,\n", "3"),
    "another tier": ("M-2,Ana,Ms Lee,2020-01-01,gold>M-2,Ana,Ms Lee,2020-01-01,silver", "2"),
    "an address twice": ("+M-4,Ada,Ms Lee,2020-01-01,gold,a@b.example,,\n", "4"),
    "the same once more": (">", ""),
    "no address that a message can be sent to": ("+M-5,Ida,Ms Lee,2020-01-01,gold,i..x@b.example,email,\n", "5"),
    "that row once more": (">", "5"),
    "a former number": ("+M-6,Zoe,Ms Lee,2020-01-01,gold,,,M-0\n", "5 6"),
    "a row less": ("M-1,Maya,Ms Okafor,2020-01-01,gold,a@b.example,,\n>", "5"),
    "another order": ("M-3,Eve,Ms Lee,2020-01-01,silver,e@f.example,,\n>", "5"),
}


@pytest.mark.parametrize("kind", ["csv", "sqlite"])
def test_only_changed_rows_are_checked_and_all_is_as_read_from_nothing(
    tmp_path: Path, checked: list[str], kind: str
) -> None:
    record, table = WorkRecord(), HEADER
    for change, expected in TABLES.values():
        old, _, new = change.partition(">")
        table = table + old.removeprefix("+") if old.startswith("+") or table == HEADER else table.replace(old, new)
        with source_of(table, tmp_path, kind) as source:
            first = read(source, record)
            found, checked[:] = " ".join(sorted(one.removeprefix("M-") for one in checked)), []
            second = read(source, WorkRecord())
        assert (first.members, first.dropped) == (second.members, second.dropped)
        assert [*map(str, first.warnings)] == [*map(str, second.warnings)]
        assert found == expected
        checked.clear()


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("M-1,Eve,Ms Lee,2021-01-01,gold,,,\n", r"members.csv:3:1: .*this id is used twice \(first on line 2\)"),
        ("M-3,Eve,Ms Lee,2021-01-01,gold,,,M-1\n", r"members.csv:3:\d+: .*this number belongs to a member"),
        ("M-3,Eve,Ms Lee,2021-01-01,copper,,,\n", r"members.csv:3:\d+: .*copper"),
        ("M-3,Eve\n", r"members.csv:3:1: .*has 2 cells"),
    ],
)
def test_an_error_beside_known_rows_is_told_with_its_place(tmp_path: Path, row: str, told: str) -> None:
    table, record = HEADER + "M-1,Maya,Ms Lee,2020-01-01,gold,,,\n", WorkRecord()
    with source_of(table, tmp_path, "csv") as source:
        read(source, record)
    for _ in range(2):
        with source_of(table + row, tmp_path, "csv") as source, pytest.raises(InvalidInput, match=told):
            read(source, record)


def test_an_error_in_a_known_row_is_told_with_its_place(tmp_path: Path) -> None:
    row, record = "M-3,Eve,Ms Lee,2021-01-01,gold,,,M-7\n", WorkRecord()
    with source_of(HEADER + row, tmp_path, "csv") as source:
        read(source, record)
    taken = HEADER + "M-7,Maya,Ms Lee,2020-01-01,gold,,,\n" + row
    with source_of(taken, tmp_path, "csv") as source, pytest.raises(InvalidInput, match=r"members.csv:3:34: .*belongs"):
        read(source, record)


def test_members_beside_the_ledger_of_the_inbox_are_kept(folder: Folder, checked: list[str]) -> None:
    record = WorkRecord()
    (folder.path / "inbox").mkdir()
    (folder.path / "inbox/ledger.csv").write_text("date,member,kind,answer\n", "utf-8")
    for _ in range(2):
        with open_source(folder.path, None) as source:
            assert len(read(source, record).members) == 1
    assert checked == ["M-1"]


@contextmanager
def source_of(table: str, folder: Path, kind: str) -> Iterator[Source]:
    """Open a table as members.csv, or as that of a database."""
    if kind == "csv":
        (folder / "members.csv").write_text(table, "utf-8")
        yield Folder(folder)
        return
    rows = [line.split(",") for line in table.splitlines()]
    (file := folder / "club.db").unlink(missing_ok=True)
    with closing(sqlite3.connect(file)) as con:
        con.execute(f"create table portal_members ({', '.join(name.replace(' ', '_') for name in rows[0])})")
        con.executemany(f"insert into portal_members values ({', '.join('?' * len(rows[0]))})", rows[1:])
        con.commit()
    with open_sqlite(file) as source:
        yield source


def read(source: Source, record: WorkRecord) -> People:
    """Read members without rules for a ledger."""
    return load_people(source, programme_of(RULES), TODAY, record=record)
