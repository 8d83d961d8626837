"""Repeated publishes: without a change nothing is written; an edit changes only its own files."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from tests.publish.project import Project, everything, files_of

OWN = {"portal.json", "release.json", "release.json.sig"}


def identity(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Return inode, modification time and mode of all files and folders."""
    found = ((path, path.lstat()) for path in [folder, *folder.rglob("*")])
    return {str(path): (status.st_ino, status.st_mtime_ns, status.st_mode) for path, status in found}


def test_a_second_publish_says_that_nothing_changed_and_changes_no_file(project: Project) -> None:
    before, target = identity(project.release), os.readlink(project.output)
    link = project.output.lstat()
    run = project.publish()
    assert "Nothing changed" in run.out
    assert [line for line in run.out.splitlines() if re.match(r"\d ", line)] == [run.out.splitlines()[0]]  # load
    assert (identity(project.release), os.readlink(project.output)) == (before, target)
    assert project.output.lstat().st_mtime_ns == link.st_mtime_ns


def test_touched_files_are_not_changed_files(project: Project) -> None:
    for file in (project.root / "content").rglob("*"):
        os.utime(file)
    before = identity(project.release)
    assert "Nothing changed" in project.publish().out
    assert identity(project.release) == before


def test_another_day_on_which_nothing_visible_changes_changes_no_file(project: Project) -> None:
    before = identity(project.release)
    run = project.publish("2026-11-21")
    assert "Nothing changed" in run.out
    assert identity(project.release) == before


def test_a_day_on_which_an_embargo_ends_opens_the_item(project: Project) -> None:
    path = "announcements/moonless-regatta/"
    assert f"{path}index.html" not in project.open("L-103").manifest["files"]
    project.publish("2026-12-08")
    assert b"gunfire permitting" in project.open("L-103").read(path)
    assert f"{path}index.html" not in project.open("L-102").manifest["files"]


def test_one_edit_changes_its_page_the_manifests_the_cards_and_the_bootstrap_only(project: Project) -> None:
    before, read = files_of(project.release), everything(project)
    project.edit("content/offers/wick-voucher.md", "braided by the Sisters", "woven by the Sisters")
    project.publish()
    after, now = files_of(project.release), everything(project)

    readers = ("L-101", "L-102", "L-103", "L-104", "L-105", "L-106")
    pages = {f"{member}/offers/wick-voucher/index.html" for member in readers}
    assert {path for path in read.keys() | now.keys() if read.get(path) != now.get(path)} == pages

    blobs = {path for path in before.keys() ^ after.keys() if path.startswith("_/b/")}
    assert len(blobs) == 2 * 5  # one page in five editions, old and new
    publishes = {json.loads(files["portal.json"])["publish"] for files in (before, after)}
    sealed = (before.keys() ^ after.keys()) - blobs
    assert {path.split("/")[1] for path in sealed} == {"c", "m"}
    assert {path.split("/")[2] for path in sealed} == publishes
    assert {path for path in before.keys() & after.keys() if before[path] != after[path]} == OWN


def test_an_unchanged_blob_is_the_same_file(project: Project) -> None:
    before = {path.name: path.stat().st_ino for path in (project.release / "_" / "b").glob("*/*")}
    project.edit("content/offers/wick-voucher.md", "braided by the Sisters", "woven by the Sisters")
    project.publish()
    after = {path.name: path.stat().st_ino for path in (project.release / "_" / "b").glob("*/*")}
    kept = before.keys() & after.keys()
    assert len(kept) > 90
    assert {name: before[name] for name in kept} == {name: after[name] for name in kept}


def test_a_public_edit_changes_its_page_and_the_members_copies_of_it(project: Project) -> None:
    before = files_of(project.release)
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    project.publish()
    after = files_of(project.release)
    clear = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path) and path[:2] != "_/"}
    assert clear == {*OWN, "visit/index.html"}


@pytest.mark.parametrize(
    "change",
    [
        ("members/members.yaml", "tier: pewter", "tier: copper"),
        ("members/members.yaml", "code version: 2", "code version: 3"),
        ("members/members.yaml", "given name: Ngozi", "given name: Amaka"),
        ("members/programme.yaml", "generation: 1", "generation: 2"),
        ("members/programme.yaml", "Oil at cost.", "Oil for nothing."),
        ("publishconf.py", "https://club.strandandhitch.example", "https://lamps.example/club"),
    ],
    ids=lambda change: change[2],
)
def test_every_change_that_matters_makes_a_new_release(project: Project, change: tuple[str, str, str]) -> None:
    before = project.release
    project.edit(*change)
    assert "Nothing changed" not in project.publish().out
    assert project.release != before


def test_a_damaged_release_is_made_anew(project: Project) -> None:
    blob = next((project.release / "_" / "b").glob("*/*"))
    whole = everything(project)
    blob.write_bytes(blob.read_bytes()[:-1])
    assert "Nothing changed" not in project.publish().out
    assert everything(project) == whole
