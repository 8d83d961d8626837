"""Key rotation: one line of programme.yaml changes, and every sealed file at the next publish."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.publish.publish_error import PublishError
from members_portal.publish.rotation import rotate
from tests.publish.project import HARBOUR, MEMBERS, Project, everything

TEXT = (HARBOUR / "members" / "programme.yaml").read_text("utf-8")


def rotated(text: bytes, folder: Path) -> bytes:
    (folder / "programme.yaml").write_bytes(text)
    assert rotate(folder) == 2
    return (folder / "programme.yaml").read_bytes()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("generation: 1", "generation: 2"),
        ("generation: 1  # raised when a laptop was lost", "generation: 2  # raised when a laptop was lost"),
        ("generation:   1", "generation:   2"),
        ("Generation: 1", "Generation: 2"),
        ("generation: '1'", "generation: 2"),
        ('generation : "1"', "generation : 2"),
    ],
)
def test_only_the_generations_line_changes(old: str, new: str, tmp_path: Path) -> None:
    before = TEXT.replace("generation: 1", old)
    assert rotated(before.encode(), tmp_path).decode() == TEXT.replace("generation: 1", new)


def test_line_ends_and_a_byte_order_mark_stay(tmp_path: Path) -> None:
    before = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode()
    assert rotated(before, tmp_path) == before.replace(b"generation: 1", b"generation: 2")


def test_a_programme_without_the_line_gets_one(tmp_path: Path) -> None:
    before = TEXT.replace("generation: 1\n", "")
    assert rotated(before.encode(), tmp_path).decode() == "generation: 2\n" + before


def test_where_it_has_no_place_nothing_changes(tmp_path: Path) -> None:
    before = "--- # the programme\n" + TEXT.replace("generation: 1\n", "")
    (tmp_path / "programme.yaml").write_text(before, "utf-8")
    with pytest.raises(PublishError, match="write `generation: 2` there yourself"):
        rotate(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["programme.yaml"]
    assert (tmp_path / "programme.yaml").read_text("utf-8") == before


def test_who_may_read_the_file_stays(tmp_path: Path) -> None:
    (tmp_path / "programme.yaml").write_text(TEXT, "utf-8")
    (tmp_path / "programme.yaml").chmod(0o640)
    rotate(tmp_path)
    assert (tmp_path / "programme.yaml").stat().st_mode & 0o777 == 0o640


def test_after_it_every_blob_is_another_and_every_code_the_same(project: Project) -> None:
    def blobs() -> set[str]:
        return {path.name for path in (project.release / "_" / "b").glob("*/*")}

    before, read = blobs(), everything(project)
    assert project.portal("rotate").code == 0
    project.publish()
    assert blobs() & before == set()
    assert len(blobs()) == len(before)
    assert everything(project) == read  # with the members' old codes
    assert set(MEMBERS) == {path.split("/")[0] for path in read} - {"public"}
