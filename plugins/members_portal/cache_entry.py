"""Cache entries with a MAC: without the key, an intruder who can write to a cache folder plants no entry."""

from __future__ import annotations

import hmac

MAC_SIZE = 32  # bytes: HMAC-SHA-256 (RFC 2104)


def seal_entry(key: bytes, name: str, data: bytes) -> bytes:
    """Return an entry: the MAC of its name and data, then the data."""
    return _mac(key, name, data) + data


def open_entry(key: bytes, name: str, entry: bytes) -> bytes | None:
    """Return the data of an entry; None if it has another key or name, or is damaged."""
    mac, data = entry[:MAC_SIZE], entry[MAC_SIZE:]
    return data if hmac.compare_digest(mac, _mac(key, name, data)) else None


def _mac(key: bytes, name: str, data: bytes) -> bytes:
    return hmac.digest(key, name.encode() + b"\0" + data, "sha256")
