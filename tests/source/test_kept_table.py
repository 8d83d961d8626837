"""Kept tables: an unchanged table is not read again, and what is kept is what was read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.source.folder import Folder
from members_portal.source.kept_table import KEPT_TABLE
from members_portal.source.people import People, load_people
from members_portal.work_record import WorkRecord
from tests.loyalty.example import programme_of

TODAY = date(2026, 11, 28)
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
    return load_people(folder, programme_of(rules), TODAY, zone=zoned, memory=record, code=code)


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
    assert kept(record) == 4
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
