"""Files and folders replaced whole: the new content on success, the old one after an error, no draft left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.whole_file import replaced_file, replaced_folder


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("exists", [True, False])
def test_a_file_is_replaced(tmp_path: Path, exists: bool) -> None:
    file = tmp_path / "a.csv"
    if exists:
        file.write_text("old")
    with replaced_file(file) as draft:
        draft.write_text("new")
        assert file.exists() == exists
    assert (file.read_text(), names(tmp_path)) == ("new", ["a.csv"])


def test_an_error_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("old")
    with pytest.raises(FileNotFoundError), replaced_file(file):
        (tmp_path / "missing" / "b").write_text("")
    assert (file.read_text(), names(tmp_path)) == ("old", ["a.csv"])


def test_an_error_at_the_draft_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "missing" / "a.csv"
    with pytest.raises(FileNotFoundError) as caught, replaced_file(file) as draft:
        draft.write_text("new")
    assert str(caught.value) == f"[Errno 2] No such file or directory: '{file}'"


def test_the_draft_of_a_killed_run_is_removed_and_never_followed(tmp_path: Path) -> None:
    file, other = tmp_path / "a.csv", tmp_path / "other"
    other.write_text("theirs")
    (tmp_path / ".a.csv.tmp").symlink_to(other)
    with replaced_file(file) as draft:
        draft.write_text("new")
    assert (file.read_text(), other.read_text(), names(tmp_path)) == ("new", "theirs", ["a.csv", "other"])


def test_two_processes_use_drafts_of_their_own(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    with (
        replaced_file(file, tmp_path / "1.tmp") as one,
        replaced_file(file, tmp_path / "2.tmp") as two,
    ):
        one.write_text("one")
        two.write_text("two")
    assert (file.read_text(), names(tmp_path)) == ("one", ["a.json"])


def test_a_folder_is_replaced_and_nothing_of_the_old_one_stays(tmp_path: Path) -> None:
    folder = tmp_path / "mail" / "winter"
    for content in ("old", "new"):
        with replaced_folder(folder) as draft:
            (draft / content).write_text(content)
    assert (names(folder), names(folder.parent)) == (["new"], ["winter"])
    assert folder.stat().st_mode & 0o777 == 0o700


def test_an_error_leaves_the_old_folder(tmp_path: Path) -> None:
    folder = tmp_path / "winter"
    with replaced_folder(folder) as draft:
        (draft / "old").touch()
    with pytest.raises(FileNotFoundError), replaced_folder(folder) as draft:
        (draft / "missing" / "new").touch()
    assert (names(folder), names(tmp_path)) == (["old"], ["winter"])
