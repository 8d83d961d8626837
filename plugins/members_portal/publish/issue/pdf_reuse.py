"""Reuse of PDFs: unchanged PDFs are copied from the release in force, so that no cache is needed.

Each PDF contains a key of its inputs, derived with the site secret. The PDFs are decrypted with the keys of editions
and members.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from members_portal.loyalty.member.member import Member
from members_portal.newsletter.letter.assembly import inputs_key
from members_portal.seal import SealError, Secret, access_code, open_edition, open_release
from members_portal.seal.reader import OpenedRelease

CANNOT = (SealError, OSError, KeyError)  # missing or damaged release, edition, member or file


class ReleasedPdfs:
    """The PDFs of the release in force; none when `release` is None."""

    def __init__(self, release: Path | None, secret: Secret) -> None:
        self.release, self.secret = release, secret
        self._edition = lru_cache(maxsize=None)(self._open_edition)

    def key(self, inputs: str) -> str:
        """Return the key of a PDF with these inputs: a keyed digest, which reveals nothing about them."""
        return self.secret.derive("pdf", inputs)[:16].hex()

    def of_edition(self, reader: str, path: str, key: str) -> bytes | None:
        """Return a PDF of an edition; None unless its key is `key`."""
        opened = self._edition(reader)
        return _same(opened, path, key) if opened else None

    def of_member(self, member: Member, path: str, key: str) -> bytes | None:
        """Return a PDF of a member's record; None unless its key is `key`."""
        if self.release is None:
            return None
        try:
            code = access_code(self.secret, member.id, member.code_version)
            return _same(open_release(self.release, code, self.secret.public_key), path, key)
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
