"""Blobs: the sealed files of all editions and members, reused from the previous release when unchanged."""

from __future__ import annotations

from pathlib import Path

from members_portal.seal.format import padding
from members_portal.seal.format.container import open_message, seal_message
from members_portal.seal.format.manifest import SealedFile
from members_portal.seal.format.media_type import COMPRESSED, media_type
from members_portal.seal.key.binding import context
from members_portal.seal.key.keys import blob_id
from members_portal.seal.key.secret import Secret
from members_portal.seal.release_folder import ReleaseFolder
from members_portal.seal.seal_error import DamagedRelease

BLOBS_FOLDER = "_/b"


def blob_path(name: str) -> str:
    """Return the path of a blob or record in a release, from its id."""
    return f"{BLOBS_FOLDER}/{name[:2]}/{name}"


def seal_blob(key: bytes, role: str, payload: bytes, *, site: str, compress: bool) -> bytes:
    """Seal a payload under its own key; `role` is `blob` or `record`."""
    return seal_message(key, context(site, role, blob_id(key)), padding.encode(payload, compress=compress))


def open_blob(key: bytes, role: str, message: bytes, *, site: str) -> bytes:
    """Return the payload of a message; `role` is `blob` or `record`."""
    return padding.decode(open_message(key, context(site, role, blob_id(key)), message))


class Blobs:
    """Write files and records into a release; equal path and content are written once."""

    def __init__(self, folder: ReleaseFolder, secret: Secret, generation: int, previous: Path | None) -> None:
        self.new = 0
        self.reused = 0
        self._folder = folder
        self._secret = secret
        self._site = secret.site
        self._generation = generation
        self._previous = previous
        self._names: set[str] = set()

    def add_file(self, path: str, payload: bytes) -> SealedFile:
        """Seal and write the file of this path."""
        key = self._secret.blob_key(self._generation, path, payload)
        kind = media_type(path)
        self._add(key, "blob", payload, compress=kind not in COMPRESSED)
        return SealedFile(key, kind, len(payload))

    def add_record(self, member: str, payload: bytes) -> bytes:
        """Seal and write a member's record; return its key."""
        key = self._secret.record_key(self._generation, member, payload)
        self._add(key, "record", payload, compress=True)
        return key

    @property
    def removed(self) -> int:
        """Return the number of blobs and records of the previous release that this release drops."""
        before = (self._previous / BLOBS_FOLDER).glob("*/*") if self._previous else ()
        return sum(path.name not in self._names for path in before)

    def _add(self, key: bytes, role: str, payload: bytes, *, compress: bool) -> None:
        name = blob_id(key)
        if name in self._names:
            return
        self._names.add(name)
        if reusable := self._reusable(key, role, payload):
            self._folder.link(blob_path(name), *reusable)
            self.reused += 1
        else:
            message = seal_blob(key, role, payload, site=self._site, compress=compress)
            self._folder.write(blob_path(name), message)
            self.new += 1

    def _reusable(self, key: bytes, role: str, payload: bytes) -> tuple[Path, bytes] | None:
        """Return path and bytes of the previous release's message if it opens to this payload.

        Opening is faster than deflating and sealing again, and it stops a damaged file from being reused.
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
