"""The listing: the digests of blobs, decoys and packs, sealed for the publisher, in the format of `sha256sum`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from members_portal.seal.format import padding
from members_portal.seal.format.container import open_message, seal_message
from members_portal.seal.key.binding import context
from members_portal.seal.key.secret import Secret
from members_portal.seal.seal_error import DamagedRelease

_LINE = re.compile(r"([0-9a-f]{64})  (\S+)")


def listing_path(publish_id: str) -> str:
    """Return the path of the listing in a release."""
    return f"_/l/{publish_id}"


def seal_listing(secret: Secret, publish_id: str, digests: Mapping[str, str]) -> bytes:
    """Return the message of a listing; `digests` holds the SHA-256 (hex) of each file by path."""
    lines = "".join(f"{digests[path]}  {path}\n" for path in sorted(digests))
    return seal_message(*_key_and_context(secret, publish_id), padding.encode(lines.encode()))


def open_listing(secret: Secret, publish_id: str, message: bytes) -> dict[str, str]:
    """Return the digests (hex) of a listing by path; raise DamagedRelease if it does not open."""
    text = padding.decode(open_message(*_key_and_context(secret, publish_id), message)).decode("utf-8", "replace")
    found = [_LINE.fullmatch(line) for line in text.splitlines()]
    if not all(found):
        raise DamagedRelease("the listing has another shape than the format says")
    return {match[2]: match[1] for match in found if match}


def _key_and_context(secret: Secret, publish_id: str) -> tuple[bytes, bytes]:
    return secret.derive("listing", publish_id)[:32], context(secret.site, "listing", publish_id)
