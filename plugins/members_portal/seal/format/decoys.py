"""Decoys: messages with an empty payload, which an observer cannot tell from blobs.

The publisher recognises a decoy by its id: the second half is a MAC of the first half under the site secret.
"""

from __future__ import annotations

import os
from typing import Literal

from members_portal.seal.format import padding
from members_portal.seal.format.container import open_message, seal_message
from members_portal.seal.key.binding import context
from members_portal.seal.key.secret import Secret
from members_portal.seal.seal_error import DamagedRelease

DecoyKind = Literal["absent", "cover"]
HALF = 8  # bytes


def absent_id(secret: Secret, generation: int, edition: str, path: str, version: str) -> str:
    """Return the id of the decoy for an edition that lacks a path."""
    first = secret.derive("absent", str(generation), edition, path, version)[:HALF]
    return _decoy_id(secret, generation, "absent", first)


def cover_id(secret: Secret, generation: int) -> str:
    """Return a new random id of a cover."""
    return _decoy_id(secret, generation, "cover", os.urandom(HALF))


def decoy_kind(secret: Secret, generation: int, name: str) -> DecoyKind | None:
    """Return the kind of a decoy of this generation from its id; None for a blob."""
    first = bytes.fromhex(name)[:HALF]
    kinds: tuple[DecoyKind, ...] = ("absent", "cover")
    return next((kind for kind in kinds if _decoy_id(secret, generation, kind, first) == name), None)


def seal_decoy(secret: Secret, name: str, size: int) -> bytes:
    """Return the message of a decoy with a frame of `size` bytes."""
    frame = padding.encode(b"", compress=False, smallest=size)
    return seal_message(_key(secret, name), context(secret.site, "blob", name), frame)


def is_decoy(secret: Secret, generation: int, name: str, message: bytes) -> bool:
    """Return whether a message is a decoy: its id is that of a decoy, and its payload is empty."""
    if decoy_kind(secret, generation, name) is None:
        return False
    try:
        return padding.decode(open_message(_key(secret, name), context(secret.site, "blob", name), message)) == b""
    except DamagedRelease:
        return False


def _decoy_id(secret: Secret, generation: int, kind: DecoyKind, first: bytes) -> str:
    return (first + secret.derive(kind, str(generation), first.hex())[:HALF]).hex()


def _key(secret: Secret, name: str) -> bytes:
    return secret.derive("decoy", name)[:32]
