"""Digests of the sealed files of a release."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from members_portal.seal import SealError, Secret
from members_portal.seal.audit import is_sealed_path
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap
from members_portal.seal.format.listing import listing_path, open_listing


class SealedDigests:
    """The SHA-256 (hex) of the sealed files of a release.

    A file that is linked from the previous release, which this publish has verified, has the digest that was signed.
    """

    def __init__(self, release: Path, previous: Path | None, secret: Secret) -> None:
        self._release, self._previous, self._secret = release, previous, secret

    def of(self, path: str) -> str:
        """Return the digest of a sealed file."""
        if (known := self._listed.get(path)) and self._is_linked(path):
            return known
        return sha256((self._release / path).read_bytes()).hexdigest()

    def _is_linked(self, path: str) -> bool:
        try:
            found, before = os.lstat(f"{self._release}/{path}"), os.lstat(f"{self._previous}/{path}")
        except OSError:
            return False
        return (found.st_dev, found.st_ino) == (before.st_dev, before.st_ino)

    @cached_property
    def _listed(self) -> Mapping[str, str]:
        """The listing of the previous release."""
        if not self._previous:
            return {}
        try:
            publish = decode_bootstrap((self._previous / PATH).read_bytes()).publish
            listing = open_listing(self._secret, publish, (self._previous / listing_path(publish)).read_bytes())
        except (SealError, OSError):
            return {}
        return {path: digest for path, digest in listing.items() if is_sealed_path(path)}
