"""Open a release from its folder, in the steps of FORMAT.md, section Opening a release."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from members_portal.seal.format.blobs import blob_path, open_blob
from members_portal.seal.format.bootstrap import PATH, Bootstrap, decode_bootstrap, verify_bootstrap
from members_portal.seal.format.cards import (
    Card,
    ManifestSlot,
    bucket_of,
    bucket_path,
    find_card,
    open_card,
    verify_bucket,
)
from members_portal.seal.format.manifest import SLOTS, Manifest, SealedFile, file_digest, manifest_path, open_manifest
from members_portal.seal.format.packs import RecordPlace, read_place
from members_portal.seal.format.record import MemberRecord, SealedRecord, decode_record, open_record
from members_portal.seal.key.code_format import read_code
from members_portal.seal.key.keys import card_tag, member_root
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
    place: RecordPlace | None = None  # of the record

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
        """Return the content of a request path; raise DamagedRelease unless size and digest are the stated ones."""
        return read_file(self.folder, self.bootstrap.site, self.find(path), self.place)


def open_release(
    folder: Path, code: str, public_key: bytes | None = None, manifests: dict[ManifestSlot, Manifest] | None = None
) -> OpenedRelease:
    """Open a release with an access code, as a member's browser does; `public_key` is the site's, where it is known.

    `manifests` collects those of the release that were read: a caller that opens it for many members reads each once.
    """
    root = member_root(read_code(code))
    data = _read(folder, PATH)
    start = decode_bootstrap(data)
    if public_key:
        verify_bootstrap(data, public_key)
    card = read_card(folder, start, root, public_key)
    if card.public_key != public_key:
        verify_bootstrap(data, card.public_key)
    manifest = _read_once(folder, start, card.slot, manifests)
    record = read_record(folder, start, card.record) if card.record else None
    return OpenedRelease(folder, start, card.slot.number, manifest, record, card.record.place if card.record else None)


def open_edition(
    folder: Path, secret: Secret, edition: str, manifests: dict[ManifestSlot, Manifest] | None = None
) -> OpenedRelease:
    """Open an edition with the site secret; needs no card. `manifests` is as in `open_release`.

    The digest of the manifest is in the cards: verify the release first (`verify_release`).
    """
    verify_bootstrap(_read(folder, PATH), secret.public_key)
    key = secret.edition_key(edition, read_bootstrap(folder).publish)
    return open_with_edition_key(folder, key, manifests)


def open_with_edition_key(
    folder: Path, key: bytes, manifests: dict[ManifestSlot, Manifest] | None = None
) -> OpenedRelease:
    """Open an edition with its key alone: try every manifest slot. The origin of the manifest is not verified."""
    start = read_bootstrap(folder)
    for number in range(SLOTS):
        slot = ManifestSlot(number, key, sha256(_read(folder, manifest_path(start.publish, number))).digest())
        try:
            manifest = _read_once(folder, start, slot, manifests)
        except DamagedRelease:
            continue
        return OpenedRelease(folder, start, number, manifest, None)
    raise DamagedRelease("no manifest slot opens with this edition's key")


def read_bootstrap(folder: Path) -> Bootstrap:
    """Read and parse `portal.json`; its signature is not verified."""
    return decode_bootstrap(_read(folder, PATH))


def read_card(folder: Path, start: Bootstrap, root: bytes, public_key: bytes | None = None) -> Card:
    """Read the bucket of a member's card tag, open the card in it, and verify the bucket under its public key.

    Where the site's public key is known, the bucket is verified first: a forged bucket is damaged, whether the card is
    in it or not.
    """
    tag = card_tag(root, start.publish)
    number = bucket_of(tag, start.bucket_bits)
    bucket = _read(folder, bucket_path(start.publish, number))
    if public_key:
        verify_bucket(bucket, number, public_key, start.publish)
    card = open_card(find_card(bucket, tag), root, site=start.site, publish_id=start.publish)
    if card.public_key != public_key:
        verify_bucket(bucket, number, card.public_key, start.publish)
    return card


def read_manifest(folder: Path, start: Bootstrap, slot: ManifestSlot) -> Manifest:
    """Read and open a manifest; raise DamagedRelease for another digest, publish or sequence than stated."""
    message = _read(folder, manifest_path(start.publish, slot.number))
    if sha256(message).digest() != slot.digest:
        raise DamagedRelease("a manifest has another digest than the card says")
    manifest = open_manifest(message, slot.key, site=start.site, publish_id=start.publish, slot=slot.number)
    if (manifest.publish, manifest.sequence) != (start.publish, start.sequence):
        raise DamagedRelease("a manifest belongs to another publish than portal.json says")
    return manifest


def _read_once(
    folder: Path, start: Bootstrap, slot: ManifestSlot, manifests: dict[ManifestSlot, Manifest] | None
) -> Manifest:
    known = {} if manifests is None else manifests
    if slot not in known:
        known[slot] = read_manifest(folder, start, slot)
    return known[slot]


def read_record(folder: Path, start: Bootstrap, record: SealedRecord) -> MemberRecord:
    """Read and open a member's record."""
    return decode_record(open_record(record.key, read_place(folder, record.place), site=start.site))


def read_file(folder: Path, site: str, file: SealedFile, record: RecordPlace | None = None) -> bytes:
    """Read and open one file; raise DamagedRelease unless size and digest are the stated ones.

    `record` is the place of the record that names the file: a packed file follows it.
    """
    payload = open_blob(file.key, _read_message(folder, file, record), site=site)
    if (len(payload), file_digest(payload)) != (file.size, file.digest):
        raise DamagedRelease("a file has another size or digest than its manifest says")
    return payload


def _read_message(folder: Path, file: SealedFile, record: RecordPlace | None) -> bytes:
    if not file.packed:
        return _read(folder, blob_path(file.id))
    if record is None:
        raise DamagedRelease("a file follows a record, and there is none")
    return read_place(folder, record.after(file.packed))


def _read(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except FileNotFoundError as error:
        raise DamagedRelease(f"{path} is missing from the release") from error
