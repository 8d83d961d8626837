"""The release that this process made, known by its files: a preview need not verify its signatures again."""

from __future__ import annotations

import os
from pathlib import Path

from members_portal.portal.rendering.rendered_tree import FileStamp, stamp_of


class ReleaseMemory:
    """The files of the newest release of this process: their stamps by path."""

    def __init__(self) -> None:
        self._known: dict[str, FileStamp] = {}

    def keep(self, release: Path) -> None:
        """Remember a release that this process has just made and checked."""
        self._known = stamps_below(str(release))

    def knows(self, release: Path) -> bool:
        """Return whether no file of a release has changed since it was kept."""
        return bool(self._known) and self._known == stamps_below(str(release))


def stamps_below(folder: str) -> dict[str, FileStamp]:
    """Return the stamp of each file and link below a folder, by path."""
    folders, found = [folder], dict[str, FileStamp]()
    for each in folders:  # the list grows
        with os.scandir(each) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    found[entry.path] = stamp_of(entry.stat(follow_symlinks=False))
    return found
