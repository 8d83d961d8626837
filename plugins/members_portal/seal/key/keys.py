"""Keys derived from an access code or from a file key, in the order of FORMAT.md, section Keys."""

from __future__ import annotations

import hmac
from functools import lru_cache

from members_portal.seal.key.binding import LABEL, bind

_ROOT = hmac.new(LABEL, digestmod="sha512")
_bound = lru_cache(maxsize=64)(bind)  # a release with a million cards uses the same few labels


def D(key: bytes, label: str, *parts: str) -> bytes:
    """Derive 64 bytes from a key, a label and parts: HMAC-SHA-512 (RFC 2104)."""
    return hmac.digest(key, _bound(label, *parts), "sha512")


def member_root(characters: str) -> bytes:
    """Derive the root of a member's keys, 64 bytes, from the 27 characters of the access code."""
    mac = _ROOT.copy()
    mac.update(characters.encode())
    return mac.digest()


def card_tag(root: bytes, publish_id: str) -> bytes:
    """Derive the tag, 16 bytes, that identifies a member's card at one publish."""
    return D(root, "tag", publish_id)[:16]


def card_key(root: bytes, publish_id: str) -> bytes:
    """Derive the key, 32 bytes, of a member's card at one publish."""
    return D(root, "card", publish_id)[:32]


@lru_cache(maxsize=1 << 15)
def blob_id(key: bytes) -> str:
    """Derive the id of a blob or record from its key: 32 hexadecimal digits that do not reveal the key."""
    return D(key, "id")[:16].hex()
