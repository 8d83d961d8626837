"""Derive every key from the site secret or from an access code, in the words of FORMAT.md."""

from __future__ import annotations

import hmac
from functools import lru_cache
from hashlib import sha256
from typing import NoReturn

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from members_portal.seal.key.binding import PROTOCOL, bind
from members_portal.seal.key.code_format import code_letters
from members_portal.seal.seal_error import BadSecret

SECRET_SIZE = 32  # bytes
_ROOT = hmac.new(PROTOCOL, digestmod="sha512")
_bound = lru_cache(maxsize=64)(bind)  # the same few labels, for a million members


def D(key: bytes, label: str, *parts: str) -> bytes:
    """Derive 64 bytes from a key, a label and parts."""
    return hmac.digest(key, _bound(label, *parts), "sha512")


class Secret:
    """The site secret; nothing prints, compares, pickles or hands out its bytes."""

    __slots__ = ("_mac",)

    def __init__(self, key: bytes) -> None:
        if len(key) != SECRET_SIZE:
            raise BadSecret(f"a site secret has {SECRET_SIZE} bytes", "make one with `openssl rand -hex 32`")
        # A keyed HMAC is all that is ever needed of the bytes, and copying it beats keying it anew.
        self._mac = hmac.new(key, digestmod="sha512")

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a site secret is not to be pickled")

    def derive(self, label: str, *parts: str) -> bytes:
        """Derive 64 bytes: D with the site secret as its key."""
        mac = self._mac.copy()
        mac.update(bind(label, *parts))
        return mac.digest()

    @property
    def site(self) -> str:
        """Name the site, without telling its secret."""
        return self.derive("site")[:16].hex()

    def signing_key(self) -> Ed25519PrivateKey:
        """Derive the key that signs releases."""
        return Ed25519PrivateKey.from_private_bytes(self.derive("sign")[:32])

    @property
    def public_key(self) -> bytes:
        """Tell the key that releases are verified with."""
        return self.signing_key().public_key().public_bytes_raw()

    def code(self, member: str, version: int) -> str:
        """Derive the 27 letters of a member's access code."""
        return code_letters(self.derive("code", member, str(version)))

    def edition_key(self, edition: str, publish_id: str) -> bytes:
        """Derive the key of an edition's manifest at one publish."""
        return self.derive("edition", edition, publish_id)[:32]

    def blob_key(self, generation: int, path: str, payload: bytes) -> bytes:
        """Derive the key of a file from its path and content."""
        return self.derive("blob", str(generation), path, sha256(payload).hexdigest())[:32]

    def record_key(self, generation: int, member: str, payload: bytes) -> bytes:
        """Derive the key of a member's record from its content."""
        return self.derive("record", str(generation), member, sha256(payload).hexdigest())[:32]


def blob_id(key: bytes) -> str:
    """Name a blob or record by its key, without telling the key."""
    return D(key, "id")[:16].hex()


def member_root(letters: str) -> bytes:
    """Derive the root of a member's keys from the 27 letters of the code."""
    mac = _ROOT.copy()
    mac.update(letters.encode())
    return mac.digest()


def card_tag(root: bytes, publish_id: str) -> bytes:
    """Derive the tag by which a member finds the card of one publish."""
    return D(root, "tag", publish_id)[:16]


def card_key(root: bytes, publish_id: str) -> bytes:
    """Derive the key of a member's card of one publish."""
    return D(root, "card", publish_id)[:32]
