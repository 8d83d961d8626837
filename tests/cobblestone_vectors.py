"""The vectors of C2SP chunked-encryption that come with `cryptography-vectors`, said in Cobblestone's hash.

The package's file derives its keys with SHA-256; Cobblestone-256 is the same scheme with SHA-512. So each message
is translated: decrypted under the old keys and encrypted under the new ones, with every bit that was wrong in a
commitment or a tag made wrong again at the same place, and every cut left where it was.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import cryptography_vectors
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FILE = Path(cryptography_vectors.__file__).parent / "chunked-encryption" / "vectors.json"
AEAD = "AEAD_AES_256_GCM"
INFO = f"c2sp.org/chunked-encryption@v1+{AEAD}\0".encode()


@dataclass(frozen=True)
class Vector:
    """A message, and the digest of its plaintext if it is to open."""

    name: str
    key: bytes
    context: bytes
    message: bytes
    opens_to: str | None


def load_vectors() -> list[Vector]:
    """Load all vectors of AES-256-GCM."""
    return [read(fields) for fields in json.loads(FILE.read_text())["vectors"] if fields["aead"] == AEAD]


def read(fields: dict[str, str]) -> Vector:
    message = base64.b64decode(fields["ciphertext"] or "")
    message = zlib.decompress(message) if fields.get("compressed") else message
    key, context = bytes.fromhex(fields["key"]), fields["context"].encode()
    opens_to = fields["payload_sha256"] if fields["expect"] == "success" else None
    return Vector(fields["name"], key, context, translated(key, context, message), opens_to)


def translated(key: bytes, context: bytes, message: bytes) -> bytes:
    salt, commitment, body = message[:24], message[24:56], message[56:]
    if len(commitment) < 32:
        return message
    old, new = (derive(hash_name, key, INFO + salt + context) for hash_name in ("sha256", "sha512"))
    chunks = [body[start : start + 16400] for start in range(0, len(body), 16400)]
    moved = [translated_chunk(old, new, number, chunk) for number, chunk in enumerate(chunks)]
    return salt + xor(commitment, old[44:], new[44:]) + b"".join(moved)


def translated_chunk(old: bytes, new: bytes, number: int, chunk: bytes) -> bytes:
    if len(chunk) < 16:
        return chunk
    text, tag = chunk[:-16], chunk[-16:]
    old_nonce, new_nonce = nonce_of(old, number), nonce_of(new, number)
    counter = modes.CTR(old_nonce + bytes([0, 0, 0, 2]))  # where GCM begins, after the tag's block
    plaintext = Cipher(algorithms.AES(old[:32]), counter).decryptor().update(text)
    right = AESGCM(old[:32]).encrypt(old_nonce, plaintext, None)[-16:]
    sealed = AESGCM(new[:32]).encrypt(new_nonce, plaintext, None)
    return sealed[:-16] + xor(sealed[-16:], right, tag)


def nonce_of(material: bytes, number: int) -> bytes:
    return (int.from_bytes(material[32:44], "big") ^ number).to_bytes(12, "big")


def derive(hash_name: str, key: bytes, info: bytes) -> bytes:
    """HKDF-Expand (RFC 5869) of 76 bytes: chunk key, base nonce, commitment."""
    out = block = b""
    for counter in (1, 2, 3):
        block = hmac.digest(key, block + info + bytes([counter]), hash_name)
        out += block
    return out[:76]


def xor(*parts: bytes) -> bytes:
    return bytes(a ^ b ^ c for a, b, c in zip(*parts, strict=True))


def digest(plaintext: bytes) -> str:
    """Write the digest a vector states."""
    return hashlib.sha256(plaintext).hexdigest()
