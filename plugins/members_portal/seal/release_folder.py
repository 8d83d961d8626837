"""The folder that a release is written into: creates files, counts them, and collects their digests."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o644, 0o755  # a web server has to read a release, whatever the umask is


class ReleaseFolder:
    """Write the files of a release; writing to an existing path raises FileExistsError."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = 0
        self.bytes = 0
        self.digests: dict[str, str] = {}
        self.sealed: dict[str, str] = {}
        self._folders: set[str] = set()
        self._written: list[str] = []
        self._make(str(root))

    def write(self, path: str, data: bytes) -> None:
        """Write one file."""
        target = self._place(path)
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
        with named(target), open(descriptor, "wb", buffering=0) as file:
            os.fchmod(descriptor, FILE_MODE)
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
        self._written.append(target)
        self._count(len(data))

    def write_digested(self, path: str, data: bytes) -> None:
        """Write one file and store its digest for `release.json`."""
        self.digests[path] = sha256(data).hexdigest()
        self.write(path, data)

    def write_sealed(self, path: str, data: bytes) -> None:
        """Write a blob, decoy or pack, and store its digest for the tree digest."""
        self.sealed[path] = sha256(data).hexdigest()
        self.write(path, data)

    def link(self, path: str, source: Path, data: bytes) -> None:
        """Hard-link a sealed file of another release; write `data` if the file system cannot link."""
        self.sealed[path] = sha256(data).hexdigest()
        try:
            os.link(source, self._place(path), follow_symlinks=False)
        except OSError:
            self.write(path, data)
        else:
            self._count(len(data))

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
