"""The stamp of a release: while it is the same, no file of the release has changed since it was verified.

It covers the size, the inode and the times of each file. The kernel sets the time of change (ctime) at each write,
renaming or change of mode, and no system call sets it. The files of a copy, such as one that a CI restores,
have other stamps. A change in the same tick of the clock as the one before may leave no trace: a stamp counts only if
all files had been at rest for some seconds before the release was verified.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from members_portal.publish.reuse.release_memory import stamps_below
from members_portal.seal import Secret

REST = 2_000_000_000  # nanoseconds: the coarsest clocks of file systems tick every two seconds


@dataclass(frozen=True)
class ReleaseStamp:
    """The stamp of a release as a keyed digest (hex), and the newest time of change of its files, in nanoseconds.

    `has_changes`: the file system keeps times of change. Those of content are set by a publish, to an earlier time.
    """

    release: Path
    value: str
    newest: int = field(compare=False)
    has_changes: bool = field(compare=False)

    def is_at_rest(self) -> bool:
        """Return whether no file has changed in the last seconds, by the clock of the release's file system."""
        folder = self.release.parent
        try:
            os.utime(folder)
            return self.has_changes and self.newest < os.stat(folder).st_ctime_ns - REST
        except OSError:
            return False


def release_stamp(release: Path, secret: Secret) -> ReleaseStamp | None:
    """Return the present stamp of a release; None if a file can't be looked at."""
    try:
        stamps = stamps_below(str(release))
    except OSError:
        return None
    shown = "".join(f"{path}\0{stamps[path]}\0" for path in sorted(stamps)).encode("utf-8", "surrogateescape")
    return ReleaseStamp(
        release,
        secret.derive("stamp", sha256(shown).hexdigest()).hex(),
        newest=max((change for _, _, change, _ in stamps.values()), default=0),
        has_changes=all(content < change for _, content, change, _ in stamps.values()),
    )
