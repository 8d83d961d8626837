"""Seal a folder of editions and a roster into a release."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from members_portal.seal.format import bootstrap, cards, manifest, signature
from members_portal.seal.format.blobs import Blobs
from members_portal.seal.format.bootstrap import Bootstrap, check_publish
from members_portal.seal.format.listing import listing_path, seal_listing
from members_portal.seal.format.manifest import Manifest, SealedFile
from members_portal.seal.format.media_type import media_type
from members_portal.seal.format.record import SealedRecord
from members_portal.seal.key.secret import Secret
from members_portal.seal.previous_release import PreviousRelease
from members_portal.seal.record_batch import BatchRunner
from members_portal.seal.record_memory import Memory
from members_portal.seal.record_set import RecordSet
from members_portal.seal.release_folder import ReleaseFolder, release_time
from members_portal.seal.roster import Enrolment, check_roster
from members_portal.seal.tree import Files, read_tree, source_file


@dataclass(frozen=True, slots=True)
class SealReport:
    """The result of sealing; `new`, `reused` and `removed` count blobs, decoys and packs, `files` and `bytes` all."""

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
    edition_files: Collection[str] = (),
    durable: bool = True,
    digests: Mapping[str, str] = MappingProxyType({}),
    found: Mapping[str, str] = MappingProxyType({}),
    memory: Memory | None = None,
    runner: BatchRunner | None = None,
    done: Callable[[int, int], None] | None = None,
) -> SealReport:
    """Seal a tree for a roster into the new folder `out`; after an error the caller deletes `out`.

    `previous` is a verified release, whose unchanged messages are reused. `edition_files` are paths that, like pages,
    have a version of their own in each edition, even if one edition alone has the path now. `digests` and `found` hold
    the SHA-256 (hex) of files by path, where they are known: of the tree, and of the previous release. `memory` keeps
    facts about the records, so that unchanged ones need not be opened. `runner` seals many records in other processes.
    `done` is told the progress of the records.
    """
    check_publish(publish_id, sequence, generation)
    content = read_tree(tree)
    check_roster(roster, content)
    publish = Publish(secret, publish_id, sequence)
    folder = ReleaseFolder(out, release_time(sequence))
    before = PreviousRelease(previous, secret, found)
    blobs = Blobs(folder, secret, generation, before)

    copy_public(content.public, folder)
    editions = seal_editions(content.editions, edition_files, blobs, digests)
    record_set = RecordSet(blobs, folder, secret, generation, publish_id, memory, runner, done)
    records = record_set.seal(roster, content, previous, digests)
    blobs.add_covers()
    slots = write_manifests(editions, folder, publish)
    bits = write_cards(roster, slots, records, folder, publish)
    write_bootstrap(Bootstrap(secret.site, publish_id, sequence, date.isoformat(), bits), folder, secret)
    write_signature(folder, publish)
    folder.finish()
    if durable:
        folder.flush()
    old, new = before.listing.keys(), folder.sealed.keys()
    return SealReport(publish_id, sequence, len(new - old), len(new & old), len(old - new), folder.files, folder.bytes)


def copy_public(public: Files, folder: ReleaseFolder) -> None:
    """Copy the public edition unchanged."""
    for path, source in public.items():
        folder.write_digested(path, Path(source).read_bytes())


def seal_editions(
    editions: Mapping[str, Files], edition_files: Collection[str], blobs: Blobs, digests: Mapping[str, str]
) -> dict[str, dict[str, SealedFile]]:
    """Seal the files of all editions, path by path; return them by edition and path.

    `digests` holds the SHA-256 (hex) of files of the tree.
    """
    sealed: dict[str, dict[str, SealedFile]] = {name: {} for name in editions}
    for path in sorted({path for files in editions.values() for path in files}):
        sources = {
            name: source_file(files[path], digests.get(f"editions/{name}/{path}"))
            for name, files in editions.items()
            if path in files
        }
        is_own = media_type(path) == "text/html" or path in edition_files
        if is_own or len({source.digest for source in sources.values()}) > 1:
            found = blobs.add_edition_files(path, sources, editions.keys())
        else:
            found = {name: blobs.add_file(path, source) for name, source in sources.items()}
        for name, file in found.items():
            sealed[name][path] = file
    return sealed


def write_manifests(
    editions: Mapping[str, Mapping[str, SealedFile]], folder: ReleaseFolder, publish: Publish
) -> dict[str, cards.ManifestSlot]:
    """Write all manifest slots; return the slot, key and digest of each edition."""
    numbers = manifest.assign_slots(editions, publish.secret, publish.id)
    keys = {name: publish.secret.edition_key(name, publish.id) for name in editions}
    contents = {
        numbers[name]: (keys[name], Manifest(publish.id, publish.sequence, files)) for name, files in editions.items()
    }
    messages = manifest.seal_manifests(contents, publish.secret.site, publish.id)
    for number, message in enumerate(messages):
        folder.write_digested(manifest.manifest_path(publish.id, number), message)
    digests = [sha256(message).digest() for message in messages]
    return {name: cards.ManifestSlot(numbers[name], keys[name], digests[numbers[name]]) for name in editions}


def write_cards(
    roster: Sequence[Enrolment],
    slots: Mapping[str, cards.ManifestSlot],
    records: Mapping[str, SealedRecord],
    folder: ReleaseFolder,
    publish: Publish,
) -> int:
    """Write all buckets of cards; return the number of tag bits that select a bucket."""
    made = list(cards.make_cards(roster, slots, records, secret=publish.secret, publish_id=publish.id))
    layout = cards.plan_buckets(made, publish.secret)
    for number, bucket in enumerate(cards.fill_buckets(made, layout)):
        signed = cards.sign_bucket(bucket, number, publish.secret, publish.id)
        folder.write_digested(cards.bucket_path(publish.id, number), signed)
    return layout.bits


def write_bootstrap(start: Bootstrap, folder: ReleaseFolder, secret: Secret) -> None:
    """Write `portal.json`."""
    folder.write_digested(bootstrap.PATH, bootstrap.encode_bootstrap(start, secret))


def write_signature(folder: ReleaseFolder, publish: Publish) -> None:
    """Write the listing of sealed files, the digests of all other files, and the signature."""
    listing = seal_listing(publish.secret, publish.id, folder.sealed)
    folder.write_digested(listing_path(publish.id), listing)
    sealed = signature.tree_digest(folder.sealed)
    data = signature.encode_digests(folder.digests, sealed, publish.id, publish.sequence)
    folder.write(signature.DIGESTS, data)
    folder.write(signature.SIGNATURE, signature.sign(publish.secret, data))
