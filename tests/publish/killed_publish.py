"""A publish that is killed at a system call: the release after it, and the next publish."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from members_portal.seal import Secret, verify_release
from tests.independent_reader import verify
from tests.publish.project import Project, everything, litter
from tests.publish.strace import PUBLISH, Point, killed_at, points_of

Contents = dict[str, bytes]  # what readers can read, by reader and path


@dataclass(frozen=True)
class Publishing:
    """A project before the publish of an edit, its contents before and after, and all points of the publish.

    `environ` has the variables of the publish. `old` is None before the first publish. `further` is another edit, with
    the contents after it: it uses the results that a publish has kept which was killed after the flip.
    """

    edited: Project
    old: Contents | None
    new: Contents
    points: list[Point]
    environ: Mapping[str, str] = field(default_factory=dict)
    further: tuple[Callable[[Project], object], Contents] | None = None

    def is_flipped(self, point: Point) -> bool:
        """Return whether a point comes after the flip, the last renaming of the link."""
        flip = max(place for place, each in enumerate(self.points) if (each.call, each.path) == ("rename", "output"))
        return self.points.index(point) > flip

    def check_kill(self, point: Point, folder: Path) -> str:
        """Kill a publish, check the release, publish again; return the release after the kill."""
        project = Project.copy(self.edited, folder / "portal", tree=True)
        run = killed_at(project, point, folder / "log", **self.environ)
        assert run.code == -signal.SIGKILL, f"{point} {point.path}: {run.code} {run.text}"
        left = self._release_left(project, point)
        again = project.portal(*PUBLISH, **self.environ)
        assert again.code == 0, f"{point} {point.path}: {again.text}"
        assert everything(project) == self.new, f"{point} {point.path}"
        assert litter(project) == [], f"{point} {point.path}"
        if self.further and left == "new":
            edit, contents = self.further
            edit(project)
            project.publish(**self.environ)
            assert everything(project) == contents, f"{point} {point.path}"
        return left

    def check_kills(self, points: list[Point], folder: Path) -> list[str]:
        """Check kills one after another, in one folder; return the releases after them."""
        left = []
        for point in points:
            left.append(self.check_kill(point, folder))
            shutil.rmtree(folder)
        return left

    def _release_left(self, project: Project, point: Point) -> str:
        if self.old is None and not project.output.is_symlink():
            assert not project.output.exists()
            return "old"
        found = whole_contents(project)
        assert found in (self.old, self.new), f"{point} {point.path}"
        return "old" if found == self.old else "new"


def rehearse(start: Project, edited: Project, folder: Path, **environ: str) -> Publishing:
    """Publish a copy of an edited project; return the publishing. `start` has the release before it, if any."""
    rehearsal = Project.copy(edited, folder / "rehearsal", tree=True)
    points = points_of(rehearsal, folder / "log", **environ)
    old = everything(start) if start.output.is_symlink() else None
    return Publishing(edited, old, everything(rehearsal), points, environ)


def whole_contents(project: Project) -> Contents:
    """Return what readers can read, of a release that is whole."""
    verify(project.release)
    verify_release(project.release, Secret(bytes.fromhex(project.secret)).public_key)
    return everything(project)
