"""Slot table: the slots of all members, in two files of the tree. A file for each of a million members would be slow.

`slots.tsv` has a line for each member: the id, a digest (hex) of the slots, and the size of their piece in bytes, with
tabs between them. `slots.z` has the pieces in the same order: the slots as JSON, each one zlib stream.
A member may have an own text, which becomes a file of the member. It is one more zlib stream after the piece, and the
line goes on with its path, its SHA-256 (hex), its size, and the size of its stream.
The digest of the slots is the SHA-256 of the id, a zero byte and the slots; for an own text then also of a zero byte,
its path, a zero byte and its SHA-256 (hex). Sealing refuses slots and texts under the id of another member.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from members_portal.portal.rendering.rendered_tree import RenderedTree

SLOT_PLACES, PIECES = "slots.tsv", "slots.z"
LEVEL = 6  # of zlib: the streams become parts of the release


class OwnText(NamedTuple):
    """A text that becomes a file of a member: its path, SHA-256 and size, and the text as a zlib stream."""

    path: str
    digest: bytes
    size: int
    data: bytes


class Piece(NamedTuple):
    """The slots of a member: their digest, and the JSON as a zlib stream; and the own text, if there is one."""

    digest: bytes
    data: bytes
    own: OwnText | None = None

    @property
    def text(self) -> str:
        """The slots as JSON."""
        return zlib.decompress(self.data).decode()


def piece_of(member: str, slots: str, own: OwnText | None = None) -> Piece:
    """Return the piece of a member's slots in JSON, with the own text."""
    data = slots.encode()
    digest = sha256(member.encode() + b"\0" + data)
    if own:
        digest.update(f"\0{own.path}\0{own.digest.hex()}".encode())
    return Piece(digest.digest(), _flushed(data), own)


def own_text(path: str, text: str) -> OwnText:
    """Return a text that becomes the file of a member at a path."""
    data = text.encode()
    return OwnText(path, sha256(data).digest(), len(data), zlib.compress(data, LEVEL))


def write_slots(tree: RenderedTree, pieces: Iterable[tuple[str, Piece]]) -> None:
    """Write the slots of members, by id, into a tree; one piece is in memory at a time."""
    lines: list[bytes] = []

    def data() -> Iterator[bytes]:
        for member, piece in pieces:
            lines.append(f"{member}\t{piece.digest.hex()}\t{len(piece.data)}{_own_fields(piece.own)}\n".encode())
            yield piece.data
            if piece.own:
                yield piece.own.data

    tree.write_parts(PIECES, data())
    tree.write_parts(SLOT_PLACES, lines)


def read_slots(folder: Path) -> dict[str, str]:
    """Return the slots of all members of a tree, as JSON by id."""
    found, start, data = {}, 0, (folder / PIECES).read_bytes()
    for line in (folder / SLOT_PLACES).read_text("utf-8").splitlines():
        member, digest, size, *own = line.split("\t")
        found[member] = Piece(bytes.fromhex(digest), data[start : start + int(size)]).text
        start += int(size) + (int(own[-1]) if own else 0)
    return found


def _flushed(data: bytes) -> bytes:
    """Return a zlib stream with an empty last block: sealing puts other bytes round it without deflating it again."""
    deflate = zlib.compressobj(LEVEL)
    return deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH) + deflate.flush()


def _own_fields(own: OwnText | None) -> str:
    return f"\t{own.path}\t{own.digest.hex()}\t{own.size}\t{len(own.data)}" if own else ""
