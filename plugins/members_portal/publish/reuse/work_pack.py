"""The work pack: fingerprints and caches in one sealed file, for a machine that keeps no folder, such as one of a CI.

It is a tar archive, padded, in one message under a key of the site secret. Nothing of it is used before the whole
message is verified. A damaged, foreign or old pack is ignored: it costs time, and never changes a result.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from time import perf_counter
from typing import BinaryIO

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from members_portal.publish.context import PublishContext
from members_portal.seal import Secret
from members_portal.seal.format.padding import padme
from members_portal.whole_file import make_private, replaced_file

WORK_CONTEXT = b"members-portal work pack 1"  # another version does not open
SEQUENCE = "sequence"  # the first entry: the number of the release in force when the pack was written
SPILL = "spill"  # temporary files of DuckDB
PIECE = 1 << 18  # bytes that are read, sealed and written at a time
MOST_DIGITS = 16  # of a sequence number
DRAFT_SUFFIXES = (".tmp", "-journal", "-wal", "-shm")


class _Unusable(Exception):
    """Raised for a pack that is ignored; the message is the reason."""


def unpack_work(context: PublishContext, secret: Secret, pack: Path, current: Path | None) -> str:
    """Restore the fingerprints and caches that this machine lacks; return a note when a pack is ignored.

    `current` is the release in force. Where one of the folders exists, nothing is restored.
    """
    folders = packed_folders(context)
    shutil.rmtree(_draft(context.build), ignore_errors=True)  # of a killed publish
    if not pack.is_file() or any(folder.exists() for folder in folders.values()):
        return ""
    try:
        with _draft_folders(context.build, folders) as draft, pack.open("rb") as file:
            _extract(_Opened(file, _key(secret)), draft, int(current.name) if current else 0)
            for name, folder in folders.items():
                (draft / name).rename(folder)
    except (_Unusable, OSError) as error:
        return f"The work pack {pack.name} is ignored: {error}."
    return ""


def pack_work(context: PublishContext, secret: Secret, pack: Path, release: Path) -> str:
    """Write the pack after a publish of `release`; return a note about it. A failure stops nothing."""
    start = perf_counter()
    try:
        pack.parent.mkdir(parents=True, exist_ok=True)
        with replaced_file(pack) as draft, draft.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            sealed = _Sealed(file, _key(secret))
            _add_all(sealed, context, release)
            sealed.finish()
    except OSError as error:
        return f"The work pack {pack.name} was not written: {error}."
    return f"Work pack {pack.name}: {pack.stat().st_size / 1e6:.1f} MB in {perf_counter() - start:.2f} s."


def packed_folders(context: PublishContext) -> dict[str, Path]:
    """Return the folders that a pack holds, by their names in it.

    They are restored in this order: a publish that is killed between them leaves the caches, which help alone.
    """
    return {"cache": context.cache, "state": context.state}


def _key(secret: Secret) -> bytes:
    return secret.derive("work pack")[:32]


def _draft(build: Path) -> Path:
    return build / ".work-pack.tmp"


@contextmanager
def _draft_folders(build: Path, names: Iterable[str]) -> Iterator[Path]:
    draft = _draft(build)
    for name in names:
        make_private(draft / name)
    try:
        yield draft
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _add_all(sealed: _Sealed, context: PublishContext, release: Path) -> None:
    with tarfile.open(fileobj=sealed, mode="w|", format=tarfile.PAX_FORMAT) as archive:  # type: ignore[call-overload]
        number = release.name.encode()
        entry = tarfile.TarInfo(SEQUENCE)
        entry.size = len(number)
        archive.addfile(entry, BytesIO(number))
        for name, folder in packed_folders(context).items():
            for path in _files_below(folder):
                archive.add(path, f"{name}/{path.relative_to(folder).as_posix()}", recursive=False)


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield the regular files of a folder, without links and temporary files, by path."""
    for path in sorted(folder.rglob("*")):
        is_temporary = path.name.endswith(DRAFT_SUFFIXES) or SPILL in path.relative_to(folder).parts
        if path.is_file() and not path.is_symlink() and not is_temporary:
            yield path


def _extract(opened: _Opened, draft: Path, oldest: int) -> None:
    """Write the files of an archive to a folder; raise _Unusable for another archive, or one before `oldest`."""
    try:
        with tarfile.open(fileobj=opened, mode="r|", bufsize=PIECE) as archive:  # type: ignore[call-overload]
            _check_sequence(archive, oldest)
            while entry := archive.next():
                _write(archive, entry, draft)
        opened.finish()
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise _Unusable("it is damaged") from error


def _check_sequence(archive: tarfile.TarFile, oldest: int) -> None:
    first = archive.next()
    data = archive.extractfile(first) if first and first.name == SEQUENCE else None
    if data is None or not (number := data.read(MOST_DIGITS + 1)).isdigit():
        raise _Unusable("it is damaged")
    if int(number) < oldest:
        raise _Unusable(f"it is of release {int(number)}, which is older than the one in force")


def _write(archive: tarfile.TarFile, entry: tarfile.TarInfo, draft: Path) -> None:
    path = PurePosixPath(entry.name)
    data = archive.extractfile(entry) if entry.isreg() else None
    if data is None or ".." in path.parts or not (draft / path.parts[0]).is_dir() or path.is_absolute():
        raise _Unusable("it is damaged")
    (draft / path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (draft / path).open("xb") as file:
        shutil.copyfileobj(data, file, PIECE)


class _Sealed:
    """A file to write to: seals each piece, and pads the end."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file, self._size = file, 0
        self._encryptor = Cobblestone256Encryptor(key, WORK_CONTEXT)

    def write(self, data: bytes) -> int:
        """Seal and write some bytes."""
        self._file.write(self._encryptor.update(data))
        self._size += len(data)
        return len(data)

    def finish(self) -> None:
        """Pad with zeros: the size tells little about the content."""
        left = padme(self._size) - self._size
        while left:
            left -= self.write(bytes(min(left, PIECE)))
        self._file.write(self._encryptor.finalize())


class _Opened:
    """A file to read from: opens each piece; raises _Unusable for a message that does not open."""

    def __init__(self, file: BinaryIO, key: bytes) -> None:
        self._file, self._left, self._is_whole = file, b"", False
        self._decryptor = Cobblestone256Decryptor(key, WORK_CONTEXT)

    def read(self, size: int) -> bytes:
        """Return the next bytes, fewer than `size` at the end only."""
        parts, length = [self._left], len(self._left)
        while length < size and (piece := self._next()):
            parts.append(piece)
            length += len(piece)
        data = b"".join(parts)
        self._left = data[size:]
        return data[:size]

    def finish(self) -> None:
        """Verify the rest: the padding, and the end of the message."""
        while self.read(PIECE):
            pass

    def _next(self) -> bytes:
        try:
            while not self._is_whole:
                sealed = self._file.read(PIECE)
                self._is_whole = not sealed
                if piece := self._decryptor.update(sealed) if sealed else self._decryptor.finalize():
                    return piece
        except (InvalidTag, ValueError) as error:
            raise _Unusable("it does not open: it is damaged, or of another site secret") from error
        return b""
