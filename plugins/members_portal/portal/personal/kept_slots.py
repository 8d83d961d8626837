"""Kept slots: slots of the last run. The digest of their sources finds them.

The pieces and the own texts are in a file of the cache, another name of the file in the tree. The work record has the
SHA-256 of this file, and the digests, the days and the sizes of each piece and text. Another file is not used.
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

from members_portal.portal.personal.slot_table import PIECES, OwnText, Piece
from members_portal.whole_file import replaced_file
from members_portal.work_record import WorkRecord, digest_of

KIND_SLOTS = "slots of members"
NO_TEXT = bytes(32)  # instead of the digest of an own text
_ENTRY = Struct(">32s32s32sIIIII")  # digests: sources, slots, own text; sizes: piece, text, its stream; first, last day
_KEY = digest_of(KIND_SLOTS)
_SHA256 = 32  # bytes


class KeptPiece(NamedTuple):
    """The place of a piece in the file, the digest of its slots, and the days on which they are the same.

    `own` has the SHA-256 of the own text, its size, and the size of its stream, which follows the piece.
    """

    start: int
    size: int
    digest: bytes
    own: tuple[bytes, int, int]
    first: int
    last: int


class KeptSlots:
    """The slots of the last run in a cache folder; without a work record there are none.

    `path` is the path of own texts.
    """

    def __init__(self, record: WorkRecord | None, cache: Path, path: str) -> None:
        self._record, self._file, self._path = record, cache / PIECES, path
        self._data: mmap.mmap | bytes = b""
        self._new: list[bytes] = []
        data = record.find(KIND_SLOTS, _KEY) if record else None
        self._kept = _entries(data) if data and self._open(data[:_SHA256]) else {}

    def has(self, sources: bytes, on: date) -> bool:
        """Return whether there is a piece with this digest of its sources that is the same on a day."""
        kept = self._kept.get(sources)
        return kept is not None and kept.first <= on.toordinal() <= kept.last

    def find(self, sources: bytes, on: date) -> Piece | None:
        """Return the piece with this digest of its sources if it is the same on a day; it is kept for the next run."""
        if not self.has(sources, on):
            return None
        kept = self._kept[sources]
        end = kept.start + kept.size
        digest, size, stream = kept.own
        own = None if digest == NO_TEXT else OwnText(self._path, digest, size, self._data[end : end + stream])
        piece = Piece(kept.digest, self._data[kept.start : end], own)
        self._add(sources, piece, kept.first, kept.last)
        return piece

    def keep(self, sources: bytes, piece: Piece, first: date, last: date) -> None:
        """Keep a piece that is the same on these days. The pieces of a run have the order of the table."""
        self._add(sources, piece, first.toordinal(), last.toordinal())

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

    def _add(self, sources: bytes, piece: Piece, first: int, last: int) -> None:
        if self._record is None:
            return
        own, size, stream = (piece.own.digest, piece.own.size, len(piece.own.data)) if piece.own else (NO_TEXT, 0, 0)
        self._new.append(_ENTRY.pack(sources, piece.digest, own, len(piece.data), size, stream, first, last))

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
    for sources, digest, own, piece, size, stream, first, last in _ENTRY.iter_unpack(data[_SHA256:]):
        kept[sources] = KeptPiece(start, piece, digest, (own, size, stream), first, last)
        start += piece + stream
    return kept
