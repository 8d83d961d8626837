"""The stamp of a release: an unchanged release is not read again, and a change by hand is noticed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from members_portal.publish import pipeline
from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.pipeline import publish
from members_portal.publish.reuse.release_stamp import ReleaseStamp, release_stamp
from members_portal.seal import Secret
from tests.publish.project import DAY, SECRET, Project

SIGNER = Secret(bytes.fromhex(SECRET))
SECONDS = 1_000_000_000  # nanoseconds


@contextmanager
def stage(_name: str) -> Iterator[None]:
    yield


def contextual(project: Project) -> PublishContext:
    """Return the context of a publish of a project on its day, without a change."""
    day = date.fromisoformat(DAY)
    return make_context({"PORTAL_PDF": "no"}, root=project.root, on=None, today=day, now=made(project))


def made(project: Project) -> int:
    return int(json.loads(note(project).read_text("utf-8"))["made"])


def note(project: Project) -> Path:
    return project.root / ".build/state" / f"{project.release.name}.json"


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """List the releases that are read; all files count as at rest."""
    found, verify = list[Path](), pipeline.verified_digests
    monkeypatch.setattr(pipeline, "verified_digests", lambda *given: found.append(given[0]) or verify(*given))  # type: ignore[func-returns-value]
    monkeypatch.setattr(ReleaseStamp, "is_at_rest", lambda _stamp: True)
    return found


def restored(file: Path) -> None:
    """Change a byte; restore size and time."""
    state, data = file.stat(), file.read_bytes()
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))


def linked(file: Path) -> None:
    """Replace a file by a link to another one."""
    file.unlink()
    file.symlink_to("404.html")


def test_a_release_that_was_verified_is_not_read_again(project: Project, reads: list[Path]) -> None:
    context, release = contextual(project), project.release
    assert publish(context, SIGNER, stage).release == publish(context, SIGNER, stage).release == release
    assert reads == [release]


def test_a_release_that_has_just_changed_is_read_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("members_portal.publish.reuse.release_stamp.REST", 10**9 * SECONDS)
    publish(contextual(project), SIGNER, stage)
    assert pipeline.STAMP not in json.loads(note(project).read_text("utf-8"))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a byte": lambda release: restored(release / "index.html"),
    "a cut file": lambda release: os.truncate(release / "portal.json", 5),
    "a new file": lambda release: (release / "new.html").write_bytes(b""),
    "a missing file": lambda release: (release / "index.html").unlink(),
    "a link": lambda release: linked(release / "index.html"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_by_hand_is_noticed(project: Project, reads: list[Path], change: str) -> None:
    context, release = contextual(project), project.release
    publish(context, SIGNER, stage)
    CHANGES[change](release)
    assert publish(context, SIGNER, stage).release != release
    assert reads == [release, release]


def test_a_copy_of_a_release_is_read(project: Project, reads: list[Path]) -> None:
    context, release = contextual(project), project.release
    publish(context, SIGNER, stage)
    release.rename(release.with_name("moved"))
    shutil.copytree(release.with_name("moved"), release)
    shutil.rmtree(release.with_name("moved"))
    assert publish(context, SIGNER, stage).release == release
    assert reads == [release, release]


def test_a_stamp_under_another_key_counts_as_none(project: Project) -> None:
    assert release_stamp(project.release, SIGNER) == release_stamp(project.release, SIGNER)
    assert release_stamp(project.release, SIGNER) != release_stamp(project.release, Secret(bytes(range(32))))


def test_a_release_is_at_rest_when_its_newest_change_is_some_seconds_old(tmp_path: Path) -> None:
    release = tmp_path / "7"
    release.mkdir()
    (release / "a").touch()
    os.utime(release / "a", (0, 0))
    found = release_stamp(release, SIGNER)
    assert found
    assert (found.newest, found.has_changes) == ((release / "a").stat().st_ctime_ns, True)
    long_ago, soon = found.newest - 10 * SECONDS, found.newest + 10**9 * SECONDS
    assert ReleaseStamp(release, "", long_ago, has_changes=True).is_at_rest()
    assert not ReleaseStamp(release, "", soon, has_changes=True).is_at_rest()


def test_what_cannot_be_looked_at_has_no_stamp(tmp_path: Path) -> None:
    assert release_stamp(tmp_path / "7", SIGNER) is None
    assert not ReleaseStamp(tmp_path / "of none" / "7", "", 0, has_changes=True).is_at_rest()


def test_a_file_system_without_times_of_change_has_no_release_at_rest(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    assert not ReleaseStamp(tmp_path / "7", "", 0, has_changes=False).is_at_rest()
