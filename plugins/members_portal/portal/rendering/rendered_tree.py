"""The rendered tree on disk: a file that has its bytes already is kept, any other is written anew.

The files of the earlier tree are not trusted: the digest of each one's bytes is compared. No file is written into:
it may have other names.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

PART = 1 << 18  # bytes of a file in memory: the slots of all members are one file


FileStamp = tuple[int, int, int, int]  # size, times of change of the content and of the entry, inode
TreeMemory = dict[str, tuple[FileStamp, str]]  # stamp and SHA-256 (hex) of files, by path


class RenderedTree:
    """Writes the files of a tree below a folder. `digests` maps the path of each one to its SHA-256 (hex).

    Links and special files of the earlier tree are removed. A file of it with the same stamp in `memory` is not read
    again; the memory then holds the files of the earlier tree.
    """

    def __init__(self, root: Path, memory: TreeMemory | None = None) -> None:
        self.root = str(root)
        self._memory, self._seen = memory or {}, TreeMemory()
        self.digests: dict[str, str] = {}
        self._folders: set[str] = set()
        self._rest: dict[str, str] = {}
        self._linked: dict[tuple[int, int], str] = {}  # digests of files with several paths, by device and inode
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._rest = dict(self._earlier(""))
        if memory is not None:
            memory.clear()
            memory.update(self._seen)

    def keep(self, path: str, digest: str) -> bool:
        """Keep a file of the earlier tree if its bytes have this SHA-256 (hex); return whether it is kept."""
        if self._rest.get(path) != digest:
            return False
        self._add(path, digest)
        return True

    def write(self, path: str, data: bytes) -> str:
        """Write a new file, or keep an equal one of the earlier tree; return its SHA-256 (hex)."""
        digest = sha256(data).hexdigest()
        if self.keep(path, digest):
            return digest
        with open(self._new(path), "xb") as file:
            file.write(data)
        self._add(path, digest)
        return digest

    def write_parts(self, path: str, parts: Iterable[bytes]) -> None:
        """Write a new file from parts, of which one is in memory at a time."""
        digest = sha256()
        with open(self._new(path), "xb") as file:
            for part in parts:
                digest.update(part)
                file.write(part)
        self._add(path, digest.hexdigest())

    def link(self, path: str, other: str) -> bool:
        """Give another file of this run a second path, or keep an equal file there; False if it can't be linked."""
        digest = self.digests[other]
        if self.keep(path, digest):
            return True
        try:
            os.link(f"{self.root}/{other}", self._new(path))
        except OSError:
            return False
        self._add(path, digest)
        return True

    def remove_rest(self, folder: str = "") -> None:
        """Remove the files of the earlier tree below a folder that were neither kept nor replaced."""
        prefix = f"{folder}/" if folder else ""
        for path in [path for path in self._rest if path.startswith(prefix)]:
            os.unlink(f"{self.root}/{path}")
            del self._rest[path]
        self._remove_empty(folder)

    def _add(self, path: str, digest: str) -> None:
        self._rest.pop(path, None)
        self.digests[path] = digest

    def _new(self, path: str) -> str:
        """Make room for a new file: its folder exists, and no file or folder of the earlier tree has its path."""
        self._make(path.rpartition("/")[0])
        target = f"{self.root}/{path}"
        if self._rest.pop(path, None) is not None:
            os.unlink(target)
        elif path in self._folders:
            self._remove_folder(path)
        return target

    def _make(self, folder: str) -> None:
        """Create a folder and those above it. A file of the earlier tree with this name is removed."""
        if not folder or folder in self._folders:
            return
        self._make(folder.rpartition("/")[0])
        if self._rest.pop(folder, None) is not None:
            os.unlink(f"{self.root}/{folder}")
        os.mkdir(f"{self.root}/{folder}")
        self._folders.add(folder)

    def _remove_folder(self, folder: str) -> None:
        """Remove a folder of the earlier tree; a file gets its path."""
        within = f"{folder}/"
        if any(path.startswith(within) for path in self.digests):
            raise FileExistsError(f"{folder} is a folder and a file")
        shutil.rmtree(f"{self.root}/{folder}")
        self._rest = {path: digest for path, digest in self._rest.items() if not path.startswith(within)}
        self._folders = {path for path in self._folders if path != folder and not path.startswith(within)}

    def _remove_empty(self, below: str) -> None:
        """Remove the folders below a folder that hold none of the files."""
        prefix = f"{below}/" if below else ""
        used = {""}  # the root
        for path in self.digests:
            while (path := path.rpartition("/")[0]) not in used:
                used.add(path)
        for folder in sorted(self._folders - used, reverse=True):
            if folder.startswith(prefix):
                shutil.rmtree(f"{self.root}/{folder}")
                self._folders.remove(folder)

    def _earlier(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Yield the path and the digest of each file of the earlier tree."""
        with os.scandir(f"{self.root}/{prefix}") as found:
            entries = list(found)
        for entry in entries:
            path = prefix + entry.name
            if entry.is_dir(follow_symlinks=False):
                self._folders.add(path)
                yield from self._earlier(f"{path}/")
            elif entry.is_file(follow_symlinks=False):
                yield path, self._digest(path, entry)
            else:
                os.unlink(entry.path)

    def _digest(self, path: str, entry: os.DirEntry[str]) -> str:
        """Return the digest of a file. One in the memory is not read, one that has several paths is read once."""
        found = entry.stat(follow_symlinks=False)
        stamp = stamp_of(found)
        known, digest = self._memory.get(path, ((), ""))
        if known != stamp:
            key = (found.st_dev, found.st_ino)
            digest = self._linked.get(key) or _digest_of(entry.path)
            if found.st_nlink > 1:
                self._linked[key] = digest
        self._seen[path] = stamp, digest
        return digest


def stamp_of(found: os.stat_result) -> FileStamp:
    """Return the stamp of a file: while it is the same, so is the content."""
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def _digest_of(file: str) -> str:
    digest, opened = sha256(), os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        while part := os.read(opened, PART):
            digest.update(part)
    finally:
        os.close(opened)
    return digest.hexdigest()
