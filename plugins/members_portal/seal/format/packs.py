"""Packs: the records that a publish seals, one after the other, cut into files of equal size."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from members_portal.seal.format import padding
from members_portal.seal.release_folder import ReleaseFolder
from members_portal.seal.seal_error import DamagedRelease

PACKS_FOLDER = "_/r"
PACK = 1 << 18  # bytes
UNIT = 1 << 14  # bytes: the size of a single pack is a multiple of it
FEWEST_UNITS = 4


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """The place of a record: the publish id of its packs, and its offset and length in them, in bytes."""

    publish: str
    offset: int
    length: int

    @property
    def numbers(self) -> range:
        """Return the numbers of the packs that contain the record."""
        return range(self.offset // PACK, (self.offset + self.length - 1) // PACK + 1)

    def after(self, length: int) -> RecordPlace:
        """Return the place of a message of `length` bytes that follows the record."""
        return RecordPlace(self.publish, self.offset + self.length, length)

    def with_after(self, length: int) -> RecordPlace:
        """Return the place of the record together with `length` bytes that follow it."""
        return RecordPlace(self.publish, self.offset, self.length + length)


def pack_path(publish_id: str, number: int) -> str:
    """Return the path of a pack in a release."""
    return f"{PACKS_FOLDER}/{publish_id}/{number:04x}"


class PackWriter:
    """Write the packs of one publish."""

    def __init__(self, folder: ReleaseFolder, publish_id: str, spare: int) -> None:
        self._folder = folder
        self._spare = spare
        self._publish_id = publish_id
        self._buffer = bytearray()
        self._packs = 0

    def add(self, message: bytes, text: bytes = b"") -> RecordPlace:
        """Append a record, and the message of a text that follows it; return the place of the record."""
        place = RecordPlace(self._publish_id, self._packs * PACK + len(self._buffer), len(message))
        self._buffer += message + text
        while len(self._buffer) >= PACK:
            self._write(self._buffer[:PACK])
            del self._buffer[:PACK]
        return place

    def close(self) -> None:
        """Fill up with random bytes: one pack to a class of units, or several to a class of packs."""
        size = padded_size(self._packs * PACK + len(self._buffer), self._spare)
        while self._packs * PACK < size:
            noise = min(PACK, size - self._packs * PACK) - len(self._buffer)
            self._write(self._buffer + os.urandom(noise))
            self._buffer.clear()

    def _write(self, pack: bytes | bytearray) -> None:
        self._folder.write_sealed(pack_path(self._publish_id, self._packs), bytes(pack))
        self._packs += 1


def padded_size(records: int, spare: int) -> int:
    """Return the size of all packs of a publish from that of its records, in bytes."""
    least = padding.with_spare(records, spare)
    units = padding.size_class(max(FEWEST_UNITS, -(-least // UNIT)))
    return units * UNIT if units * UNIT <= PACK else PACK * padding.size_class(-(-least // PACK))


def read_place(release: Path, place: RecordPlace) -> bytes:
    """Return the bytes of a record's message; raise DamagedRelease if a pack is missing or too short."""
    whole = b"".join(_parts(release, place))
    if len(whole) != place.length:
        raise DamagedRelease("a pack of records is cut off")
    return whole


def _parts(release: Path, place: RecordPlace) -> Iterator[bytes]:
    for number in place.numbers:
        start = max(place.offset - number * PACK, 0)
        end = min(place.offset + place.length - number * PACK, PACK)
        path = pack_path(place.publish, number)
        try:
            with open(release / path, "rb") as file:
                file.seek(start)
                yield file.read(end - start)
        except FileNotFoundError as error:
            raise DamagedRelease(f"{path} is missing from the release") from error
