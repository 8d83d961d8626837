"""Blobs: the sealed files of all editions and members, kept from the previous release if unchanged."""

from __future__ import annotations

from pathlib import Path

from members_portal.seal.format import frame
from members_portal.seal.format.container import open_message, seal_message
from members_portal.seal.format.manifest import Entry
from members_portal.seal.format.media_type import COMPRESSED, media_type
from members_portal.seal.key.binding import context
from members_portal.seal.key.keys import Secret, blob_id
from members_portal.seal.release_folder import ReleaseFolder
from members_portal.seal.seal_error import DamagedRelease

FOLDER = "_/b"


def blob_path(name: str) -> str:
    """Tell where a release keeps the blob or record of this id."""
    return f"{FOLDER}/{name[:2]}/{name}"


def seal_blob(key: bytes, role: str, payload: bytes, *, site: str, compress: bool) -> bytes:
    """Seal a payload under its own key, as a `blob` or a `record`."""
    return seal_message(key, context(site, role, blob_id(key)), frame.encode(payload, compress=compress))


def open_blob(key: bytes, role: str, message: bytes, *, site: str) -> bytes:
    """Open a `blob` or a `record`."""
    return frame.decode(open_message(key, context(site, role, blob_id(key)), message))


class Blobs:
    """Put files and records into a release; the same path and bytes are put there once."""

    def __init__(self, folder: ReleaseFolder, secret: Secret, generation: int, previous: Path | None) -> None:
        self.new = 0
        self.reused = 0
        self._folder = folder
        self._secret = secret
        self._site = secret.site
        self._generation = generation
        self._previous = previous
        self._names: set[str] = set()

    def add_file(self, path: str, payload: bytes) -> Entry:
        """Seal the file of this path."""
        key = self._secret.blob_key(self._generation, path, payload)
        kind = media_type(path)
        self._add(key, "blob", payload, compress=kind not in COMPRESSED)
        return Entry(key, kind, len(payload))

    def add_record(self, member: str, payload: bytes) -> bytes:
        """Seal a member's record and tell its key."""
        key = self._secret.record_key(self._generation, member, payload)
        self._add(key, "record", payload, compress=True)
        return key

    @property
    def removed(self) -> int:
        """Count what the previous release held and this one does not."""
        before = (self._previous / FOLDER).glob("*/*") if self._previous else ()
        return sum(path.name not in self._names for path in before)

    def _add(self, key: bytes, role: str, payload: bytes, *, compress: bool) -> None:
        name = blob_id(key)
        if name in self._names:
            return
        self._names.add(name)
        if kept := self._kept(key, role, payload):
            self._folder.link(blob_path(name), *kept)
            self.reused += 1
        else:
            message = seal_blob(key, role, payload, site=self._site, compress=compress)
            self._folder.write(blob_path(name), message)
            self.new += 1

    def _kept(self, key: bytes, role: str, payload: bytes) -> tuple[Path, bytes] | None:
        """Find the previous release's message, if it still opens to this very payload.

        Opening it costs less than deflating and sealing anew, and keeps damage from being handed on.
        """
        if self._previous is None:
            return None
        source = self._previous / blob_path(blob_id(key))
        try:
            message = source.read_bytes()
            same = open_blob(key, role, message, site=self._site) == payload
        except (OSError, DamagedRelease):
            return None
        return (source, message) if same else None
