"""What an earlier publish sealed: the place of each record, and a MAC of the content that it was made from.

With it, an unchanged record is found without opening the one before. Without it, records are opened and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from members_portal.seal.format.manifest import SealedFile
from members_portal.seal.format.packs import RecordPlace
from members_portal.seal.key.secret import Secret
from members_portal.seal.roster import Enrolment

_KIND = "sealed records"
MAC = 16  # bytes of the MAC of a record's content
ENTRY = MAC + 16 + 6 + 4  # bytes after the id: MAC, publish id, offset, length

Remembered = Mapping[str, tuple[bytes, RecordPlace]]  # MAC and place of the record, by member


class Memory(Protocol):
    """Keeps bytes by kind and digest; what it finds is as it was kept."""

    def find(self, kind: str, digest: bytes) -> bytes | None:
        """Return the bytes, or None."""

    def keep(self, kind: str, digest: bytes, data: bytes) -> None:
        """Keep bytes."""


class RecordMemory:
    """The records of earlier publishes in a memory."""

    def __init__(self, memory: Memory, secret: Secret, generation: int) -> None:
        self._memory, self._secret, self._generation = memory, secret, generation
        self._code = _code_digest()

    def mac(self, enrolment: Enrolment, slots: str, files: Mapping[str, SealedFile]) -> bytes:
        """Return the MAC of all that a member's record depends on, except the publish.

        `slots` is the SHA-256 (hex) of the member's slots.
        """
        named = "".join(f"{path}\n{file.id}\n{file.packed}\n" for path, file in sorted(files.items()))
        parts = (str(self._generation), enrolment.member, str(enrolment.code_version))
        return self._secret.derive("record content", *parts, slots, named)[:MAC]

    def recall(self, publish_id: str) -> Remembered | None:
        """Return the records of a publish; None if they were not kept."""
        data = self._memory.find(_KIND, self._digest(publish_id))
        return None if data is None else dict(_entries(data))

    def remember(self, publish_id: str, records: Remembered) -> None:
        """Keep the records of a publish."""
        parts = (
            b"%c%s%s%s%s%s" % (len(name := member.encode()), name, mac, bytes.fromhex(place.publish), *_numbers(place))
            for member, (mac, place) in records.items()
        )
        self._memory.keep(_KIND, self._digest(publish_id), b"".join(parts))

    def _digest(self, publish_id: str) -> bytes:
        return sha256(f"{publish_id} {self._code}".encode()).digest()


def _numbers(place: RecordPlace) -> tuple[bytes, bytes]:
    return place.offset.to_bytes(6, "big"), place.length.to_bytes(4, "big")


def _entries(data: bytes) -> Iterator[tuple[str, tuple[bytes, RecordPlace]]]:
    start = 0
    while start < len(data):
        end = start + 1 + data[start]
        member, entry = data[start + 1 : end].decode(), data[end : end + ENTRY]
        offset, length = int.from_bytes(entry[32:38], "big"), int.from_bytes(entry[38:], "big")
        yield member, (entry[:MAC], RecordPlace(entry[MAC:32].hex(), offset, length))
        start = end + ENTRY


def _code_digest() -> str:
    """Return the digest of the code of this package: another version may write another record."""
    digest = sha256()
    for file in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
