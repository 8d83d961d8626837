"""The folder that a release is written into: creates files, counts them, and collects their digests.

File times tell nothing: hosts state them in the header Last-Modified, and times of writing would separate sealed
files from decoys. Sealed files have one constant time. The time of all other files follows from the sequence number.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o644, 0o755  # a web server has to read a release, whatever the umask is
SEALED_TIME = 946_684_800  # 2000-01-01: sealed files never change, so that one time serves all


class ReleaseFolder:
    """Write the files of a release; writing to an existing path raises FileExistsError.

    `time` is the modification time of all files except sealed ones, in seconds since 1970.
    """

    def __init__(self, root: Path, time: int = SEALED_TIME) -> None:
        self.root, self.time = root, time
        self.files = 0
        self.bytes = 0
        self.digests: dict[str, str] = {}
        self.sealed: dict[str, str] = {}
        self._folders: set[str] = set()
        self._written: list[str] = []
        self._make(str(root))

    def write(self, path: str, data: bytes, time: int | None = None) -> None:
        """Write one file; `time` replaces the folder's modification time."""
        target = self._place(path)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
        with named(target), open(descriptor, "wb", buffering=0) as file:
            os.fchmod(descriptor, FILE_MODE)
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            os.utime(descriptor, (time or self.time,) * 2)
        self._written.append(target)
        self._count(len(data))

    def write_digested(self, path: str, data: bytes) -> None:
        """Write one file and store its digest for `release.json`."""
        self.digests[path] = sha256(data).hexdigest()
        self.write(path, data)

    def write_sealed(self, path: str, data: bytes) -> None:
        """Write a blob, decoy or pack, and store its digest for the tree digest."""
        self.sealed[path] = sha256(data).hexdigest()
        self.write(path, data, SEALED_TIME)

    def link(self, path: str, source: Path, data: bytes) -> None:
        """Hard-link a sealed file of another release.

        Write `data` instead if the file system cannot link, or if the file has another owner, mode or time.
        """
        self.sealed[path] = sha256(data).hexdigest()
        try:
            if _size_as_written(str(source)) is None:
                raise OSError
            os.link(source, self._place(path), follow_symlinks=False)
        except OSError:
            self.write(path, data, SEALED_TIME)
        else:
            self._count(len(data))

    def link_known(self, path: str, source: str, digest: str) -> int | None:
        """Hard-link a sealed file of another release by its SHA-256 (hex), or copy it; return its size.

        Return None, and write nothing, if the file has changed.
        """
        size = _size_as_written(source)
        if size is not None:
            try:
                os.link(source, self._place(path), follow_symlinks=False)
            except OSError:
                size = None
        if size is None:
            data = Path(source).read_bytes()
            if sha256(data).hexdigest() != digest:
                return None
            self.write(path, data, SEALED_TIME)
            size = len(data)
        else:
            self._count(size)
        self.sealed[path] = digest
        return size

    def finish(self) -> None:
        """Set the times of all folders, which every new file changes."""
        for folder in self._folders:
            os.utime(folder, (self.time, self.time))

    def flush(self) -> None:
        """Flush every written file and folder to disk (fsync)."""
        os.sync()  # starts all writes at once; each fsync then waits briefly and reports its own error
        for path in (*self._written, *self._folders):
            _fsync(path)

    def _count(self, size: int) -> None:
        self.files += 1
        self.bytes += size

    def _place(self, path: str) -> str:
        target = f"{self.root}/{path}"
        parent = target.rpartition("/")[0]
        if parent not in self._folders:
            self._make(parent)
        return target

    def _make(self, folder: str) -> None:
        """Create a folder and its parents up to the root; the root must not exist yet."""
        if folder != str(self.root):
            parent = folder.rpartition("/")[0]
            if parent not in self._folders:
                self._make(parent)
        os.mkdir(folder)
        os.chmod(folder, FOLDER_MODE)
        self._folders.add(folder)


def release_time(sequence: int) -> int:
    """Return the modification time of a release's files, in seconds since 1970: midnight UTC of the day, and a count.

    Releases of one day differ by a second, so that tools that compare times and sizes send changed files. A sequence
    that begins with no day counts seconds from SEALED_TIME.
    """
    day, number = divmod(sequence, 1000)
    try:
        return int(datetime.strptime(f"{day}+0000", "%Y%m%d%z").timestamp()) + number
    except ValueError:
        return SEALED_TIME + sequence


def _size_as_written(file: str) -> int | None:
    """Return the size of a file; None if it has another owner, mode or time than a sealed file."""
    found = os.lstat(file)
    expected = (stat.S_IFREG | FILE_MODE, os.geteuid(), SEALED_TIME)
    return found.st_size if (found.st_mode, found.st_uid, int(found.st_mtime)) == expected else None


@contextmanager
def named(path: str | Path) -> Iterator[None]:
    """Add the path to an OSError that has none, such as ENOSPC."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _fsync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        with named(path):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
