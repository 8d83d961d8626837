"""One publish, and one command of an inbox, at a time: advisory locks (flock), which end with their process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from members_portal.publish.publish_error import Locked
from members_portal.whole_file import make_private


@contextmanager
def publish_lock(build: Path) -> Iterator[None]:
    """Hold the lock of a build folder; raise Locked when another process holds it."""
    make_private(build)
    descriptor = os.open(build / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def inbox_lock(build: Path, members: Path) -> Iterator[None]:
    """Hold the locks of a build folder and of a folder of members, whose inbox other sites may use, too."""
    with publish_lock(build):
        descriptor = os.open(members, os.O_RDONLY | os.O_DIRECTORY)
        try:
            _take(descriptor, "another command works on this inbox; try again when it is done")
            yield
        finally:
            os.close(descriptor)


@contextmanager
def own_folder(parent: Path, name: str) -> Iterator[Path]:
    """Yield a folder that no other process holds: `name`, else `name-2`, `name-3` and so on."""
    folder, descriptor = next(filter(None, (_held(parent / each) for each in _numbered(name))))
    try:
        yield folder
    finally:
        os.close(descriptor)


def _numbered(name: str) -> Iterator[str]:
    yield name
    yield from (f"{name}-{number}" for number in count(2))


def _held(folder: Path) -> tuple[Path, int] | None:
    """Take the lock of a folder; return it with the descriptor of the lock, None when another process holds it."""
    make_private(folder)
    descriptor = os.open(folder / "in-use", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor)
    except Locked:
        os.close(descriptor)
        return None
    return folder, descriptor


def _take(descriptor: int, reason: str = "another publish is running here; try again when it is done") -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Locked(reason) from None
