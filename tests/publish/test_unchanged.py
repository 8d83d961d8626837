"""Repeated publishes: without a change nothing is written; an edit changes only its own files."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from members_portal.publish.context import make_context
from members_portal.publish.pipeline import publish
from members_portal.seal import Secret, verify_release
from members_portal.seal.format.signature import sign
from tests.long_cases import quick_first
from tests.publish.project import DAY, SECRET, Project, blobs_of, everything, files_of

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


HEAVY = (  # what stages 2 to 7 import, and what reads versions of packages
    *("pelican", "docutils", "duckdb", "icalendar", "markdown", "weasyprint", "PIL"),
    *("jinja2", "pydantic", "importlib.metadata", "rich", "subprocess"),
    *("members_portal.seal.release", "members_portal.seal.reader"),
)


def test_stage_1_imports_nothing_of_the_later_stages() -> None:
    names = "import sys, members_portal.publish.command.publish; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", names], capture_output=True, check=True, text=True)
    imported = set(run.stdout.split())
    assert "members_portal.publish.pipeline" in imported
    assert sorted(imported.intersection(HEAVY)) == []


def test_touched_files_are_not_changed_files(project: Project) -> None:
    for file in (project.root / "content").rglob("*"):
        os.utime(file)
    before = identity(project.release)
    assert "Nothing changed" in project.publish().out
    assert identity(project.release) == before


@pytest.mark.long
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


def test_one_edit_changes_its_page_the_covers_records_manifests_cards_and_the_bootstrap_only(project: Project) -> None:
    before, read, old_blobs = files_of(project.release), everything(project), blobs_of(project)
    project.edit("content/offers/wick-voucher.md", "braided by the Sisters", "woven by the Sisters")
    project.publish()
    after, now = files_of(project.release), everything(project)

    readers = ("L-101", "L-102", "L-103", "L-104", "L-105", "L-106")
    pages = {f"{member}/offers/wick-voucher/index.html" for member in readers}
    assert {path for path in read.keys() | now.keys() if read.get(path) != now.get(path)} == pages

    assert len(old_blobs ^ blobs_of(project)) == 2 * 5  # one page in five editions, old and new
    publishes = {json.loads(json.loads(files["portal.json"])["signed"])["publish"] for files in (before, after)}
    sealed = {path for path in before.keys() ^ after.keys() if not path.startswith("_/b/")}
    assert {path.split("/")[1] for path in sealed} == {"c", "l", "m", "r"}
    assert {path.split("/")[2] for path in sealed} == publishes
    assert {path for path in before.keys() & after.keys() if before[path] != after[path]} == OWN


@pytest.mark.long
def test_an_unchanged_blob_is_the_same_file(project: Project) -> None:
    before = {path.name: path.stat().st_ino for path in (project.release / "_" / "b").glob("*/*")}
    project.edit("content/offers/wick-voucher.md", "braided by the Sisters", "woven by the Sisters")
    project.publish()
    after = {path.name: path.stat().st_ino for path in (project.release / "_" / "b").glob("*/*")}
    kept = before.keys() & after.keys()
    assert len(kept) > 90
    assert {Path(path).name for path in blobs_of(project)} - kept
    assert {name: before[name] for name in kept} == {name: after[name] for name in kept}


@pytest.mark.long
def test_a_public_edit_changes_its_page_and_the_members_copies_of_it(project: Project) -> None:
    before = files_of(project.release)
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    project.publish()
    after = files_of(project.release)
    clear = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path) and path[:2] != "_/"}
    assert clear == {*OWN, "visit/index.html"}


CHANGES = [
    ("members/members.yaml", "tier: pewter", "tier: copper"),
    ("members/members.yaml", "code version: 2", "code version: 3"),
    ("members/members.yaml", "given name: Ngozi", "given name: Amaka"),
    ("members/programme.yaml", "generation: 1", "generation: 2"),
    ("members/programme.yaml", "Oil at cost.", "Oil for nothing."),
    ("publishconf.py", "https://club.strandandhitch.example", "https://lamps.example/club"),
]


@pytest.mark.long
@pytest.mark.parametrize(("file", "old", "new"), CHANGES)
def test_every_change_that_matters_makes_a_new_release(project: Project, file: str, old: str, new: str) -> None:
    before = project.release
    project.edit(file, old, new)
    assert "Nothing changed" not in project.publish().out
    assert project.release != before


def cut(data: bytes) -> bytes:
    return data[:-1]


def flip_a_bit(data: bytes) -> bytes:
    return data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :]


@pytest.mark.long
@pytest.mark.parametrize("damage", [cut, flip_a_bit])
@pytest.mark.parametrize(
    "path",
    ["blob", "decoy", "_/r/*/0000", "_/c/*/0000", "_/m/*/3", "portal.json", "index.html"],
)
def test_a_damaged_release_is_made_anew(project: Project, path: str, damage: Callable[[bytes], bytes]) -> None:
    whole, blobs = everything(project), blobs_of(project)
    if path == "decoy":
        path = min(files_of(project.release).keys() - blobs, key=lambda path: (not path.startswith("_/b/"), path))
    file = project.release / min(blobs) if path == "blob" else next(project.release.glob(path))
    bad = damage(file.read_bytes())
    file.unlink()  # other releases have the same file
    file.write_bytes(bad)
    assert "Nothing changed" not in project.publish().out
    verify_release(project.release, Secret(bytes.fromhex(project.secret)).public_key)
    assert everything(project) == whole
    assert blobs_of(project) == blobs
    assert bad not in files_of(project.release).values()
    assert "Nothing changed" in project.publish().out


@pytest.mark.long
def test_a_damaged_release_is_repaired_on_another_day_too(project: Project) -> None:
    whole = everything(project)
    file = project.release / min(blobs_of(project))
    bad = flip_a_bit(file.read_bytes())
    file.unlink()
    file.write_bytes(bad)
    assert "Nothing changed" not in project.publish("2026-11-21").out
    assert everything(project) == whole


@pytest.mark.long
def test_a_release_signed_by_another_key_is_made_anew_only_on_request(project: Project) -> None:
    data = (project.release / "release.json").read_bytes()
    stranger = Secret(bytes(range(32)))
    (project.release / "release.json.sig").write_bytes(sign(stranger, data))
    run = project.portal("publish")
    assert (run.code, "is not the site secret of output" in run.err) == (1, True)
    assert project.portal("publish", "--new-secret").code == 0
    verify_release(project.release, Secret(bytes.fromhex(project.secret)).public_key)


def sequence(project: Project) -> int:
    """Return the signed sequence number of the release in force."""
    return int(json.loads(json.loads((project.release / "portal.json").read_bytes())["signed"])["sequence"])


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "expected"),
    [("9007199254740990", 20261120001), ("29991231000", 20261120001)],
)
def test_the_name_of_a_planted_release_raises_no_sequence(project: Project, name: str, expected: int) -> None:
    release = project.release
    project.output.unlink()
    release.rename(release.with_name(name))
    project.output.symlink_to(f".build/releases/{name}")
    project.publish()
    assert sequence(project) == expected == int(project.release.name)


@pytest.mark.long
def test_planted_files_beside_a_release_stop_no_publish(project: Project) -> None:
    releases = project.root / ".build" / "releases"
    (releases / "²").mkdir()
    (releases / "123").symlink_to(project.root / "content")
    os.mkfifo(releases / "9")
    digests = project.release / "release.json"
    digests.unlink()
    os.mkfifo(digests)
    project.publish()
    verify_release(project.release, Secret(bytes.fromhex(project.secret)).public_key)
    assert {path.name for path in releases.iterdir()} == {"20261120000", "20261120001"}
    assert (project.root / "content" / "pages").is_dir()


@pytest.mark.long
def test_the_sequence_tells_the_day_and_rises(project: Project) -> None:
    assert sequence(project) == 20261120000 == int(project.release.name)
    for number, (old, new) in enumerate((("dusk", "noon"), ("noon", "dawn"))):
        project.edit("content/pages/visit.md", f"Come by at {old}", f"Come by at {new}")
        project.publish()
        assert sequence(project) == 20261120001 + number == int(project.release.name)
    project.publish("2026-12-08")
    assert sequence(project) == 20261208000


@pytest.mark.parametrize(
    "target", quick_first([".build/releases/20261120000", ""], 1), ids=["an older release", "no output"]
)
def test_the_sequence_rises_after_somebody_has_changed_the_output(project: Project, target: str) -> None:
    """Browsers refuse a lower number, and copies by time and size leave out files of an equal one."""
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    project.publish()
    project.output.unlink()
    if target:
        project.output.symlink_to(target)
    project.edit("content/pages/visit.md", "Come by at noon", "Come by at [dawn](none.md)")
    assert project.portal("publish").code == 3
    project.edit("content/pages/visit.md", "[dawn](none.md)", "dawn")
    project.publish()
    assert sequence(project) == 20261120002
    kept = target.rpartition("/")[2] or "20261120001"
    assert {path.name for path in project.release.parent.iterdir()} == {kept, "20261120002"}


DRAWING = '<svg xmlns="http://www.w3.org/2000/svg"><text y="9">The cinnabar ledger of Hake</text></svg>'
HIDDEN = """\
---
Title: The cinnabar ledger of Hake
Summary: Words.
Audience: copper
Publish: 2027-03-01
---

More words.
"""


def test_an_unchanged_tree_is_searched_for_what_is_hidden_now(project: Project) -> None:
    """A report that comes in spring changes no page of today; a public drawing holds its title."""
    (project.root / "content/images/plan.svg").write_text(DRAWING, "utf-8")
    project.edit("content/pages/visit.md", "Come by at dusk", "![Plan](../images/plan.svg) Come by at dusk")
    project.publish()
    (project.root / "content/reports/cinnabar.md").write_text(HIDDEN, "utf-8")
    run = project.portal("publish")
    assert run.code == 4, run.text
    assert "images/plan.svg holds the title of reports/cinnabar.md" in run.err
    assert project.portal("publish").code == 4


def test_an_edit_during_a_publish_that_is_undone_is_no_part_of_the_next_release(project: Project) -> None:
    page, day = project.root / "content/pages/visit.md", date.fromisoformat(DAY)
    before = page.read_text("utf-8")
    context = make_context({"PORTAL_PDF": "no"}, root=project.root, on=None, today=day, now=1795176000)
    project.edit("content/offers/wick-voucher.md", "braided by the Sisters", "woven by the Sisters")

    @contextmanager
    def stage(name: str) -> Iterator[None]:
        if name == "validate":
            page.write_text(before.replace("at dusk", "at noon"), "utf-8")
        yield

    publish(context, Secret(bytes.fromhex(SECRET)), stage)
    assert b"Come by at noon" in (project.release / "visit/index.html").read_bytes()
    page.write_text(before, "utf-8")
    project.publish()
    assert b"Come by at dusk" in (project.release / "visit/index.html").read_bytes()
    assert "Nothing changed" in project.publish().out
