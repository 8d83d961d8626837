"""The release that a preview has just made."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from members_portal.publish.reuse.release_memory import ReleaseMemory


@pytest.fixture
def release(tmp_path: Path) -> Path:
    (tmp_path / "1" / "_" / "b").mkdir(parents=True)
    for name in ("index.html", "_/b/ab"):
        (tmp_path / "1" / name).write_bytes(b"one")
    return tmp_path / "1"


def restored(file: Path) -> None:
    """Change a byte; restore size and time."""
    state = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))


def _link(release: Path) -> Path:
    link = release / "link"
    link.symlink_to("_/b/ab")
    return link


CHANGES: dict[str, Callable[[Path], object]] = {
    "a byte": lambda release: restored(release / "_/b/ab"),
    "a new file": lambda release: (release / "_/b/cd").write_bytes(b""),
    "a missing file": lambda release: (release / "index.html").unlink(),
    "a renamed file": lambda release: (release / "index.html").rename(release / "home.html"),
    "a link": lambda release: os.replace(_link(release), release / "index.html"),
}


def test_a_release_is_known_while_no_file_changes(release: Path) -> None:
    memory = ReleaseMemory()
    assert not memory.knows(release)
    memory.keep(release)
    assert memory.knows(release)


@pytest.mark.parametrize("change", CHANGES)
def test_a_release_with_a_changed_file_is_verified_again(release: Path, change: str) -> None:
    memory = ReleaseMemory()
    memory.keep(release)
    CHANGES[change](release)
    assert not memory.knows(release)


def test_another_release_is_not_known(release: Path) -> None:
    memory = ReleaseMemory()
    memory.keep(release)
    release.rename(release.with_name("2"))
    assert not memory.knows(release.with_name("2"))
