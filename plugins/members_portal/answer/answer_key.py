"""The keys of answers, in the order of docs/answers.md, section Keys."""

from __future__ import annotations

from typing import NoReturn

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from members_portal.seal.key.secret import Secret


class AnswerKeys:
    """The keys that seal and open answers; like the secret, they cannot be printed, compared or pickled."""

    __slots__ = ("_private_key", "_secret", "public_key", "site")

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._private_key = secret.answering_key()
        point = (Encoding.X962, PublicFormat.UncompressedPoint)
        self.public_key: bytes = self._private_key.public_key().public_bytes(*point)
        self.site: str = secret.site

    def __repr__(self) -> str:
        return "AnswerKeys(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("the keys of answers cannot be pickled")

    def private_key(self) -> EllipticCurvePrivateKey:
        """Return the private key, which opens every answer."""
        return self._private_key

    def member_key(self, member: str, version: int) -> bytes:
        """Derive the answer key, 32 bytes, of a member from the version of the access code."""
        return self._secret.answer_key(member, version)
