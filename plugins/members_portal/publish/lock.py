"""One publish at a time: an advisory lock (flock), which the kernel releases when the process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
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


def _take(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Locked("another publish is running here; try again when it is done") from None
