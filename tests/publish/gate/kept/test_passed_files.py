"""Files that passed a check: known by digest at the next publish, and only there."""

from __future__ import annotations

from pathlib import Path

from members_portal.publish.gate.kept.passed_files import PassedFiles
from members_portal.work_record import WorkRecord

KEY, CODE = b"k" * 32, b"code"


def kept(file: Path, *passed: str, check: str = "media") -> None:
    work = WorkRecord(file, KEY)
    files = PassedFiles(work, check, CODE)
    for digest in passed:
        files.passes(digest, lambda: True)
    files.keep()
    work.save()
    work.close()


def asked(file: Path, digest: str, *, check: str = "media", code: bytes = CODE, key: bytes = KEY) -> bool:
    """Return whether a file is checked again."""
    return not PassedFiles(WorkRecord(file, key), check, code).passes(digest, lambda: False)


def test_a_file_that_passed_is_not_checked_again(tmp_path: Path) -> None:
    kept(tmp_path / "work.sqlite", "aa", "bb")
    assert not asked(tmp_path / "work.sqlite", "aa")
    assert asked(tmp_path / "work.sqlite", "cc")


def test_a_file_is_checked_by_each_check_by_new_code_and_under_another_secret(tmp_path: Path) -> None:
    kept(tmp_path / "work.sqlite", "aa")
    assert asked(tmp_path / "work.sqlite", "aa", check="metadata")
    assert asked(tmp_path / "work.sqlite", "aa", code=b"new")
    assert asked(tmp_path / "work.sqlite", "aa", key=b"l" * 32)


def test_a_file_that_fails_is_not_kept() -> None:
    work = WorkRecord()
    files = PassedFiles(work, "media", CODE)
    assert not files.passes("aa", lambda: False)
    files.keep()
    assert PassedFiles(work, "media", CODE).passes("aa", lambda: True)


def test_a_file_that_a_publish_lacks_is_forgotten(tmp_path: Path) -> None:
    kept(tmp_path / "work.sqlite", "aa")
    kept(tmp_path / "work.sqlite", "bb")
    assert asked(tmp_path / "work.sqlite", "aa")
