"""The checked members of an unchanged table, kept between publishes in a memory of the caller.

Members with a problem or a warning are not kept: it names a line. Those of a database are not: it may change at any
time.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Protocol
from zoneinfo import ZoneInfo

from members_portal.loyalty.member.kept_members import decode_members, encode_members
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.source.folder import Folder

KEPT_TABLE = "checked members"
Dropped = dict[str, tuple[str, ...]]  # the columns that were not read, by table


class TableMemory(Protocol):
    """Keeps bytes by kind and digest; what it finds is as it was kept."""

    def find(self, kind: str, digest: bytes) -> bytes | None:
        """Return the bytes, or None."""

    def keep(self, kind: str, digest: bytes, data: bytes) -> None:
        """Keep bytes."""


class KeptTable:
    """The members of a source in a memory. `code` is the digest of the code that reads and checks them."""

    def __init__(
        self, memory: TableMemory | None, code: bytes, source: object, programme: Programme, zone: ZoneInfo | None
    ) -> None:
        self._memory = memory if isinstance(source, Folder) else None
        self._source, self._rules = source, (code, f"{zone}".encode(), programme.model_dump_json().encode())
        self._digest = self._digest_now()

    def find(self) -> tuple[list[Member], Dropped] | None:
        """Return the members, and the columns that were not read; None if they must be read."""
        data = self._memory.find(KEPT_TABLE, self._digest) if self._memory else None
        if data is None:
            return None
        dropped, _, members = data.partition(b"\n")
        return decode_members(members), {name: tuple(columns) for name, columns in json.loads(dropped).items()}

    def keep(self, members: list[Member], dropped: Dropped) -> None:
        """Keep members that were read without a problem, unless a file has changed meanwhile."""
        if self._memory and self._digest_now() == self._digest:
            self._memory.keep(KEPT_TABLE, self._digest, json.dumps(dropped).encode() + b"\n" + encode_members(members))

    def _digest_now(self) -> bytes:
        files = self._source.members_digest() if self._memory and isinstance(self._source, Folder) else b""
        return sha256(b"".join(sha256(part).digest() for part in (*self._rules, files))).digest()
