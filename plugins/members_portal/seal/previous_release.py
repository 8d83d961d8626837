"""The previous release: which of its sealed files are as this site wrote them.

Its listing, which the site secret opens, states the SHA-256 of every sealed file. The id of a blob derives from its
content, so a file with this SHA-256 needs no opening.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from members_portal.seal.audit import FolderSource
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap
from members_portal.seal.format.listing import listing_path, open_listing
from members_portal.seal.key.secret import Secret
from members_portal.seal.seal_error import DamagedRelease


class PreviousRelease:
    """The sealed files of the previous release; none without one, or if its listing does not open.

    `found` holds the SHA-256 (hex) of its files by path, where they are known. Others are read when needed.
    """

    def __init__(self, folder: Path | None, secret: Secret, found: Mapping[str, str]) -> None:
        self.folder = folder
        self._found = found
        self.listing = _open_listing(folder, secret) if folder else {}

    def digest(self, path: str) -> str | None:
        """Return the SHA-256 (hex) of a sealed file; None if it is missing or not as the listing says."""
        expected = self.listing.get(path)
        if expected is None or self.folder is None:
            return None
        found = self._found.get(path) or FolderSource(self.folder).digest(path)
        return expected if found == expected else None


def _open_listing(folder: Path, secret: Secret) -> Mapping[str, str]:
    try:
        publish = decode_bootstrap((folder / PATH).read_bytes()).publish
        return open_listing(secret, publish, (folder / listing_path(publish)).read_bytes())
    except (DamagedRelease, OSError):
        return {}
