"""Disk errors: the publish ends with an error that names the file, and the old release is unchanged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.long_cases import quick_and_long
from tests.publish.kept_work import PACK
from tests.publish.project import Project, everything, files_of, litter
from tests.publish.strace import Point, failing_at, points_of, spread, struck

ERRORS = {
    "openat": ("ENOSPC", "EACCES"),
    "write": ("ENOSPC", "EIO"),
    "fsync": ("EIO",),
    "rename": ("EACCES",),
    "symlink": ("ENOSPC",),
    "mkdir": ("EACCES",),
}
LATE = [  # the work record and the work pack are written after the flip
    ("openat", "cache/work.sqlite-journal"),
    ("pwrite64", "cache/work.sqlite-journal"),
    ("pwrite64", "cache/work.sqlite"),
    ("unlink", "cache/work.sqlite-journal"),
    ("openat", ".work.pack.tmp"),
    ("write", ".work.pack.tmp"),
    ("rename", ".work.pack.tmp"),
]
MANY = 24  # points of each call, where there are more
FOLDERS = 3  # that are created, at least; a publish of an edit finds most folders made
SAMPLE = {"openat": 2, "write": 2, "fsync": 1, "rename": 1, "symlink": 1}


@pytest.fixture(scope="module")
def edited(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a published project with kept results and an unpublished edit."""
    project = Project.copy(harbour, tmp_path_factory.mktemp("edited") / "portal", tree=True)
    project.edit("content/reports/the-drowned-bell.md", "eleven kilograms", "twelve kilograms")
    return project


@pytest.fixture(scope="module")
def points(edited: Project, tmp_path_factory: pytest.TempPathFactory) -> list[Point]:
    """Return the points at which the publish of the edit can fail, up to the flip."""
    folder = tmp_path_factory.mktemp("rehearsal")
    found = points_of(Project.copy(edited, folder / "portal", tree=True), folder / "log", **PACK)
    flip = max(place for place, each in enumerate(found) if (each.call, each.path) == ("rename", "output"))
    return found[: flip + 1]


def check_fault(edited: Project, point: Point, error: str, folder: Path) -> bool:
    """Publish with a fault: check the error, the old release, and the next publish.

    False if the publish could do without this call, and did: folders and shared files of sealed blobs differ from one
    to the next.
    """
    project = Project.copy(edited, folder / "portal", tree=True)
    before, read = files_of(project.release), everything(project)
    run = failing_at(project, point, error, folder / "log", **PACK)
    path = struck(project, folder / "log")
    if path is None or (point.call == "mkdir" and not run.code):  # an existing folder is not created
        assert run.code == 0, f"no {error} at {point}, {point.path}: {run.code} {run.text}"
        assert edit_is_published(project)
        return False
    about = f"{error} at {point}, {path}: {run.code} {run.text}"
    assert run.code == 1, about
    assert named(path) in run.err, about
    assert "Traceback" not in run.text, about
    assert files_of(project.release) == before, about
    assert everything(project) == read, about
    project.publish()
    assert litter(project) == [], about
    return True


def check_late_fault(edited: Project, point: Point, error: str, folder: Path) -> None:
    """Publish with a fault after the flip: the new release is in force, and the same after the next publish."""
    project = Project.copy(edited, folder / "portal", tree=True)
    run = failing_at(project, point, error, folder / "log", **PACK)
    about = f"{error} at {point.call} of {point.path}: {run.code} {run.text}"
    assert struck(project, folder / "log"), about
    assert run.code == 0, about
    assert "Traceback" not in run.text, about
    assert edit_is_published(project)
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    project.publish(**PACK)
    assert b"Come by at noon" in everything(project)["public/visit/index.html"], about
    assert edit_is_published(project)
    assert litter(project) == [], about


def named(path: str) -> str:
    """Return what an error says of a file: for a draft, the folder of the file that it replaces."""
    return Path(path).parent.name + "/" if path.endswith(".tmp") else Path(path).name


def edit_is_published(project: Project) -> bool:
    """Return whether members can read the edit."""
    return b"twelve kilograms" in everything(project)["L-103/reports/the-drowned-bell/index.html"]


@pytest.mark.parametrize("call", quick_and_long(SAMPLE, set()))
def test_a_fault_is_told_with_the_file_and_changes_nothing(
    call: str, edited: Project, points: list[Point], tmp_path: Path
) -> None:
    for number, point in enumerate(spread(points, call, SAMPLE[call])):
        error = ERRORS[call][number % len(ERRORS[call])]
        assert check_fault(edited, point, error, tmp_path / str(number))


@pytest.mark.long
@pytest.mark.parametrize(("call", "path"), LATE)
@pytest.mark.parametrize("error", ["ENOSPC", "EIO"])
def test_a_fault_after_the_flip_is_no_failure(
    call: str, path: str, error: str, edited: Project, tmp_path: Path
) -> None:
    check_late_fault(edited, Point(call, 0, f".build/{path}"), error, tmp_path)


@pytest.mark.long
def test_where_a_disk_cannot_link_a_release_is_written_whole(
    edited: Project, points: list[Point], tmp_path: Path
) -> None:
    first = spread(points, "linkat", 1)[0]
    project = Project.copy(edited, tmp_path / "portal", tree=True)
    run = failing_at(project, Point("linkat", 1, first.path), "EPERM", tmp_path / "log")
    assert run.code == 0, run.text
    assert edit_is_published(project)


@pytest.mark.long
@pytest.mark.parametrize("call", ERRORS)
def test_every_fault(call: str, edited: Project, points: list[Point], tmp_path: Path) -> None:
    cases = [(point, error) for point in spread(points, call, MANY) for error in ERRORS[call]]
    faults = 0
    for point, error in cases:
        faults += check_fault(edited, point, error, tmp_path / "one")
        shutil.rmtree(tmp_path / "one")
    print(f"faults_at_{call}={faults}")
    assert faults >= (FOLDERS if call == "mkdir" else len(cases))
