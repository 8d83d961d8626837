"""Kept slots: slots of the last run. The digest of their sources finds them.

The pieces are in a file of the cache, another name of the file in the tree. The work record has the SHA-256 of this
file, and the digest, the days and the size of each piece. Another file is not used.
"""

from __future__ import annotations

import mmap
import os
import shutil
from datetime import date
from hashlib import file_digest
from pathlib import Path
from struct import Struct
from typing import NamedTuple

from members_portal.portal.personal.slot_table import PIECES, Piece
from members_portal.whole_file import replaced_file
from members_portal.work_record import WorkRecord, digest_of

KIND_SLOTS = "slots of members"
NO_EARLIER = bytes(32)  # the digest of a file that a member does not have
_ENTRY = Struct(">32s32s32sIII")  # digests of sources, slots and own file, size of the piece, first and last day
_KEY = digest_of(KIND_SLOTS)
_SHA256 = 32  # bytes


class KeptPiece(NamedTuple):
    """The place of a piece in the file, the SHA-256 of its slots, and the days on which they are the same.

    `earlier` is the SHA-256 of the slot in a file of its own, or NO_EARLIER.
    """

    start: int
    size: int
    digest: bytes
    earlier: bytes
    first: int
    last: int


class KeptSlots:
    """The slots of the last run in a cache folder; without a work record there are none."""

    def __init__(self, record: WorkRecord | None, cache: Path) -> None:
        self._record, self._file = record, cache / PIECES
        self._data: mmap.mmap | bytes = b""
        self._new: list[bytes] = []
        data = record.find(KIND_SLOTS, _KEY) if record else None
        self._kept = _entries(data) if data and self._open(data[:_SHA256]) else {}

    def earlier(self, sources: bytes, on: date) -> bytes | None:
        """Return the digest of the own file of a piece that is the same on a day, or NO_EARLIER; None without one."""
        kept = self._kept.get(sources)
        return kept.earlier if kept and kept.first <= on.toordinal() <= kept.last else None

    def find(self, sources: bytes, on: date) -> Piece | None:
        """Return the piece with this digest of its sources if it is the same on a day; it is kept for the next run."""
        if self.earlier(sources, on) is None:
            return None
        kept = self._kept[sources]
        piece = Piece(kept.digest, self._data[kept.start : kept.start + kept.size])
        self._add(sources, piece, kept.earlier, kept.first, kept.last)
        return piece

    def keep(self, sources: bytes, piece: Piece, earlier: bytes, first: date, last: date) -> None:
        """Keep a piece that is the same on these days. The pieces of a run have the order of the table."""
        self._add(sources, piece, earlier, first.toordinal(), last.toordinal())

    def save(self, file: Path, digest: str) -> None:
        """Keep the file with the pieces of this run, of which this is the SHA-256 (hex)."""
        if self._record is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with replaced_file(self._file) as draft:
            try:
                os.link(file, draft)
            except OSError:
                shutil.copyfile(file, draft)
        self._record.keep(KIND_SLOTS, _KEY, bytes.fromhex(digest) + b"".join(self._new))

    def _add(self, sources: bytes, piece: Piece, earlier: bytes, first: int, last: int) -> None:
        if self._record is not None:
            self._new.append(_ENTRY.pack(sources, piece.digest, earlier, len(piece.data), first, last))

    def _open(self, digest: bytes) -> bool:
        """Open the file; return whether it is the one that was kept."""
        try:
            with self._file.open("rb") as file:
                if file_digest(file, "sha256").digest() != digest:
                    return False
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):  # ValueError: an empty file
            return False
        return True


def _entries(data: bytes) -> dict[bytes, KeptPiece]:
    kept, start = {}, 0
    for sources, digest, earlier, size, first, last in _ENTRY.iter_unpack(data[_SHA256:]):
        kept[sources] = KeptPiece(start, size, digest, earlier, first, last)
        start += size
    return kept
