"""Seal a folder of editions and a roster into a release."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from members_portal.seal.format import bootstrap, cards, manifest, signature
from members_portal.seal.format.blobs import Blobs
from members_portal.seal.format.bootstrap import Bootstrap, check_publish
from members_portal.seal.format.manifest import Manifest, SealedFile
from members_portal.seal.format.record import Fragment, MemberRecord, decode_slots, encode_record
from members_portal.seal.key.secret import Secret
from members_portal.seal.release_folder import ReleaseFolder
from members_portal.seal.roster import Enrolment, check_roster
from members_portal.seal.seal_error import BadTree, DamagedRelease
from members_portal.seal.tree import SLOTS_FILE, Files, read_tree


@dataclass(frozen=True, slots=True)
class SealReport:
    """The result of sealing; `new`, `reused` and `removed` count blobs and records, `files` and `bytes` all files."""

    publish_id: str
    sequence: int
    new: int
    reused: int
    removed: int
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Publish:
    """The site secret, the publish id and the sequence number of one publish."""

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
) -> SealReport:
    """Seal a tree for a roster into the new folder `out`; after an error the caller deletes `out`."""
    check_publish(publish_id, sequence, generation)
    content = read_tree(tree)
    check_roster(roster, content)
    publish = Publish(secret, publish_id, sequence)
    folder = ReleaseFolder(out)
    blobs = Blobs(folder, secret, generation, previous)

    copy_public(content.public, folder)
    editions = {name: seal_files(files, "", blobs) for name, files in content.editions.items()}
    records = {member: seal_record(member, files, blobs) for member, files in content.members.items()}
    slots = write_manifests(editions, folder, publish)
    bits = write_cards(roster, slots, records, folder, publish)
    write_bootstrap(Bootstrap(secret.site, publish_id, sequence, date.isoformat(), bits), folder)
    write_signature(folder, publish)
    if durable:
        folder.flush()
    return SealReport(publish_id, sequence, blobs.new, blobs.reused, blobs.removed, folder.files, folder.bytes)


def copy_public(public: Files, folder: ReleaseFolder) -> None:
    """Copy the public edition unchanged."""
    for path, source in public.items():
        folder.write_digested(path, source.read_bytes())


def seal_files(files: Files, prefix: str, blobs: Blobs) -> dict[str, SealedFile]:
    """Seal files under prefix and path; return them by path without the prefix."""
    return {path: blobs.add_file(prefix + path, source.read_bytes()) for path, source in files.items()}


def seal_record(member: str, files: Files, blobs: Blobs) -> bytes:
    """Seal a member's own files and record; return the record key."""
    own = {path: source for path, source in files.items() if path != SLOTS_FILE}
    slots = _read_slots(member, files[SLOTS_FILE]) if SLOTS_FILE in files else {}
    record = MemberRecord(slots, seal_files(own, f"members/{member}/", blobs))
    return blobs.add_record(member, encode_record(record))


def write_manifests(
    editions: Mapping[str, Mapping[str, SealedFile]], folder: ReleaseFolder, publish: Publish
) -> dict[str, cards.ManifestSlot]:
    """Write all manifest slots; return the slot and key of each edition."""
    numbers = manifest.assign_slots(editions, publish.secret, publish.id)
    keys = {name: publish.secret.edition_key(name, publish.id) for name in editions}
    contents = {
        numbers[name]: (keys[name], Manifest(publish.id, publish.sequence, files)) for name, files in editions.items()
    }
    for number, message in enumerate(manifest.seal_manifests(contents, publish.secret.site, publish.id)):
        folder.write_digested(manifest.manifest_path(publish.id, number), message)
    return {name: cards.ManifestSlot(numbers[name], keys[name]) for name in editions}


def write_cards(
    roster: Sequence[Enrolment],
    slots: Mapping[str, cards.ManifestSlot],
    records: Mapping[str, bytes],
    folder: ReleaseFolder,
    publish: Publish,
) -> int:
    """Write all buckets of cards; return the number of tag bits that select a bucket."""
    made = list(cards.make_cards(roster, slots, records, secret=publish.secret, publish_id=publish.id))
    layout = cards.plan_buckets(made)
    for number, bucket in enumerate(cards.fill_buckets(made, layout)):
        folder.write_digested(cards.bucket_path(publish.id, number), bucket)
    return layout.bits


def write_bootstrap(start: Bootstrap, folder: ReleaseFolder) -> None:
    """Write `portal.json`."""
    folder.write_digested(bootstrap.PATH, bootstrap.encode_bootstrap(start))


def write_signature(folder: ReleaseFolder, publish: Publish) -> None:
    """Write the digests of all files except blobs and records, and their signature."""
    data = signature.encode_digests(folder.digests, publish.id, publish.sequence)
    folder.write(signature.DIGESTS, data)
    folder.write(signature.SIGNATURE, signature.sign(publish.secret, data))


def _read_slots(member: str, source: Path) -> dict[str, tuple[Fragment, ...]]:
    try:
        return decode_slots(source.read_bytes())
    except DamagedRelease as error:
        raise BadTree(str(error), f"members/{member}/{SLOTS_FILE}") from error
