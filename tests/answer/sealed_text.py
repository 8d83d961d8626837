"""A sender and a reader of sealed answers, written from docs/answers.md and RFC 9180 alone."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()
ORDER = 115792089210356248762697446949407573529996955224135760342422259061068512044369
KEM_ID, SUITE_ID = b"KEM\x00\x10", b"HPKE\x00\x10\x00\x01\x00\x02"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def derive(secret: bytes, *parts: str) -> bytes:
    """D of FORMAT.md."""
    return hmac.digest(secret, b"portal-release/1\0" + "\0".join(parts).encode(), "sha512")


def private_key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int(derive(secret, "answers").hex(), 16) % (ORDER - 1) + 1, CURVE)


def point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def extract(suite: bytes, salt: bytes, label: bytes, secret: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + secret, "sha256")


def expand(suite: bytes, key: bytes, label: bytes, info: bytes, size: int) -> bytes:
    return hmac.digest(key, size.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info + b"\x01", "sha256")[:size]


def cipher(shared: bytes, enc: bytes, receiver: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Return the key and the base nonce: ExtractAndExpand of the KEM, then the key schedule of mode 0."""
    secret = expand(KEM_ID, extract(KEM_ID, b"", b"eae_prk", shared), b"shared_secret", enc + receiver, 32)
    hashes = (extract(SUITE_ID, b"", label, value) for label, value in ((b"psk_id_hash", b""), (b"info_hash", info)))
    context = b"\x00" + b"".join(hashes)
    prk = extract(SUITE_ID, secret, b"secret", b"")
    return expand(SUITE_ID, prk, b"key", context, 32), expand(SUITE_ID, prk, b"base_nonce", context, 12)


def unseal(sealed: bytes, key: ec.EllipticCurvePrivateKey, info: bytes) -> bytes:
    """SetupBaseR and Open."""
    sender = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sealed[:65])
    aes, nonce = cipher(key.exchange(ec.ECDH(), sender), sealed[:65], point(key.public_key()), info)
    return AESGCM(aes).decrypt(nonce, sealed[65:], None)


def seal(plaintext: bytes, receiver: bytes, info: bytes, ephemeral: ec.EllipticCurvePrivateKey | None = None) -> bytes:
    """SetupBaseS and Seal."""
    ephemeral = ephemeral or ec.generate_private_key(CURVE)
    enc = point(ephemeral.public_key())
    shared = ephemeral.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, receiver))
    aes, nonce = cipher(shared, enc, receiver, info)
    return enc + AESGCM(aes).encrypt(nonce, plaintext, None)


def label(secret: bytes) -> bytes:
    return b"portal-answer/1\0" + derive(secret, "site")[:16].hex().encode()


def tag(secret: bytes, member: str, version: int, payload: bytes) -> bytes:
    key = derive(secret, "answer", member, str(version))[:32]
    return hmac.digest(key, label(secret) + b"\0" + payload, "sha256")


def send(secret: bytes, fields: Mapping[str, Any], version: int = 1) -> str:
    """Write an answer as sealed text."""
    payload = json.dumps(fields).encode()
    mark = tag(secret, fields["member"], version, payload) if "member" in fields else bytes(32)
    plaintext = mark + len(payload).to_bytes(4, "big") + payload
    size = min(size for size in (1024, 4096, 16384) if size >= len(plaintext))
    sealed = seal(plaintext + bytes(size - len(plaintext)), point(private_key(secret).public_key()), label(secret))
    lines = re.findall(".{1,64}", base64.b64encode(sealed).decode())
    return "\n".join(["-----BEGIN SEALED ANSWER-----", *lines, "-----END SEALED ANSWER-----"])


def receive(secret: bytes, text: str, version: int = 1) -> tuple[str, dict[str, Any]]:
    """Read sealed text; return the number and the payload."""
    found = re.search("-----BEGIN SEALED ANSWER-----(.*)-----END SEALED ANSWER-----", text, re.DOTALL)
    assert found
    plaintext = unseal(base64.b64decode(found[1]), private_key(secret), label(secret))
    assert len(plaintext) in (1024, 4096, 16384)
    length = int.from_bytes(plaintext[32:36], "big")
    payload, padding = plaintext[36:][:length], plaintext[36 + length :]
    assert not any(padding)
    fields = json.loads(payload)
    expected = tag(secret, fields["member"], version, payload) if "member" in fields else bytes(32)
    assert plaintext[:32] == expected
    return number(payload), fields


def number(payload: bytes) -> str:
    bits = "".join(f"{byte:08b}" for byte in hashlib.sha256(payload).digest()[:8])
    letters = [CROCKFORD[int(bits[start : start + 5], 2)] for start in range(0, 60, 5)]
    return "-".join(["A", *("".join(letters[start : start + 4]) for start in (0, 4, 8))])
