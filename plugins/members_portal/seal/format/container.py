"""Seal and open one message: Cobblestone-256 (C2SP chunked-encryption), implemented by pyca/cryptography."""

from __future__ import annotations

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from members_portal.seal.seal_error import DamagedRelease

CONTAINER = "c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM"
HEADER = 56  # bytes: salt 24, commitment 32
CHUNK = 16384  # bytes of plaintext
TAG = 16  # bytes after every chunk


def seal_message(key: bytes, context: bytes, plaintext: bytes) -> bytes:
    """Return the message of a plaintext under a key of 32 bytes and a context; the salt is random."""
    encryptor = Cobblestone256Encryptor(key, context)
    return encryptor.update(plaintext) + encryptor.finalize()


def open_message(key: bytes, context: bytes, message: bytes) -> bytes:
    """Return the plaintext of a message; release no byte before the whole message is verified."""
    try:
        decryptor = Cobblestone256Decryptor(key, context)
        return decryptor.update(message) + decryptor.finalize()
    except (InvalidTag, ValueError) as error:
        raise DamagedRelease("a sealed message does not open: it is damaged or belongs elsewhere") from error


def message_size(plaintext: int) -> int:
    """Return the size in bytes of a message with a plaintext of this size in bytes."""
    return HEADER + plaintext + TAG * (plaintext // CHUNK + 1)
