"""The release in force: PDFs in it that were made from the same inputs are taken over, wherever no cache was kept.

They are opened as their readers open them. Each bears a key of what it was made from, derived with the site secret.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from members_portal.loyalty.member.member import Member
from members_portal.newsletter.letter.assembly import inputs_key
from members_portal.seal import SealError, Secret, access_code, open_edition, open_release
from members_portal.seal.reader import OpenedRelease

CANNOT = (SealError, OSError, KeyError)  # there is no such release, edition, member or file, or it is damaged


class ReleasedPdfs:
    """The release in force, if there is one."""

    def __init__(self, release: Path | None, secret: Secret) -> None:
        self.release, self.secret = release, secret
        self._edition = lru_cache(maxsize=None)(self._open_edition)

    def key(self, inputs: str) -> str:
        """Return the key that a PDF bears which was made from these inputs: tells nothing of them."""
        return self.secret.derive("pdf", inputs)[:16].hex()

    def of_edition(self, reader: str, path: str, key: str) -> bytes | None:
        """Return a file of an edition, if it was made from the same inputs."""
        opened = self._edition(reader)
        return _same(opened, path, key) if opened else None

    def of_member(self, member: Member, path: str, key: str) -> bytes | None:
        """Return a file that is one member's alone, if it was made from the same inputs."""
        if self.release is None:
            return None
        try:
            code = access_code(self.secret, member.id, member.code_version)
            return _same(open_release(self.release, code), path, key)
        except CANNOT:
            return None

    def _open_edition(self, reader: str) -> OpenedRelease | None:
        if self.release is None:
            return None
        try:
            return open_edition(self.release, self.secret, reader)
        except CANNOT:
            return None


def _same(opened: OpenedRelease, path: str, key: str) -> bytes | None:
    try:
        data = opened.read(path)
    except CANNOT:
        return None
    return data if inputs_key(data) == key else None
