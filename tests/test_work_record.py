"""The work record: what was kept is found again, and a file that is not genuine is as an empty one."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from members_portal.work_record import TABLE_VERSION, WorkRecord, digest_of

KEY = b"k" * 32
ONE, OTHER = digest_of("one"), digest_of("other")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return the file of a record that holds ONE of the kind `page`."""
    file = tmp_path / "cache" / "work.sqlite"
    record = WorkRecord(file, KEY)
    record.keep("page", ONE, b"<p>one</p>")
    record.save()
    record.close()
    return file


def found(file: Path, kind: str = "page", digest: bytes = ONE, key: bytes = KEY) -> bytes | None:
    record = WorkRecord(file, key)
    data = record.find(kind, digest)
    record.close()
    return data


def test_what_was_kept_is_found_under_its_kind_and_digest(file: Path) -> None:
    assert found(file) == b"<p>one</p>"
    assert found(file, "body") is None
    assert found(file, digest=OTHER) is None


def test_it_is_found_before_it_is_saved() -> None:
    record = WorkRecord()
    record.keep("page", ONE, b"1")
    assert record.find("page", ONE) == b"1"
    record.save()


def test_entries_of_a_kind_that_was_read_at_once_are_found(file: Path) -> None:
    with closing(sqlite3.connect(file)) as table, table:
        table.execute("INSERT INTO entry SELECT kind, ?, data FROM entry", (OTHER,))
    record = WorkRecord(file, KEY)
    record.load("page")
    record.keep("page", digest_of("new"), b"new")
    assert [record.find("page", digest) for digest in (ONE, OTHER, digest_of("new"))] == [b"<p>one</p>", None, b"new"]
    record.close()
    assert record.find("page", ONE) == b"<p>one</p>"


def test_an_entry_of_another_key_is_none(file: Path) -> None:
    assert found(file, key=b"l" * 32) is None


@pytest.mark.parametrize("column", ["kind", "digest", "data"])
def test_an_entry_that_was_changed_or_moved_is_none(file: Path, column: str) -> None:
    new = {"kind": "body", "digest": OTHER, "data": b"x" * 60}[column]
    with closing(sqlite3.connect(file)) as table, table:
        table.execute(f"UPDATE entry SET {column} = ?", (new,))
    asked = {"kind": ("body", ONE), "digest": ("page", OTHER), "data": ("page", ONE)}[column]
    assert found(file, *asked) is None


def test_an_entry_that_holds_no_bytes_is_none(file: Path) -> None:
    with closing(sqlite3.connect(file)) as table, table:
        table.execute("UPDATE entry SET data = NULL")
    assert found(file) is None


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "text", "other version"])
def test_a_damaged_file_is_as_an_empty_one_and_is_written_anew(file: Path, damage: str) -> None:
    data = file.read_bytes()
    if damage == "other version":
        with closing(sqlite3.connect(file)) as table, table:
            table.execute(f"PRAGMA user_version = {TABLE_VERSION + 1}")
    else:
        middle = len(data) // 2
        flipped = data[:20] + bytes(byte ^ 255 for byte in data[20:])
        file.write_bytes({"cut": data[:middle], "flipped": flipped, "empty": b"", "text": b"no table"}[damage])
    record = WorkRecord(file, KEY)
    assert record.find("page", ONE) is None
    record.keep("page", OTHER, b"2")
    record.save()
    record.close()
    for _ in range(2):  # a file that is damaged only inside may be found so at the first `save`
        record = WorkRecord(file, KEY)
        record.keep("page", OTHER, b"2")
        record.save()
        record.close()
    assert found(file, digest=OTHER) == b"2"


def test_a_whole_run_removes_what_it_did_not_use_and_only_of_the_kinds_it_used(file: Path) -> None:
    for kind in ("page", "body"):
        record = WorkRecord(file, KEY)
        record.keep(kind, OTHER, b"2")
        record.save(is_whole=kind == "body")
        record.close()
    assert found(file) == b"<p>one</p>"
    record = WorkRecord(file, KEY)
    assert record.find("page", OTHER) == b"2"
    record.save()
    record.close()
    assert found(file) is None
    assert found(file, "body", OTHER) == b"2"


def test_a_file_in_use_is_read_and_not_written(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        record = WorkRecord(file, KEY)
        assert record.find("page", ONE) == b"<p>one</p>"
        record.keep("page", OTHER, b"2")
        record.save()
        record.close()
        other.execute("ROLLBACK")
    assert found(file, digest=OTHER) is None


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    record = WorkRecord(tmp_path / "cache" / "work.sqlite", KEY)
    record.keep("page", ONE, b"1")
    record.save()
    assert record.find("page", ONE) == b"1"
    assert (tmp_path / "cache").read_text() == "a file"


def test_without_a_key_nothing_is_written(tmp_path: Path) -> None:
    record = WorkRecord(tmp_path / "work.sqlite", None)
    record.keep("page", ONE, b"1")
    record.save()
    assert not list(tmp_path.iterdir())


def test_only_its_owner_reads_the_file(file: Path) -> None:
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_lists_of_parts_have_one_digest_each() -> None:
    lists = [("ab",), ("a", "b"), ("", "ab"), ("a", "b", ""), (b"ab", "c")]
    assert len({digest_of(*parts) for parts in lists}) == len(lists)
