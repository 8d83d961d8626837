"""The page slots of all members in two files of the tree.

`slots.tsv` has a line for each member: the id, a digest (hex) of the slots, and the size of their piece in bytes, with
tabs between them. The digest is the SHA-256 of the id, a zero byte and the slots: they are refused under the id of
another member. `slots.z` has the pieces in the same order: the slots as JSON, each one zlib stream.
"""

from __future__ import annotations

import os
import re
import weakref
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from members_portal.seal.format.path_names import is_part
from members_portal.seal.seal_error import BadTree, ForeignSlots

SLOTS_FILE, PIECES_FILE = "slots.tsv", "slots.z"
NO_SLOTS = b"{}"
NO_SLOTS_DIGEST = sha256(NO_SLOTS).hexdigest()

_LINE = re.compile(rb"([^\t\n]+)\t([0-9a-f]{64})\t(\d{1,9})\n")


class SlotPiece(NamedTuple):
    """The slots of a member as a zlib stream, and the SHA-256 of the id, a zero byte and the slots."""

    data: bytes
    digest: bytes

    def unpack(self, member: str) -> bytes:
        """Return the slots; raise BadTree for a piece that doesn't unpack, ForeignSlots for one of another member."""
        try:
            slots = zlib.decompress(self.data)
        except zlib.error as error:
            raise BadTree("the slots of a member do not unpack", f"{PIECES_FILE}, member {member}") from error
        if sha256(member.encode() + b"\0" + slots).digest() != self.digest:
            what = "the slots are not those that were made for this member"
            raise ForeignSlots(what, f"{SLOTS_FILE}, member {member}")
        return slots


def no_piece(member: str) -> SlotPiece:
    """Return the piece of a member without slots."""
    return SlotPiece(zlib.compress(NO_SLOTS), sha256(member.encode() + b"\0" + NO_SLOTS).digest())


class MemberSlots(Mapping[str, bytes]):
    """The slots of each member, as JSON; only the places and the digests of the pieces are in memory.

    Raise BadTree for a line of another form, or with the id of an earlier line. Raise ForeignSlots for a piece with
    another digest.
    """

    def __init__(self, tree: Path | None = None) -> None:
        self._places: dict[str, tuple[int, int, bytes]] = {}
        if tree:
            self._file = self._open(tree / PIECES_FILE)
            self._read_places(tree / SLOTS_FILE)

    def __getitem__(self, member: str) -> bytes:
        if member not in self._places:
            raise KeyError(member)
        return self.piece(member).unpack(member)

    def __contains__(self, member: object) -> bool:
        return member in self._places  # Mapping would unpack the slots

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def piece(self, member: str) -> SlotPiece:
        """Return the piece of a member; for a member without one, that of no slots."""
        if member not in self._places:
            return no_piece(member)
        start, size, digest = self._places[member]
        return SlotPiece(os.pread(self._file, size, start), digest)

    def digest(self, member: str) -> str:
        """Return the digest (hex) of a member's slots without reading them."""
        return self._places[member][2].hex() if member in self._places else NO_SLOTS_DIGEST

    def _open(self, file: Path) -> int:
        try:
            opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW)
        except FileNotFoundError as error:
            raise BadTree("this file is missing", PIECES_FILE) from error
        weakref.finalize(self, os.close, opened)
        return opened

    def _read_places(self, index: Path) -> None:
        start = 0
        with index.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                found = _LINE.fullmatch(line)
                member = found[1].decode("utf-8", "replace") if found else ""
                if not found or not is_part(member) or member in self._places:
                    what = "a line is the id of a member, once, a SHA-256 and a size"
                    raise BadTree(what, f"{SLOTS_FILE}:{number}")
                self._places[member] = (start, int(found[3]), bytes.fromhex(found[2].decode()))
                start += int(found[3])
        if start != os.fstat(self._file).st_size:
            raise BadTree(f"the sizes in {SLOTS_FILE} are not those of the pieces", PIECES_FILE)
