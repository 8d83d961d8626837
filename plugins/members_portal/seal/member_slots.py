"""The page slots of all members in two files of the tree, and the members' own texts, which become files of theirs.

`slots.tsv` has a line for each member: the id, a digest (hex) of the slots, and the size of their piece in bytes, with
tabs between them. `slots.z` has the pieces in the same order: the slots as JSON, each one zlib stream.
The line of a member with an own text goes on with the path of its file, its SHA-256 (hex), its size, and the size of
its zlib stream, which follows the piece.
The digest of the slots is the SHA-256 of the id, a zero byte and the slots; for an own text then also of a zero byte,
its path, a zero byte and its SHA-256 (hex). Slots and texts are refused under the id of another member.
"""

from __future__ import annotations

import os
import re
import weakref
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from members_portal.seal.format.path_names import is_part
from members_portal.seal.seal_error import BadTree, ForeignSlots

SLOTS_FILE, PIECES_FILE = "slots.tsv", "slots.z"
NO_SLOTS = b"{}"
NO_SLOTS_DIGEST = sha256(NO_SLOTS).hexdigest()

_OWN = rb"\t([^\t\n]+)\t([0-9a-f]{64})\t(\d{1,9})\t(\d{1,9})"
_LINE = re.compile(rb"([^\t\n]+)\t([0-9a-f]{64})\t(\d{1,9})(?:" + _OWN + rb")?\n")


class SlotPiece(NamedTuple):
    """The slots of a member as a zlib stream, and their digest. The digest covers `own`: path and digest of a text."""

    data: bytes
    digest: bytes
    own: bytes = b""

    def unpack(self, member: str) -> bytes:
        """Return the slots; raise BadTree for a piece that doesn't unpack, ForeignSlots for one of another member."""
        try:
            slots = zlib.decompress(self.data)
        except zlib.error as error:
            raise BadTree("the slots of a member do not unpack", f"{PIECES_FILE}, member {member}") from error
        if sha256(member.encode() + b"\0" + slots + self.own).digest() != self.digest:
            what = "the slots are not those that were made for this member"
            raise ForeignSlots(what, f"{SLOTS_FILE}, member {member}")
        return slots


def no_piece(member: str) -> SlotPiece:
    """Return the piece of a member without slots."""
    return SlotPiece(zlib.compress(NO_SLOTS), sha256(member.encode() + b"\0" + NO_SLOTS).digest())


@dataclass(frozen=True, slots=True)
class TextPlace:
    """The place of a member's own text in a file of streams, the path of its file, its SHA-256 (hex) and its size."""

    path: str
    digest: str
    size: int
    file: Path
    start: int
    stream: int

    @property
    def covered(self) -> bytes:
        """What the digest of the member's slots covers of the text."""
        return f"\0{self.path}\0{self.digest}".encode()

    def read(self) -> bytes:
        """Return the text; raise BadTree for one that doesn't unpack, or with another digest."""
        try:
            data = zlib.decompress(self.read_stream())
        except zlib.error as error:
            raise BadTree("an own text of a member does not unpack", PIECES_FILE) from error
        if sha256(data).hexdigest() != self.digest:
            raise BadTree("an own text of a member has another SHA-256", PIECES_FILE)
        return data

    def read_stream(self) -> bytes:
        """Return the zlib stream of the text, not compared with anything."""
        with self.file.open("rb") as file:
            file.seek(self.start)
            return file.read(self.stream)


class MemberSlots(Mapping[str, bytes]):
    """The slots of each member, as JSON; only the places and the digests of the pieces are in memory.

    `texts` are the places of the members' own texts, by id.

    Raise BadTree for a line of another form, or with the id of an earlier line. Raise ForeignSlots for a piece with
    another digest.
    """

    def __init__(self, tree: Path | None = None) -> None:
        self._places: dict[str, tuple[int, int, bytes]] = {}
        self.texts: dict[str, TextPlace] = {}
        if tree:
            self._path = tree / PIECES_FILE
            self._file = self._open(self._path)
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
        (start, size, digest), own = self._places[member], self.texts.get(member)
        return SlotPiece(os.pread(self._file, size, start), digest, own.covered if own else b"")

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
                if found[4]:
                    self.texts[member] = self._text(found, start, number)
                    start += self.texts[member].stream
        if start != os.fstat(self._file).st_size:
            raise BadTree(f"the sizes in {SLOTS_FILE} are not those of the pieces", PIECES_FILE)

    def _text(self, line: re.Match[bytes], start: int, number: int) -> TextPlace:
        path = line[4].decode("utf-8", "replace")
        if not all(map(is_part, path.split("/"))):
            raise BadTree("this path cannot stand in an address", f"{SLOTS_FILE}:{number}")
        return TextPlace(path, line[5].decode(), int(line[6]), self._path, start, int(line[7]))
