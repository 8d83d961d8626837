"""Sealed answers: a payload with its tag, padded, under HPKE. See docs/answers.md, from Plaintext on."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from members_portal.answer.answer import Answer, read_payload
from members_portal.answer.answer_error import BadAnswer, LongAnswer
from members_portal.answer.answer_key import AnswerKeys

ANSWER_LABEL = b"portal-answer/1"
_TAG_SIZE = 32
_HEAD_SIZE = _TAG_SIZE + 4  # the tag, and the length of the payload
PLAINTEXT_SIZES = (1024, 4096, 16384)
SEALED_SIZES = tuple(65 + size + 16 for size in PLAINTEXT_SIZES)  # the point, and the tag of GCM
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_NO_TAG = bytes(_TAG_SIZE)


def seal_answer(payload: bytes, member_key: bytes | None, public_key: bytes, site: str) -> bytes:
    """Seal a payload to the publisher, with a tag under a member's answer key; raise LongAnswer if it is too large."""
    tag = _tag(payload, member_key, site) if member_key is not None else _NO_TAG
    plaintext = tag + len(payload).to_bytes(4, "big") + payload
    size = next((size for size in PLAINTEXT_SIZES if size >= len(plaintext)), None)
    if size is None:
        raise LongAnswer(f"an answer of {len(payload)} bytes; at most {PLAINTEXT_SIZES[-1] - _HEAD_SIZE} can be sealed")
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), public_key)
    return _SUITE.encrypt(plaintext.ljust(size, b"\0"), key, _label(site))


def open_answer(sealed: bytes, keys: AnswerKeys, version_of: Callable[[str], int | None]) -> Answer:
    """Open a sealed answer; raise BadAnswer unless it is as docs/answers.md says.

    `version_of` returns the present code version of a member, and None for an unknown one.
    """
    tag, payload = _unpadded(_unsealed(sealed, keys))
    answer = read_payload(payload)
    if not hmac.compare_digest(tag, _expected_tag(payload, answer.member, keys, version_of)):
        raise BadAnswer("a tag without a member" if answer.member is None else "the tag isn't that of the present code")
    return answer


def _unsealed(sealed: bytes, keys: AnswerKeys) -> bytes:
    if len(sealed) not in SEALED_SIZES:
        raise BadAnswer(f"{len(sealed)} bytes; a sealed answer has {', '.join(map(str, SEALED_SIZES))}")
    try:
        return _SUITE.decrypt(sealed, keys.private_key(), _label(keys.site))
    except InvalidTag:
        raise BadAnswer("it was damaged on its way, or sealed to another portal") from None


def _unpadded(plaintext: bytes) -> tuple[bytes, bytes]:
    """Return the tag and the payload."""
    end = _HEAD_SIZE + int.from_bytes(plaintext[_TAG_SIZE:_HEAD_SIZE], "big")
    if end > len(plaintext):
        raise BadAnswer("the length of the payload exceeds the plaintext")
    if any(plaintext[end:]):
        raise BadAnswer("the padding isn't zero")
    return plaintext[:_TAG_SIZE], plaintext[_HEAD_SIZE:end]


def _expected_tag(
    payload: bytes, member: str | None, keys: AnswerKeys, version_of: Callable[[str], int | None]
) -> bytes:
    if member is None:
        return _NO_TAG
    version = version_of(member)
    if version is None:
        raise BadAnswer("the member is unknown")
    return _tag(payload, keys.member_key(member, version), keys.site)


def _tag(payload: bytes, member_key: bytes, site: str) -> bytes:
    return hmac.digest(member_key, _label(site) + b"\0" + payload, "sha256")


def _label(site: str) -> bytes:
    return ANSWER_LABEL + b"\0" + site.encode()
