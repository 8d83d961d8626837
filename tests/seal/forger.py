"""A member with write access to a release folder, who forges what other members of the edition read.

The member knows the edition key, and the keys of all files of the edition.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from members_portal.seal import open_release
from members_portal.seal.audit import is_sealed_path, sealed_digest
from members_portal.seal.format import padding
from members_portal.seal.format.blobs import blob_path, seal_blob
from members_portal.seal.format.manifest import Manifest, SealedFile, file_digest, manifest_path, seal_manifests
from members_portal.seal.format.media_type import media_type
from members_portal.seal.format.signature import encode_digests, sign
from members_portal.seal.key.code_format import read_code
from members_portal.seal.key.keys import blob_id, member_root
from members_portal.seal.reader import read_card
from tests.seal.small_site import files_of, secret_of


class Forger:
    """Forge files of a release with the keys of one member."""

    def __init__(self, release: Path, code: str) -> None:
        self.release = release
        self.opened = open_release(release, code)
        self.start = self.opened.bootstrap
        self.card = read_card(release, self.start, member_root(read_code(code)))

    def blob(self, key: bytes, path: str, payload: bytes) -> SealedFile:
        """Write a blob under any key."""
        self._write(blob_path(blob_id(key)), seal_blob(key, padding.encode(payload), site=self.start.site))
        return SealedFile(key, media_type(path), len(payload), file_digest(payload))

    def manifest(self, files: Mapping[str, SealedFile]) -> None:
        """Seal the manifest of the edition anew, with other files."""
        slot = self.card.slot
        forged = Manifest(self.start.publish, self.start.sequence, {**self.opened.edition_files, **files})
        messages = seal_manifests({slot.number: (slot.key, forged)}, self.start.site, self.start.publish)
        self._write(manifest_path(self.start.publish, slot.number), messages[slot.number])

    def digests(self) -> None:
        """Write the digests of the forged files, signed with another key."""
        own = {"release.json", "release.json.sig"}
        files = files_of(self.release)
        digests = {p: sha256(d).hexdigest() for p, d in files.items() if p not in own and not is_sealed_path(p)}
        data = encode_digests(digests, sealed_digest(self.release, files), self.start.publish, self.start.sequence)
        self._write("release.json", data)
        self._write("release.json.sig", sign(secret_of("stranger"), data))

    def _write(self, path: str, data: bytes) -> None:
        file = self.release / path
        file.parent.mkdir(exist_ok=True)
        file.unlink(missing_ok=True)  # other releases have the same file
        file.write_bytes(data)
