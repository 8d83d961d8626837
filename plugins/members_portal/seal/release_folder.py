"""The folder a release is written into: every file new, counted, digested where the format asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

FILE_MODE, FOLDER_MODE = 0o644, 0o755  # a release is for a web server to read, whatever the umask


class ReleaseFolder:
    """Write a release's files, each under a name that does not exist yet."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = 0
        self.bytes = 0
        self.digests: dict[str, str] = {}
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
        """Write one file and note its digest for `release.json`."""
        self.digests[path] = sha256(data).hexdigest()
        self.write(path, data)

    def link(self, path: str, source: Path, data: bytes) -> None:
        """Share a file with another release, or write its data where the disk cannot link."""
        try:
            os.link(source, self._place(path), follow_symlinks=False)
        except OSError:
            self.write(path, data)
        else:
            self._count(len(data))

    def flush(self) -> None:
        """Bring every file and folder to the disk."""
        os.sync()  # starts all writing at once; the fsyncs then wait for little, and report what failed
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
        """Make a folder and those above it, up to the root, which must not exist before."""
        if folder != str(self.root):
            parent = folder.rpartition("/")[0]
            if parent not in self._folders:
                self._make(parent)
        os.mkdir(folder)
        os.chmod(folder, FOLDER_MODE)
        self._folders.add(folder)


@contextmanager
def named(path: str | Path) -> Iterator[None]:
    """Name the file in an error that the system reports without it, such as a full disk."""
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
