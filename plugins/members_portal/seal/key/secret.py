"""The site secret, and the keys derived from it, in the order of FORMAT.md, section Keys."""

from __future__ import annotations

import hmac
from typing import NoReturn

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from members_portal.seal.key.binding import bind
from members_portal.seal.key.code_format import code_characters
from members_portal.seal.seal_error import BadSecret

SECRET_SIZE = 32  # bytes
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # n in FIPS 186-5


class Secret:
    """The site secret; cannot be printed, compared or pickled, and no attribute returns its bytes."""

    __slots__ = ("_mac",)

    def __init__(self, key: bytes) -> None:
        if len(key) != SECRET_SIZE:
            raise BadSecret(f"a site secret has {SECRET_SIZE} bytes", "make one with `openssl rand -hex 32`")
        # Every derivation is an HMAC under the secret: keep only its keyed state. Copying that is faster than keying.
        self._mac = hmac.new(key, digestmod="sha512")

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a site secret cannot be pickled")

    def derive(self, label: str, *parts: str) -> bytes:
        """Derive 64 bytes: `D` with the site secret as its key."""
        mac = self._mac.copy()
        mac.update(bind(label, *parts))
        return mac.digest()

    @property
    def site(self) -> str:
        """Derive the site id: 32 hexadecimal digits that do not reveal the secret."""
        return self.derive("site")[:16].hex()

    def signing_key(self) -> Ed25519PrivateKey:
        """Derive the private key that signs releases."""
        return Ed25519PrivateKey.from_private_bytes(self.derive("sign")[:32])

    @property
    def public_key(self) -> bytes:
        """Derive the public key that verifies releases, 32 bytes."""
        return self.signing_key().public_key().public_bytes_raw()

    def cache_key(self) -> bytes:
        """Derive the key, 32 bytes, of the MACs of cache entries."""
        return self.derive("cache")[:32]

    def code(self, member: str, version: int) -> str:
        """Derive the 27 characters of a member's access code."""
        return code_characters(self.derive("code", member, str(version)))

    def edition_key(self, edition: str, publish_id: str) -> bytes:
        """Derive the key, 32 bytes, of an edition's manifest at one publish."""
        return self.derive("edition", edition, publish_id)[:32]

    def blob_key(self, generation: int, path: str, digest: str) -> bytes:
        """Derive the key, 32 bytes, of a common file from its path and the SHA-256 (hex) of its content."""
        return self.derive("blob", str(generation), path, digest)[:32]

    def page_key(self, generation: int, edition: str, path: str, version: str) -> bytes:
        """Derive the key, 32 bytes, of an edition file from the version of its path."""
        return self.derive("page", str(generation), edition, path, version)[:32]

    def spare(self, kind: str) -> int:
        """Derive the spare, a number from 0 to 255: by how many 1024ths a count is increased to hide it."""
        return self.derive("spare", kind)[0]

    def record_key(self, generation: int, member: str, publish_id: str) -> bytes:
        """Derive the key, 32 bytes, of a member's record at one publish."""
        return self.derive("record", str(generation), member, publish_id)[:32]

    def answering_key(self) -> EllipticCurvePrivateKey:
        """Derive the private key that opens answers (FIPS 186-5, A.2.1); see docs/answers.md."""
        scalar = int.from_bytes(self.derive("answers"), "big") % (P256_ORDER - 1) + 1
        return derive_private_key(scalar, SECP256R1())

    def answer_key(self, member: str, version: int) -> bytes:
        """Derive the key, 32 bytes, of the tags of a member's answers; see docs/answers.md."""
        return self.derive("answer", member, str(version))[:32]
