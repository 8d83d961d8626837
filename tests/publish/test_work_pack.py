"""The work pack: what a machine without folders gains from, sealed in one file."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from members_portal.publish.context import PublishContext, make_context
from members_portal.publish.reuse import work_pack
from members_portal.publish.reuse.work_pack import pack_work, unpack_work
from members_portal.seal import Secret
from members_portal.seal.format.padding import padme
from tests.publish.project import Project, files_of

KEY = Secret(bytes(range(32)))
WORDS = b"a page that only silver members may read "
RELEASE = Path("20261120000")
FILES = {
    "state/20261120000.json": b'{"inputs": "ab"}',
    "cache/work.sqlite": b"SQLite" + bytes(300_000),
    "cache/pictures/ab.entry": WORDS * 20_000,
    "cache/fonts/empty": b"",
}
LEFT_OUT = ("cache/spill/duckdb_temp", "cache/bodies.tmp", "cache/work.sqlite-journal", "cache/work.sqlite-wal")


@pytest.fixture
def context(tmp_path: Path) -> PublishContext:
    made = make_context({"PORTAL_WORK_PACK": "kept/work"}, root=tmp_path, on=None, today=date(2026, 11, 20), now=0)
    for path, data in FILES.items():
        (made.build / path).parent.mkdir(parents=True, exist_ok=True)
        (made.build / path).write_bytes(data)
    return made


@pytest.fixture
def pack(context: PublishContext) -> Path:
    """Return the pack of a first run, on a machine that has nothing else."""
    assert context.work_pack
    assert pack_work(context, KEY, context.work_pack, RELEASE).startswith("Work pack work: 1.")
    shutil.rmtree(context.build)
    return context.work_pack


def kept(context: PublishContext) -> dict[str, bytes]:
    return files_of(context.build) if context.build.exists() else {}


def test_a_machine_without_folders_gets_all_files_back(context: PublishContext, pack: Path) -> None:
    assert unpack_work(context, KEY, pack, RELEASE) == ""
    assert kept(context) == FILES
    assert {path.stat().st_mode & 0o77 for path in (context.state, context.cache)} == {0}


def test_temporary_files_and_links_are_left_out(context: PublishContext) -> None:
    assert context.work_pack
    for path in LEFT_OUT:
        (context.build / path).parent.mkdir(parents=True, exist_ok=True)
        (context.build / path).write_bytes(b"x")
    (context.cache / "link").symlink_to(context.state / "20261120000.json")
    pack_work(context, KEY, context.work_pack, RELEASE)
    shutil.rmtree(context.build)
    unpack_work(context, KEY, context.work_pack, RELEASE)
    assert kept(context) == FILES


def test_a_machine_with_folders_keeps_them(context: PublishContext, pack: Path) -> None:
    context.cache.mkdir(parents=True)
    assert unpack_work(context, KEY, pack, RELEASE) == ""
    assert kept(context) == {}


def test_the_remains_of_a_killed_publish_are_removed(context: PublishContext, pack: Path) -> None:
    context.cache.mkdir(parents=True)
    (context.build / ".work-pack.tmp" / "state").mkdir(parents=True)
    assert unpack_work(context, KEY, pack, RELEASE) == ""
    assert [path.name for path in context.build.iterdir()] == ["cache"]


def test_a_pack_tells_nothing(pack: Path) -> None:
    data = pack.read_bytes()
    assert [word for word in (b"state", b"sqlite", b"20261120000", WORDS) if word in data] == []
    assert pack.stat().st_mode & 0o77 == 0
    plain = len(data) - 56 - 16 * (len(data) // 16400 + 1)
    assert plain == padme(plain)  # the size is padded


def changed(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "another file": lambda _: b"PK" * 9999,
    "a bit of the header": lambda data: changed(data, 3),
    "a bit of the files": lambda data: changed(data, 400_000),
    "the last bit": lambda data: changed(data, len(data) - 1),
    "cut": lambda data: data[:-1],
    "cut between chunks": lambda data: data[: 56 + 40 * 16400],
    "longer": lambda data: data + b"\0",
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_pack_is_ignored(context: PublishContext, pack: Path, damage: str) -> None:
    pack.write_bytes(DAMAGE[damage](pack.read_bytes()))
    note = unpack_work(context, KEY, pack, RELEASE)
    assert note.startswith("The work pack work is ignored: ")
    assert kept(context) == {}


def test_a_pack_of_another_site_is_ignored(context: PublishContext, pack: Path) -> None:
    note = unpack_work(context, Secret(bytes(32)), pack, RELEASE)
    assert note == ("The work pack work is ignored: it does not open: it is damaged, or of another site secret.")
    assert kept(context) == {}


def test_a_pack_older_than_the_release_in_force_is_ignored(context: PublishContext, pack: Path) -> None:
    note = unpack_work(context, KEY, pack, Path("20261121000"))
    assert note == (
        "The work pack work is ignored: it is of release 20261120000, which is older than the one in force."
    )
    assert kept(context) == {}
    assert unpack_work(context, KEY, pack, None) == ""  # no release: all caches help
    assert kept(context) == FILES


@pytest.mark.parametrize("name", ["../evil", "/evil", "state/../../evil", "evil", "cache"])
def test_a_file_outside_the_folders_is_refused(context: PublishContext, name: str) -> None:
    """Only the owner of the secret can make such a pack; it does no harm either."""
    assert context.work_pack
    context.work_pack.parent.mkdir()
    with context.work_pack.open("wb") as file:
        sealed = work_pack._Sealed(file, work_pack._key(KEY))
        with tarfile.open(fileobj=sealed, mode="w|") as archive:  # type: ignore[call-overload]
            for entry, data in ((work_pack.SEQUENCE, b"1"), (name, b"evil")):
                info = tarfile.TarInfo(entry)
                info.size = len(data)
                archive.addfile(info, BytesIO(data))
        sealed.finish()
    shutil.rmtree(context.build)
    before = files_of(context.root)
    assert "is ignored" in unpack_work(context, KEY, context.work_pack, None)
    assert files_of(context.root) == before


def test_a_pack_that_cannot_be_written_stops_nothing(context: PublishContext) -> None:
    (context.root / "kept").write_text("a file", "utf-8")
    assert context.work_pack
    assert pack_work(context, KEY, context.work_pack, RELEASE).startswith("The work pack work was not written: ")


def test_a_preview_has_no_pack(context: PublishContext) -> None:
    assert context.for_preview("http://127.0.0.1:8000").work_pack is None
    assert replace(context, build=context.root).work_pack == context.work_pack


def fresh_clone(project: Project, root: Path) -> Project:
    """Return a clone that has the releases, the census and the work pack alone, as in a CI."""
    clone = Project.copy(project, root)
    for name in ("state", "cache", "tree"):
        shutil.rmtree(root / ".build" / name, ignore_errors=True)
    return clone


@pytest.mark.long
def test_a_fresh_clone_with_the_pack_publishes_nothing_when_nothing_changed(project: Project, tmp_path: Path) -> None:
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    run = project.publish(PORTAL_WORK_PACK=".build/work.pack")
    assert "Work pack work.pack: " in run.out
    before, target = files_of(project.release), os.readlink(project.output)

    clone = fresh_clone(project, tmp_path / "clone")
    run = clone.publish(PORTAL_WORK_PACK=".build/work.pack")
    assert "Nothing changed" in run.out
    assert (files_of(clone.release), os.readlink(clone.output)) == (before, target)
    assert files_of(clone.root / ".build" / "cache").keys() == files_of(project.root / ".build" / "cache").keys()


@pytest.mark.long
def test_a_pack_that_a_killed_publish_left_as_a_draft_is_written(project: Project) -> None:
    (draft := project.root / ".build" / ".work.pack.tmp").write_bytes(b"half")
    run = project.publish(PORTAL_WORK_PACK=".build/work.pack")
    assert "Nothing changed" in run.out
    assert "Work pack work.pack: " in run.out
    assert not draft.exists()
    assert "Work pack" not in project.publish(PORTAL_WORK_PACK=".build/work.pack").out


@pytest.mark.long
def test_a_fresh_clone_with_a_damaged_pack_publishes_and_writes_another(project: Project, tmp_path: Path) -> None:
    project.edit("content/pages/visit.md", "Come by at dusk", "Come by at noon")
    project.publish(PORTAL_WORK_PACK=".build/work.pack")
    clone = fresh_clone(project, tmp_path / "clone")
    pack = clone.root / ".build" / "work.pack"
    pack.write_bytes(changed(pack.read_bytes(), 9999))
    run = clone.publish(PORTAL_WORK_PACK=".build/work.pack")
    assert "The work pack work.pack is ignored: it does not open" in run.out
    assert "Work pack work.pack: " in run.out
    assert "Nothing changed" in fresh_clone(clone, tmp_path / "next").publish(PORTAL_WORK_PACK=".build/work.pack").out
