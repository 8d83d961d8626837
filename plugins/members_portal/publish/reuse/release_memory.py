"""The release that this process made, known by its files: a preview need not verify its signatures again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from members_portal.portal.rendering.rendered_tree import FileStamp, stamp_of


class ReleaseMemory:
    """The files of the newest release of this process: their stamps by path."""

    def __init__(self) -> None:
        self._known: dict[str, FileStamp] = {}

    def keep(self, release: Path) -> None:
        """Remember a release that this process has just made and checked."""
        self._known = dict(_stamps(str(release)))

    def knows(self, release: Path) -> bool:
        """Return whether no file of a release has changed since it was kept."""
        return bool(self._known) and self._known == dict(_stamps(str(release)))


def _stamps(folder: str) -> Iterator[tuple[str, FileStamp]]:
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            yield from _stamps(entry.path)
        else:
            yield entry.path, stamp_of(entry.stat(follow_symlinks=False))
