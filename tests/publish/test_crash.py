"""Crashes at any system call: the release is the old or the new one, and the next publish succeeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.long_cases import quick_and_long
from tests.publish.killed_publish import Publishing, rehearse
from tests.publish.project import Project
from tests.publish.strace import CALLS, spread

SAMPLE = {"rename": 2, "symlink": 1, "linkat": 1, "unlinkat": 1, "fsync": 2, "write": 1, "openat": 1, "pwrite64": 1}
EVERY = ("rename", "symlink", "linkat", "unlink", "rmdir", "sync", "fsync", "write")
MANY = 20  # most points of each other call, and of a first publish


def edit(project: Project) -> Project:
    """Change a page, a member and a picture, and add remains of a killed publish."""
    project.edit("content/reports/the-drowned-bell.md", "eleven kilograms", "twelve kilograms")
    project.edit("members/members.yaml", "given name: Ngozi", "given name: Amaka")
    project.edit("content/images/trench.svg", "M0 5", "M0 6")
    return project


@pytest.fixture(scope="module")
def renewal(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Publishing:
    """Return a project with kept results before its fourth publish, which removes an old release."""
    folder = tmp_path_factory.mktemp("renewal")
    third = Project.copy(harbour, folder / "third", tree=True)
    for old, new in (("dusk", "noon"), ("noon", "dawn")):
        third.edit("content/pages/visit.md", f"Come by at {old}", f"Come by at {new}")
        third.publish()
    return rehearse(third, edit(Project.copy(third, folder / "edited", tree=True)), folder)


@pytest.fixture(scope="module")
def premiere(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Publishing:
    """Return a project before its first publish."""
    folder = tmp_path_factory.mktemp("premiere")
    first = Project.copy(harbour, folder / "portal")
    first.output.unlink()
    for path in (first.root / ".build" / "state").iterdir():
        path.unlink()
    return rehearse(first, edit(Project.copy(first, folder / "edited")), folder)


def test_a_publish_passes_every_kind_of_point(renewal: Publishing) -> None:
    assert {point.call for point in renewal.points} == set(CALLS)
    *_, flip, last = (point for point in renewal.points if point.call in ("rename", "fsync"))
    assert (flip.call, flip.path, last.call, last.path) == ("rename", "output", "fsync", "")


@pytest.mark.parametrize("call", quick_and_long(SAMPLE, {"linkat"}))
def test_killed_at_some_points_leaves_the_old_release_or_the_new_one(
    call: str, renewal: Publishing, tmp_path: Path
) -> None:
    points = spread(renewal.points, call, SAMPLE[call])
    left = renewal.check_kills(points, tmp_path / "one")
    assert left == ["new" if renewal.is_flipped(point) else "old" for point in points]


@pytest.mark.long
def test_killed_in_the_first_publish_leaves_no_release_or_a_whole_one(premiere: Publishing, tmp_path: Path) -> None:
    assert premiere.check_kills(spread(premiere.points, "symlink", 1), tmp_path / "one") == ["old"]


@pytest.mark.long
@pytest.mark.parametrize("call", CALLS)
def test_killed_at_every_point(call: str, renewal: Publishing, premiere: Publishing, tmp_path: Path) -> None:
    every = len(renewal.points) if call in EVERY else MANY
    left = renewal.check_kills(spread(renewal.points, call, every), tmp_path / "one")
    left += premiere.check_kills(spread(premiere.points, call, MANY), tmp_path / "one")
    print(f"kills_at_{call}={len(left)} left_old={left.count('old')} left_new={left.count('new')}")
    assert set(left) <= {"old", "new"}
