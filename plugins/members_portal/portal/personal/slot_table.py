"""Slot table: the slots of all members, in two files of the tree.

`slots.tsv` has a line for each member: the id, a digest (hex) of the slots, and the size of their piece in bytes, with
tabs between them. The digest is the SHA-256 of the id, a zero byte and the slots: sealing refuses them under the id of
another member. `slots.z` has the pieces in the same order: the slots as JSON, each one zlib stream.
A file and a folder for each of a million members would be slow.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from members_portal.portal.rendering.rendered_tree import RenderedTree

SLOT_PLACES, PIECES = "slots.tsv", "slots.z"


class Piece(NamedTuple):
    """The slots of a member: the digest of the id and the JSON, and the JSON as a zlib stream."""

    digest: bytes
    data: bytes

    @property
    def text(self) -> str:
        """The slots as JSON."""
        return zlib.decompress(self.data).decode()


def piece_of(member: str, slots: str) -> Piece:
    """Return the piece of a member's slots in JSON."""
    data = slots.encode()
    return Piece(sha256(member.encode() + b"\0" + data).digest(), zlib.compress(data, 1))


def write_slots(tree: RenderedTree, pieces: Iterable[tuple[str, Piece]]) -> None:
    """Write the slots of members, by id, into a tree; one piece is in memory at a time."""
    lines: list[bytes] = []

    def data() -> Iterator[bytes]:
        for member, piece in pieces:
            lines.append(f"{member}\t{piece.digest.hex()}\t{len(piece.data)}\n".encode())
            yield piece.data

    tree.write_parts(PIECES, data())
    tree.write_parts(SLOT_PLACES, lines)


def read_slots(folder: Path) -> dict[str, str]:
    """Return the slots of all members of a tree, as JSON by id."""
    found, start, data = {}, 0, (folder / PIECES).read_bytes()
    for line in (folder / SLOT_PLACES).read_text("utf-8").splitlines():
        member, digest, size = line.split("\t")
        found[member] = Piece(bytes.fromhex(digest), data[start : start + int(size)]).text
        start += int(size)
    return found
