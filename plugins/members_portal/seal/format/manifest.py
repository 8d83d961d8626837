"""Manifests: what an edition holds, path by path, and the eight slots that look all alike."""

from __future__ import annotations

import json
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from members_portal.seal.format import frame
from members_portal.seal.format.container import message_size, open_message, seal_message
from members_portal.seal.format.path_names import is_path
from members_portal.seal.key.binding import context
from members_portal.seal.key.keys import Secret, blob_id
from members_portal.seal.seal_error import DamagedRelease

SLOTS = 8
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file: the key of its blob, its media type, its size in bytes."""

    key: bytes
    media_type: str
    size: int

    def __repr__(self) -> str:
        return f"Entry({self.media_type}, {self.size} bytes)"

    @property
    def id(self) -> str:
        """Name the blob that holds the file."""
        return blob_id(self.key)


@dataclass(frozen=True, slots=True)
class Manifest:
    """All files of an edition at one publish."""

    publish: str
    sequence: int
    files: Mapping[str, Entry]


def manifest_path(publish_id: str, slot: int) -> str:
    """Tell where a release keeps the manifest of a slot."""
    return f"_/m/{publish_id}/{slot}"


def assign_slots(editions: Iterable[str], secret: Secret, publish_id: str) -> dict[str, int]:
    """Give each edition a slot that tells nothing of its name, other at every publish."""
    shuffled = sorted(range(SLOTS), key=lambda slot: secret.derive("slot", publish_id, str(slot)))
    return dict(zip(sorted(editions), shuffled, strict=False))


def seal_manifests(manifests: Mapping[int, tuple[bytes, Manifest]], site: str, publish_id: str) -> list[bytes]:
    """Seal each slot's manifest under its edition key; fill the others with random bytes of the same size."""
    payloads = {slot: encode_manifest(manifest) for slot, (_, manifest) in manifests.items()}
    size = max((len(frame.encode(payload)) for payload in payloads.values()), default=frame.SMALLEST)
    sealed = [os.urandom(message_size(size)) for _ in range(SLOTS)]
    for slot, payload in payloads.items():
        framed = frame.encode(payload, smallest=size)
        sealed[slot] = seal_message(manifests[slot][0], _context(site, publish_id, slot), framed)
    return sealed


def open_manifest(message: bytes, key: bytes, *, site: str, publish_id: str, slot: int) -> Manifest:
    """Open the manifest of one slot; refuse one of another publish."""
    manifest = decode_manifest(frame.decode(open_message(key, _context(site, publish_id, slot), message)))
    if manifest.publish != publish_id:
        raise DamagedRelease("a manifest belongs to another publish")
    return manifest


def encode_manifest(manifest: Manifest) -> bytes:
    """Write a manifest as JSON."""
    files = encode_files(manifest.files)
    return encode_json({"publish": manifest.publish, "sequence": manifest.sequence, "files": files})


def decode_manifest(payload: bytes) -> Manifest:
    """Read a manifest from JSON; refuse another shape."""
    match decode_json(payload):
        case {"publish": str(publish), "sequence": int(sequence), "files": dict(files)}:
            return Manifest(publish, sequence, decode_files(files))
    raise DamagedRelease("a manifest has another shape than the format says")


def encode_files(files: Mapping[str, Entry]) -> dict[str, list[str | int]]:
    """Write entries in the form that manifests and records share."""
    return {path: [b64(entry.key), entry.media_type, entry.size] for path, entry in sorted(files.items())}


def decode_files(files: Mapping[str, object]) -> dict[str, Entry]:
    """Read entries from the form that manifests and records share."""
    if not all(is_path(path) for path in files):
        raise DamagedRelease("a manifest holds a path that leads elsewhere")
    return {path: _entry(fields) for path, fields in files.items()}


def encode_json(value: object) -> bytes:
    """Write JSON, compact and always the same for the same value."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def decode_json(payload: bytes) -> object:
    """Read JSON from UTF-8."""
    try:
        value: object = json.loads(payload.decode())
    except (ValueError, RecursionError) as error:
        raise DamagedRelease("a part that should be JSON is not") from error
    return value


def b64(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _entry(fields: object) -> Entry:
    match fields:
        case [str(key), str(media_type), int(size)] if _KEY.fullmatch(key):
            return Entry(urlsafe_b64decode(key + "="), media_type, size)
    raise DamagedRelease("a manifest's file has another shape than the format says")


def _context(site: str, publish_id: str, slot: int) -> bytes:
    return context(site, "manifest", f"{publish_id}/{slot}")
