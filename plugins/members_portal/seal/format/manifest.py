"""Manifests: the files of an edition by path, sealed in eight manifest slots of one size."""

from __future__ import annotations

import json
import os
import re
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from members_portal.seal.format import padding
from members_portal.seal.format.container import message_size, open_message, seal_message
from members_portal.seal.format.path_names import is_path
from members_portal.seal.key.binding import context
from members_portal.seal.key.keys import blob_id
from members_portal.seal.key.secret import Secret
from members_portal.seal.seal_error import DamagedRelease

SLOTS = 8
DIGEST = 16  # bytes
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_DIGEST = re.compile(r"[A-Za-z0-9_-]{22}")


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file in a manifest or record: the key of its blob, its media type, its size in bytes, its digest (16 bytes).

    `packed` is the size of its message in bytes, if the message follows the record in the packs; 0 for a blob.
    """

    key: bytes
    media_type: str
    size: int
    digest: bytes
    packed: int = 0

    def __repr__(self) -> str:
        return f"SealedFile({self.media_type}, {self.size} bytes)"

    @property
    def id(self) -> str:
        """Return the id of the blob that contains the file."""
        return blob_id(self.key)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files of an edition at one publish, by path."""

    publish: str
    sequence: int
    files: Mapping[str, SealedFile]


def file_digest(payload: bytes) -> bytes:
    """Return the digest of a file in a manifest: the first 16 bytes of its SHA-256."""
    return sha256(payload).digest()[:DIGEST]


def manifest_path(publish_id: str, slot: int) -> str:
    """Return the path of a manifest slot in a release."""
    return f"_/m/{publish_id}/{slot}"


def assign_slots(editions: Iterable[str], secret: Secret, publish_id: str) -> dict[str, int]:
    """Assign each edition a manifest slot: a permutation derived from secret and publish id."""
    shuffled = sorted(range(SLOTS), key=lambda slot: secret.derive("slot", publish_id, str(slot)))
    return dict(zip(sorted(editions), shuffled, strict=False))


def seal_manifests(manifests: Mapping[int, tuple[bytes, Manifest]], site: str, publish_id: str) -> list[bytes]:
    """Return the content of all eight slots: manifests sealed under their edition keys, random bytes in the others.

    All eight have the same size. `manifests` is by slot number.
    """
    payloads = {slot: encode_manifest(manifest) for slot, (_, manifest) in manifests.items()}
    size = max((len(padding.encode(payload)) for payload in payloads.values()), default=padding.SMALLEST)
    sealed = [os.urandom(message_size(size)) for _ in range(SLOTS)]
    for slot, payload in payloads.items():
        framed = padding.encode(payload, smallest=size)
        sealed[slot] = seal_message(manifests[slot][0], _context(site, publish_id, slot), framed)
    return sealed


def open_manifest(message: bytes, key: bytes, *, site: str, publish_id: str, slot: int) -> Manifest:
    """Open the manifest of one slot; raise DamagedRelease for a manifest of another publish."""
    manifest = decode_manifest(padding.decode(open_message(key, _context(site, publish_id, slot), message)))
    if manifest.publish != publish_id:
        raise DamagedRelease("a manifest belongs to another publish")
    return manifest


def encode_manifest(manifest: Manifest) -> bytes:
    """Serialise a manifest to JSON."""
    files = encode_files(manifest.files)
    return encode_json({"publish": manifest.publish, "sequence": manifest.sequence, "files": files})


def decode_manifest(payload: bytes) -> Manifest:
    """Parse a manifest; raise DamagedRelease for another structure."""
    match decode_json(payload):
        case {"publish": str(publish), "sequence": int(sequence), "files": dict(files)}:
            return Manifest(publish, sequence, decode_files(files))
    raise DamagedRelease("a manifest has another shape than the format says")


def encode_files(files: Mapping[str, SealedFile]) -> dict[str, list[str | int]]:
    """Return the JSON structure of files, common to manifests and records."""
    return {path: _encode_file(file) for path, file in sorted(files.items())}


def decode_files(files: Mapping[str, object]) -> dict[str, SealedFile]:
    """Parse the JSON structure of files; raise DamagedRelease for a path that leaves its root."""
    if not all(is_path(path) for path in files):
        raise DamagedRelease("a manifest contains a path that leaves its root")
    return {path: _decode_file(fields) for path, fields in files.items()}


def _no_json(name: str) -> None:
    raise ValueError(name)


_JSON = json.JSONDecoder(parse_constant=_no_json)  # browsers know no NaN


def encode_json(value: object) -> bytes:
    """Serialise a value to JSON: UTF-8, compact, keys sorted; equal values give equal bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def decode_json(payload: bytes) -> object:
    """Parse JSON in UTF-8; raise DamagedRelease for any other bytes, also for NaN and Infinity."""
    try:
        value: object = _JSON.decode(payload.decode())
    except (ValueError, RecursionError) as error:
        raise DamagedRelease("a part that should be JSON is not") from error
    return value


def b64(data: bytes) -> str:
    """Encode bytes as base64url without padding (RFC 4648 section 5)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """Decode base64url without padding; raise ValueError for another text."""
    return b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _encode_file(file: SealedFile) -> list[str | int]:
    fields: list[str | int] = [b64(file.key), file.media_type, file.size, b64(file.digest)]
    return [*fields, file.packed] if file.packed else fields


def _decode_file(fields: object) -> SealedFile:
    match fields:
        case [_, _, _, _]:
            fields = [*fields, 0]
    match fields:
        case [str(key), str(media_type), int(size), str(digest), int(packed)] if _KEY.fullmatch(
            key
        ) and _DIGEST.fullmatch(digest):
            return SealedFile(unb64(key), media_type, size, unb64(digest), packed)
    raise DamagedRelease("a manifest's file has another shape than the format says")


def _context(site: str, publish_id: str, slot: int) -> bytes:
    return context(site, "manifest", f"{publish_id}/{slot}")
