"""Known rows: members of an earlier run by the digests of their rows, so that an unchanged row is not checked again."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from members_portal.loyalty.member.member import Member

ROW_DIGEST = 16  # bytes


def row_digest(texts: Mapping[str, str]) -> bytes:
    """Return the digest of a row: of its texts by column, in the order of the columns."""
    return sha256(repr([*texts.items()]).encode("utf-8", "surrogatepass")).digest()[:ROW_DIGEST]


class KnownRows:
    """Members by the digests of their rows. These rows had no problem and no warning under the same rules.

    `found` are the members of such rows in this run: of known rows, and of rows that are checked now.
    """

    def __init__(self, members: Mapping[bytes, Member] | None = None) -> None:
        self._members = members or {}
        self.found: dict[bytes, Member] = {}

    def find(self, digest: bytes) -> Member | None:
        """Return the member of a row; None for a row that must be checked."""
        return self._members.get(digest)

    def add(self, digest: bytes, member: Member) -> None:
        """Add the member of a row of this run."""
        self.found[digest] = member

    @property
    def is_same(self) -> bool:
        """Whether the rows of this run are those that were known."""
        return self.found.keys() == self._members.keys()
