"""The release that this process made, known by its files: a preview need not verify its signatures again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

FileState = tuple[str, int, int, int, int]  # path, size, times of change of the content and of the entry, inode


class ReleaseMemory:
    """The files of the newest release of this process."""

    def __init__(self) -> None:
        self._known: list[FileState] = []

    def keep(self, release: Path) -> None:
        """Remember a release that this process has just made and checked."""
        self._known = sorted(_states(str(release)))

    def knows(self, release: Path) -> bool:
        """Return whether no file of a release has changed since it was kept."""
        return bool(self._known) and self._known == sorted(_states(str(release)))


def _states(folder: str) -> Iterator[FileState]:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _states(entry.path)
        else:
            state = entry.stat(follow_symlinks=False)
            yield entry.path, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino
