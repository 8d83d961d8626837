"""Open a release from its folder, in the steps of FORMAT.md, section Opening a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from members_portal.seal.format.blobs import blob_path, open_blob
from members_portal.seal.format.bootstrap import PATH, Bootstrap, decode_bootstrap
from members_portal.seal.format.cards import Card, ManifestSlot, bucket_of, bucket_path, find_card, open_card
from members_portal.seal.format.manifest import SLOTS, Manifest, SealedFile, manifest_path, open_manifest
from members_portal.seal.format.record import MemberRecord, decode_record
from members_portal.seal.key.code_format import read_code
from members_portal.seal.key.keys import blob_id, card_tag, member_root
from members_portal.seal.key.secret import Secret
from members_portal.seal.seal_error import DamagedRelease, NotFound


@dataclass(frozen=True, slots=True)
class OpenedRelease:
    """A release, opened with one access code or edition key."""

    folder: Path
    bootstrap: Bootstrap
    slot: int
    manifest: Manifest
    record: MemberRecord | None

    @property
    def edition_files(self) -> Mapping[str, SealedFile]:
        """Return the files of the reader's edition, by path."""
        return self.manifest.files

    @property
    def own_files(self) -> Mapping[str, SealedFile]:
        """Return the files of the reader's record, by path."""
        return self.record.files if self.record else {}

    def find(self, path: str) -> SealedFile:
        """Return the file of a request path, from the record or else the edition; raise NotFound if neither has it."""
        name = path + "index.html" if path == "" or path.endswith("/") else path
        found = self.own_files.get(name) or self.edition_files.get(name)
        if found is None:
            raise NotFound("this address is not in the reader's edition")
        return found

    def read(self, path: str) -> bytes:
        """Return the content of a request path; raise DamagedRelease if its size differs from the stated one."""
        return read_file(self.folder, self.bootstrap.site, self.find(path))


def open_release(folder: Path, code: str) -> OpenedRelease:
    """Open a release with an access code, as a member's browser does."""
    root = member_root(read_code(code))
    start = read_bootstrap(folder)
    card = read_card(folder, start, root)
    manifest = read_manifest(folder, start, card.slot)
    record = read_record(folder, start, card.record_key) if card.record_key else None
    return OpenedRelease(folder, start, card.slot.number, manifest, record)


def open_edition(folder: Path, secret: Secret, edition: str) -> OpenedRelease:
    """Open an edition with the site secret; needs no card."""
    start = read_bootstrap(folder)
    key = secret.edition_key(edition, start.publish)
    return open_with_edition_key(folder, key)


def open_with_edition_key(folder: Path, key: bytes) -> OpenedRelease:
    """Open an edition with its key alone: try every manifest slot."""
    start = read_bootstrap(folder)
    for slot in range(SLOTS):
        try:
            return OpenedRelease(folder, start, slot, read_manifest(folder, start, ManifestSlot(slot, key)), None)
        except DamagedRelease:
            continue
    raise DamagedRelease("no manifest slot opens with this edition's key")


def read_bootstrap(folder: Path) -> Bootstrap:
    """Read and parse `portal.json`."""
    return decode_bootstrap(_read(folder, PATH))


def read_card(folder: Path, start: Bootstrap, root: bytes) -> Card:
    """Read the bucket of a member's card tag, and open the card in it."""
    tag = card_tag(root, start.publish)
    bucket = _read(folder, bucket_path(start.publish, bucket_of(tag, start.bucket_bits)))
    return open_card(find_card(bucket, tag), root, site=start.site, publish_id=start.publish)


def read_manifest(folder: Path, start: Bootstrap, slot: ManifestSlot) -> Manifest:
    """Read and open a manifest; raise DamagedRelease for another publish or sequence than the bootstrap states."""
    message = _read(folder, manifest_path(start.publish, slot.number))
    manifest = open_manifest(message, slot.key, site=start.site, publish_id=start.publish, slot=slot.number)
    if (manifest.publish, manifest.sequence) != (start.publish, start.sequence):
        raise DamagedRelease("a manifest belongs to another publish than portal.json says")
    return manifest


def read_record(folder: Path, start: Bootstrap, key: bytes) -> MemberRecord:
    """Read and open a member's record."""
    return decode_record(open_blob(key, "record", _read(folder, blob_path(blob_id(key))), site=start.site))


def read_file(folder: Path, site: str, file: SealedFile) -> bytes:
    """Read and open one file; raise DamagedRelease if its size differs from the stated one."""
    payload = open_blob(file.key, "blob", _read(folder, blob_path(file.id)), site=site)
    if len(payload) != file.size:
        raise DamagedRelease("a file has another size than its manifest says")
    return payload


def _read(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except FileNotFoundError as error:
        raise DamagedRelease(f"{path} is missing from the release") from error
