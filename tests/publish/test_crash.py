"""Crashes at any system call: the release is the old or the new one, and the next publish succeeds."""

from __future__ import annotations

import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

import pytest

from members_portal.seal import Secret, verify_release
from tests.independent_reader import verify
from tests.long_cases import quick_and_long
from tests.publish.project import Project, everything, litter
from tests.publish.strace import CALLS, PUBLISH, Point, killed_at, points_of, spread

SAMPLE = {"rename": 2, "symlink": 1, "linkat": 1, "unlinkat": 1, "fsync": 2, "write": 1, "openat": 1}
EVERY = ("rename", "symlink", "linkat", "unlink", "rmdir", "sync", "fsync", "write")
MANY = 20  # most points of each other call, and of a first publish


@dataclass(frozen=True)
class Publishing:
    """A project before the publish of an edit, its contents before and after, and all points of the publish."""

    edited: Project
    old: dict[str, bytes] | None
    new: dict[str, bytes]
    points: list[Point]

    def is_flipped(self, point: Point) -> bool:
        """Return whether a point comes after the flip, the last renaming of the link."""
        flip = max(place for place, each in enumerate(self.points) if (each.call, each.path) == ("rename", "output"))
        return self.points.index(point) > flip


def edit(project: Project) -> Project:
    """Change a page, a member and a picture, and add remains of a killed publish."""
    project.edit("content/reports/the-drowned-bell.md", "eleven kilograms", "twelve kilograms")
    project.edit("members/members.yaml", "given name: Ngozi", "given name: Amaka")
    project.edit("content/images/trench.svg", "M0 5", "M0 6")
    return project


@pytest.fixture(scope="module")
def renewal(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Publishing:
    """Return a project before its fourth publish, which removes the first release."""
    folder = tmp_path_factory.mktemp("renewal")
    third = Project.copy(harbour, folder / "third")
    for old, new in (("dusk", "noon"), ("noon", "dawn")):
        third.edit("content/pages/visit.md", f"Come by at {old}", f"Come by at {new}")
        third.publish()
    return rehearse(third, folder, everything(third))


@pytest.fixture(scope="module")
def premiere(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Publishing:
    """Return a project before its first publish."""
    folder = tmp_path_factory.mktemp("premiere")
    first = Project.copy(harbour, folder / "portal")
    first.output.unlink()
    for path in (first.root / ".build" / "state").iterdir():
        path.unlink()
    return rehearse(first, folder, None)


def rehearse(start: Project, folder: Path, old: dict[str, bytes] | None) -> Publishing:
    edited = edit(Project.copy(start, folder / "edited"))
    rehearsal = Project.copy(edited, folder / "rehearsal")
    points = points_of(rehearsal, folder / "log")
    return Publishing(edited, old, everything(rehearsal), points)


def check_kill(publishing: Publishing, point: Point, folder: Path) -> str:
    """Kill a publish, check the release, publish again; return the release after the kill."""
    project = Project.copy(publishing.edited, folder / "portal")
    run = killed_at(project, point, folder / "log")
    assert run.code == -signal.SIGKILL, f"{point} {point.path}: {run.code} {run.text}"
    left = state_of(publishing, project, point)
    again = project.portal(*PUBLISH)
    assert again.code == 0, f"{point} {point.path}: {again.text}"
    assert everything(project) == publishing.new, point
    assert litter(project) == [], f"{point} {point.path}"
    return left


def state_of(publishing: Publishing, project: Project, point: Point) -> str:
    if publishing.old is None and not project.output.is_symlink():
        assert not project.output.exists()
        return "old"
    verify(project.release)
    verify_release(project.release, Secret(bytes.fromhex(project.secret)).public_key)
    found = everything(project)
    assert found in (publishing.old, publishing.new), f"{point} {point.path}"
    return "old" if found == publishing.old else "new"


def test_a_publish_passes_every_kind_of_point(renewal: Publishing) -> None:
    assert {point.call for point in renewal.points} == set(CALLS)
    *_, flip, last = (point for point in renewal.points if point.call in ("rename", "fsync"))
    assert (flip.call, flip.path, last.call, last.path) == ("rename", "output", "fsync", "")


@pytest.mark.parametrize("call", quick_and_long(SAMPLE, {"linkat"}))
def test_killed_at_some_points_leaves_the_old_release_or_the_new_one(
    call: str, renewal: Publishing, tmp_path: Path
) -> None:
    points = spread(renewal.points, call, SAMPLE[call])
    left = [check_kill(renewal, point, tmp_path / str(point)) for point in points]
    assert left == ["new" if renewal.is_flipped(point) else "old" for point in points]


@pytest.mark.long
def test_killed_in_the_first_publish_leaves_no_release_or_a_whole_one(premiere: Publishing, tmp_path: Path) -> None:
    for point in spread(premiere.points, "symlink", 1):
        assert check_kill(premiere, point, tmp_path / str(point)) == "old"


@pytest.mark.long
@pytest.mark.parametrize("call", CALLS)
def test_killed_at_every_point(call: str, renewal: Publishing, premiere: Publishing, tmp_path: Path) -> None:
    every = len(renewal.points) if call in EVERY else MANY
    left = []
    for publishing, count in ((renewal, every), (premiere, MANY)):
        for point in spread(publishing.points, call, count):
            left.append(check_kill(publishing, point, tmp_path / "one"))
            shutil.rmtree(tmp_path / "one")
    print(f"kills_at_{call}={len(left)} left_old={left.count('old')} left_new={left.count('new')}")
    assert set(left) <= {"old", "new"}
