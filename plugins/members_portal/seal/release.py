"""Seal a folder of editions and a roster into a release, step by step."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from members_portal.seal.format import bootstrap, cards, manifest, signature
from members_portal.seal.format.blobs import Blobs
from members_portal.seal.format.bootstrap import Bootstrap, check_publish
from members_portal.seal.format.manifest import Entry, Manifest
from members_portal.seal.format.record import Fragment, Record, decode_slots, encode_record
from members_portal.seal.key.keys import Secret
from members_portal.seal.release_folder import ReleaseFolder
from members_portal.seal.roster import Enrolment, check_roster
from members_portal.seal.seal_error import BadTree, DamagedRelease
from members_portal.seal.tree import SLOTS_FILE, Files, read_tree


@dataclass(frozen=True, slots=True)
class Report:
    """What sealing came to; `new`, `reused` and `removed` count blobs and records."""

    publish_id: str
    sequence: int
    new: int
    reused: int
    removed: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Publish:
    """Whose publish this is, its id and its number."""

    secret: Secret
    id: str
    sequence: int


def seal_release(
    tree: Path,
    roster: Sequence[Enrolment],
    *,
    secret: Secret,
    publish_id: str,
    sequence: int,
    date: datetime.date,
    generation: int,
    out: Path,
    previous: Path | None,
    durable: bool = True,
) -> Report:
    """Seal a tree for a roster into the new folder `out`; after an error throw away what is there."""
    check_publish(publish_id, sequence, generation)
    content = read_tree(tree)
    check_roster(roster, content)
    publish = Publish(secret, publish_id, sequence)
    folder = ReleaseFolder(out)
    blobs = Blobs(folder, secret, generation, previous)

    copy_public(content.public, folder)
    editions = {name: seal_files(files, "", blobs) for name, files in content.editions.items()}
    records = {member: seal_record(member, files, blobs) for member, files in content.members.items()}
    seats = write_manifests(editions, folder, publish)
    bits = write_cards(roster, seats, records, folder, publish)
    write_bootstrap(Bootstrap(secret.site, publish_id, sequence, date.isoformat(), bits), folder)
    write_signature(folder, publish)
    if durable:
        folder.flush()
    return Report(publish_id, sequence, blobs.new, blobs.reused, blobs.removed, folder.files, folder.bytes)


def copy_public(public: Files, folder: ReleaseFolder) -> None:
    """Copy the public edition as it is."""
    for path, source in public.items():
        folder.write_digested(path, source.read_bytes())


def seal_files(files: Files, prefix: str, blobs: Blobs) -> dict[str, Entry]:
    """Seal files, each under its prefix and path, and list them by path alone."""
    return {path: blobs.add_file(prefix + path, source.read_bytes()) for path, source in files.items()}


def seal_record(member: str, files: Files, blobs: Blobs) -> bytes:
    """Seal a member's slots and own files, and tell the key of the record."""
    own = {path: source for path, source in files.items() if path != SLOTS_FILE}
    slots = _read_slots(member, files[SLOTS_FILE]) if SLOTS_FILE in files else {}
    record = Record(slots, seal_files(own, f"members/{member}/", blobs))
    return blobs.add_record(member, encode_record(record))


def write_manifests(
    editions: Mapping[str, Mapping[str, Entry]], folder: ReleaseFolder, publish: Publish
) -> dict[str, cards.Seat]:
    """Write all manifest slots, and tell the seat of each edition."""
    slots = manifest.assign_slots(editions, publish.secret, publish.id)
    keys = {name: publish.secret.edition_key(name, publish.id) for name in editions}
    contents = {
        slots[name]: (keys[name], Manifest(publish.id, publish.sequence, files)) for name, files in editions.items()
    }
    for slot, message in enumerate(manifest.seal_manifests(contents, publish.secret.site, publish.id)):
        folder.write_digested(manifest.manifest_path(publish.id, slot), message)
    return {name: cards.Seat(slots[name], keys[name]) for name in editions}


def write_cards(
    roster: Sequence[Enrolment],
    seats: Mapping[str, cards.Seat],
    records: Mapping[str, bytes],
    folder: ReleaseFolder,
    publish: Publish,
) -> int:
    """Write all buckets of cards, and tell how many bits of a tag choose one."""
    made = list(cards.make_cards(roster, seats, records, secret=publish.secret, publish_id=publish.id))
    deal = cards.plan_deal(made)
    for number, bucket in enumerate(cards.deal_cards(made, deal)):
        folder.write_digested(cards.bucket_path(publish.id, number), bucket)
    return deal.bits


def write_bootstrap(start: Bootstrap, folder: ReleaseFolder) -> None:
    """Write `portal.json`."""
    folder.write_digested(bootstrap.PATH, bootstrap.encode_bootstrap(start))


def write_signature(folder: ReleaseFolder, publish: Publish) -> None:
    """Write the digests of all files but blobs and records, and sign them."""
    data = signature.encode_digests(folder.digests, publish.id, publish.sequence)
    folder.write(signature.DIGESTS, data)
    folder.write(signature.SIGNATURE, signature.sign(publish.secret, data))


def _read_slots(member: str, source: Path) -> dict[str, tuple[Fragment, ...]]:
    try:
        return decode_slots(source.read_bytes())
    except DamagedRelease as error:
        raise BadTree(str(error), f"members/{member}/{SLOTS_FILE}") from error
