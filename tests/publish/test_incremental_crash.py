"""Crashes of publishes with kept results: the next publish makes what a publish from nothing makes."""

from __future__ import annotations

import re
import shutil
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.independent_reader import verify
from tests.publish.kept_work import PACK, contents_from_nothing, published_twice
from tests.publish.killed_publish import Publishing, rehearse
from tests.publish.project import Project, everything, files_of, lay_in_fonts, noon
from tests.publish.running_preview import Preview
from tests.publish.strace import CALLS, attached, one_of_each, points_in

Edit = Callable[[Project], object]


def edit_text(project: Project) -> None:
    project.edit("content/reports/the-drowned-bell.md", "eleven kilograms", "twelve kilograms")


def add_ledger_line(project: Project) -> None:
    with (project.root / "members/ledger.csv").open("a", encoding="utf-8") as file:
        file.write("2026-11-19,L-103,purchase,240.00\n")


def rename(project: Project) -> None:
    folder = project.root / "content/feedback"
    (folder / "till-drill.md").rename(folder / "drill-at-the-till.md")


def delete(project: Project) -> None:
    (project.root / "content/offers/chandlers-discount.md").unlink()


def edit_further(project: Project) -> None:
    project.edit("content/pages/visit.md", "Come by at noon", "Come by at dawn")


def forget_all_but_the_pack(project: Project) -> None:
    edit_text(project)
    for name in ("state", "cache", "tree"):
        shutil.rmtree(project.root / ".build" / name)


TELLING = ("write", "pwrite64", "rename", "linkat", "unlink")  # the calls of other changes than of a text
CHANGES: dict[str, tuple[Edit, dict[str, str]]] = {
    "a text": (edit_text, {}),
    "a ledger line": (add_ledger_line, {}),
    "a rename": (rename, {}),
    "a deletion": (delete, {}),
    "a new day": (lambda project: None, {"PORTAL_NOW": noon("2026-12-08")}),
    "a fresh clone with a work pack": (forget_all_but_the_pack, PACK),
}


@pytest.fixture(scope="module")
def kept(harbour: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project with kept results, a work pack, and as many releases as are kept."""
    return published_twice(harbour, tmp_path_factory.mktemp("kept") / "portal")


def publish_of(name: str, kept: Project, fonts: Path, folder: Path) -> Publishing:
    """Return the publish of a change, which makes what a publish from nothing makes."""
    edit, environ = CHANGES[name]
    edited = Project.copy(kept, folder / "edited", tree=True)
    edit(edited)
    publishing = rehearse(kept, edited, folder, **environ)
    assert publishing.new == contents_from_nothing(edited, fonts, folder / "nothing", **environ)
    assert publishing.new != publishing.old
    edit_further(edited := Project.copy(edited, folder / "further"))
    contents = contents_from_nothing(edited, fonts, folder / "further-nothing", **environ)
    return replace(publishing, further=(edit_further, contents))


@pytest.mark.long
@pytest.mark.parametrize("change", CHANGES)
def test_killed_at_each_kind_of_point_after_a_change(
    change: str, kept: Project, cut_fonts: Path, tmp_path: Path
) -> None:
    publishing = publish_of(change, kept, cut_fonts, tmp_path)
    points = one_of_each([point for point in publishing.points if change == "a text" or point.call in TELLING])
    left = publishing.check_kills(points, tmp_path / "one")
    print(f"kills={len(left)} left_old={left.count('old')} left_new={left.count('new')}")
    assert left == ["new" if publishing.is_flipped(point) else "old" for point in points]


@pytest.mark.long
def test_a_preview_that_is_killed_in_a_republish_starts_again(kept: Project, cut_fonts: Path, tmp_path: Path) -> None:
    first = Project.copy(kept, tmp_path / "first")
    lay_in_fonts(cut_fonts, first.root / ".build/preview")
    rehearsal = Preview(first)
    points = points_in(republished(rehearsal, tmp_path / "log", f"trace={','.join(CALLS)}"), first.root)
    expected = public_files(rehearsal.release())
    rehearsal.kill()
    kills = 0
    every = one_of_each([point for point in points if point.call in TELLING])
    for number, point in enumerate(every):
        project = Project.copy(kept, tmp_path / f"portal-{number}")
        lay_in_fonts(cut_fonts, project.root / ".build/preview")
        preview = Preview(project)
        inject = f"inject={point.call}:signal=KILL:when={point.number}"
        republished(preview, tmp_path / "log", f"trace={point.call}", inject)
        kills += preview.process.poll() == -signal.SIGKILL
        preview.kill()
        verify(preview.release())
        again = Preview(project)
        assert public_files(again.release()) == expected, point
        again.kill()
        assert everything(project) == everything(kept), point
        shutil.rmtree(project.root)
    print(f"previews_killed={kills}")
    assert kills > len(every) / 2


def republished(preview: Preview, log: Path, *traced: str) -> Path:
    """Edit a page below strace, until the preview has published it or is killed; return the log."""
    before = preview.release()
    with attached(preview.process.pid, log, *(part for each in traced for part in ("-e", each))):
        preview.project.edit("content/pages/visit.md", "Come by at noon", "Come by at dawn")
        end = time.monotonic() + 60
        while preview.process.poll() is None and preview.release() == before and time.monotonic() < end:
            time.sleep(0.05)
        time.sleep(1)  # the work after the flip
    return log


def public_files(release: Path) -> dict[str, bytes]:
    """Return the public files that are the same at each publish, but for the port in their addresses."""
    own = ("_/", "portal.json", "release.json")
    found = files_of(release).items()
    return {path: re.sub(rb"127\.0\.0\.1:\d+", b"", data) for path, data in found if not path.startswith(own)}
