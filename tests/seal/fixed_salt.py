"""Cobblestone-256 with a fixed salt, written from the section Container of FORMAT.md: sealing becomes repeatable."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import os
import random
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

CONTAINER = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM"
SALT, CHUNK = 24, 16384  # bytes


class FixedSaltEncryptor:
    """Stand in for `Cobblestone256Encryptor`; the salt is a digest of key and context instead of random bytes."""

    def __init__(self, key: bytes, context: bytes) -> None:
        self.salt = hashlib.sha256(key + context).digest()[:SALT]
        info = CONTAINER + b"\0" + self.salt + context
        first = hmac.digest(key, info + b"\1", "sha512")  # HKDF-Expand (RFC 5869): T(1), T(2)
        material = first + hmac.digest(key, first + info + b"\2", "sha512")
        self.cipher, self.base, self.commitment = AESGCM(material[:32]), material[32:44], material[44:76]
        self.plaintext = b""

    def update(self, data: bytes) -> bytes:
        """Collect plaintext; return nothing before `finalize`."""
        self.plaintext += data
        return b""

    def finalize(self) -> bytes:
        """Return the message: salt, commitment, chunks."""
        chunks = [self._seal(n) for n in range(len(self.plaintext) // CHUNK + 1)]
        return self.salt + self.commitment + b"".join(chunks)

    def _seal(self, n: int) -> bytes:
        nonce = (int.from_bytes(self.base, "big") ^ n).to_bytes(12, "big")
        return self.cipher.encrypt(nonce, self.plaintext[n * CHUNK : (n + 1) * CHUNK], None)


def noise_of(seed: str) -> Callable[[int], bytes]:
    """Return a stand-in for `os.urandom` that derives its bytes from the seed and a counter."""
    calls = itertools.count()
    return lambda size: hashlib.shake_256(f"{seed} {next(calls)}".encode()).digest(size)


def fix_noise(monkeypatch: pytest.MonkeyPatch, seed: str) -> None:
    """Make `os.urandom` and `random.SystemRandom` repeatable."""
    noise = noise_of(seed)
    monkeypatch.setattr(os, "urandom", noise)
    monkeypatch.setattr(random, "_urandom", noise)  # of SystemRandom
