"""Open a release from its folder, in the five steps of FORMAT.md."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from members_portal.seal.format.blobs import blob_path, open_blob
from members_portal.seal.format.bootstrap import PATH, Bootstrap, decode_bootstrap
from members_portal.seal.format.cards import Card, Seat, bucket_of, bucket_path, find_card, open_card
from members_portal.seal.format.manifest import SLOTS, Entry, Manifest, manifest_path, open_manifest
from members_portal.seal.format.record import Record, decode_record
from members_portal.seal.key.code_format import read_code
from members_portal.seal.key.keys import Secret, blob_id, card_tag, member_root
from members_portal.seal.seal_error import DamagedRelease, NotFound


@dataclass(frozen=True, slots=True)
class Opened:
    """A release as one reader sees it."""

    folder: Path
    bootstrap: Bootstrap
    slot: int
    manifest: Manifest
    record: Record | None

    @property
    def edition_files(self) -> Mapping[str, Entry]:
        """List the files of the reader's edition."""
        return self.manifest.files

    @property
    def own_files(self) -> Mapping[str, Entry]:
        """List the files of the reader's record."""
        return self.record.files if self.record else {}

    def find(self, path: str) -> Entry:
        """Find what answers a path: the record's files first, then the edition's."""
        name = path + "index.html" if path == "" or path.endswith("/") else path
        found = self.own_files.get(name) or self.edition_files.get(name)
        if found is None:
            raise NotFound("this address is not in the reader's edition")
        return found

    def read(self, path: str) -> bytes:
        """Read what answers a path; refuse another size than stated."""
        return read_entry(self.folder, self.bootstrap.site, self.find(path))


def open_release(folder: Path, code: str) -> Opened:
    """Open a release with an access code."""
    root = member_root(read_code(code))
    start = read_bootstrap(folder)
    card = read_card(folder, start, root)
    manifest = read_manifest(folder, start, card.seat)
    record = read_record(folder, start, card.record_key) if card.record_key else None
    return Opened(folder, start, card.seat.slot, manifest, record)


def open_edition(folder: Path, secret: Secret, edition: str) -> Opened:
    """Open a release as the bearer of the site secret, who needs no card."""
    start = read_bootstrap(folder)
    key = secret.edition_key(edition, start.publish)
    return open_with_edition_key(folder, key)


def open_with_edition_key(folder: Path, key: bytes) -> Opened:
    """Open a release with nothing but an edition's key, by trying it on every slot."""
    start = read_bootstrap(folder)
    for slot in range(SLOTS):
        try:
            return Opened(folder, start, slot, read_manifest(folder, start, Seat(slot, key)), None)
        except DamagedRelease:
            continue
    raise DamagedRelease("no manifest slot opens with this edition's key")


def read_bootstrap(folder: Path) -> Bootstrap:
    """Read `portal.json`."""
    return decode_bootstrap(_fetch(folder, PATH))


def read_card(folder: Path, start: Bootstrap, root: bytes) -> Card:
    """Fetch the bucket of a member's tag, and open the card in it."""
    tag = card_tag(root, start.publish)
    bucket = _fetch(folder, bucket_path(start.publish, bucket_of(tag, start.bucket_bits)))
    return open_card(find_card(bucket, tag), root, site=start.site, publish_id=start.publish)


def read_manifest(folder: Path, start: Bootstrap, seat: Seat) -> Manifest:
    """Fetch and open the manifest in a slot; refuse one of another publish."""
    message = _fetch(folder, manifest_path(start.publish, seat.slot))
    manifest = open_manifest(message, seat.key, site=start.site, publish_id=start.publish, slot=seat.slot)
    if (manifest.publish, manifest.sequence) != (start.publish, start.sequence):
        raise DamagedRelease("a manifest belongs to another publish than portal.json says")
    return manifest


def read_record(folder: Path, start: Bootstrap, key: bytes) -> Record:
    """Fetch and open a member's record."""
    return decode_record(open_blob(key, "record", _fetch(folder, blob_path(blob_id(key))), site=start.site))


def read_entry(folder: Path, site: str, entry: Entry) -> bytes:
    """Fetch and open one file; refuse another size than stated."""
    payload = open_blob(entry.key, "blob", _fetch(folder, blob_path(entry.id)), site=site)
    if len(payload) != entry.size:
        raise DamagedRelease("a file has another size than its manifest says")
    return payload


def _fetch(folder: Path, path: str) -> bytes:
    try:
        return (folder / path).read_bytes()
    except FileNotFoundError as error:
        raise DamagedRelease(f"{path} is missing from the release") from error
