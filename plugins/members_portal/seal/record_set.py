"""The records of all members at one publish: which are sealed anew, and where each is.

Up to 10,000 members, every record is sealed anew, so that an observer does not see which members were active. With
more members, a constant share is: the records that changed, and others chosen at random.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from hmac import compare_digest
from operator import attrgetter
from pathlib import Path

from members_portal.seal.format import cards
from members_portal.seal.format.blobs import Blobs
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap
from members_portal.seal.format.container import message_size
from members_portal.seal.format.manifest import SealedFile
from members_portal.seal.format.packs import PACK, PackWriter, RecordPlace, pack_path, read_place
from members_portal.seal.format.padding import size_class, stream_frame_size
from members_portal.seal.format.record import SealedRecord, open_record
from members_portal.seal.key.keys import card_tag, member_root
from members_portal.seal.key.secret import Secret
from members_portal.seal.member_slots import TextPlace
from members_portal.seal.reader import read_file
from members_portal.seal.record_batch import BatchRunner, PackedText, RecordOrder, sealed_records
from members_portal.seal.record_memory import Memory, RecordMemory
from members_portal.seal.release_folder import ReleaseFolder
from members_portal.seal.roster import Enrolment
from members_portal.seal.seal_error import DamagedRelease
from members_portal.seal.tree import Tree, source_file, source_of_text

MOST_SEALED_ANEW = 10_000  # members up to which every publish seals every record anew
RECORDS_PER_COUNT = 100  # records between two reports of the progress
SMALLEST_SHARE = 50  # with more members, one record in 50 is sealed anew, at least


class RecordSet:
    """Seal the records of one publish into packs, and the members' own files into blobs.

    With more than 10,000 members, the own text of a member is no blob: it follows the record in the packs.

    `memory` finds unchanged records without opening them; without it, all are opened. `runner` seals many in other
    processes. `done` is told the members whose records are sealed, and the number of those to seal.
    """

    def __init__(
        self,
        blobs: Blobs,
        folder: ReleaseFolder,
        secret: Secret,
        generation: int,
        publish_id: str,
        memory: Memory | None = None,
        runner: BatchRunner | None = None,
        done: Callable[[int, int], None] | None = None,
    ) -> None:
        self._blobs, self._done = blobs, done
        self._folder = folder
        self._secret = secret
        self._generation = generation
        self._publish_id = publish_id
        self._memory = RecordMemory(memory, secret, generation) if memory else None
        self._runner = runner

    def seal(
        self, roster: Sequence[Enrolment], tree: Tree, previous: Path | None, digests: Mapping[str, str]
    ) -> dict[str, SealedRecord]:
        """Seal the records of the members, from their slots and files; return key and place by member id.

        `digests` holds the SHA-256 (hex) of files of the tree.
        """
        recorded = {one.member: one for one in roster if one.member in tree.members or one.member in tree.slots}
        keeps_records = len(roster) > MOST_SEALED_ANEW
        own_text = self._describe_packed if keeps_records else self._seal_blob_of_text
        owners = {**tree.members, **tree.slots.texts}
        files = {member: self._seal_own_files(member, tree, digests, own_text) for member in owners}
        order = partial(self._order, tree, files)
        if not keeps_records:
            return self._seal_all(recorded, order)
        macs = {}
        if self._memory:
            macs = {
                member: self._memory.mac(enrolment, tree.slots.digest(member), files.get(member, {}))
                for member, enrolment in recorded.items()
            }
        kept = self._unchanged(recorded, macs, order, previous) if previous else {}
        if previous:
            self._drop_covers(kept, len(recorded))
            places = {member: record.place.with_after(_packed_size(files, member)) for member, record in kept.items()}
            kept = {member: kept[member] for member in in_full_packs(places)}
            self._link_packs((places[member] for member in kept), previous)
        records = kept | self._seal_all(recorded.keys() - kept.keys(), order)
        if self._memory:
            self._memory.remember(self._publish_id, {name: (macs[name], records[name].place) for name in macs})
        return records

    def _seal_all(self, members: Collection[str], order: Callable[[str], RecordOrder]) -> dict[str, SealedRecord]:
        writer = PackWriter(self._folder, self._publish_id, self._secret.spare("packs"))
        names, places = self._shuffled(members), list[RecordPlace]()
        for messages in sealed_records(map(order, names), len(names), self._secret.site, self._runner):
            if self._done and len(places) % RECORDS_PER_COUNT == 0:
                self._done(len(places), len(names))
            places.append(writer.add(*messages))
        writer.close()
        return {
            member: SealedRecord(self._key(member, self._publish_id), place)
            for member, place in zip(names, places, strict=True)
        }

    def _seal_own_files(
        self, member: str, tree: Tree, digests: Mapping[str, str], own_text: Callable[[TextPlace], SealedFile]
    ) -> dict[str, SealedFile]:
        files = tree.members.get(member, {})
        sources = {path: source_file(file, digests.get(f"members/{member}/{path}")) for path, file in files.items()}
        sealed = {path: self._blobs.add_file(f"members/{path}", source) for path, source in sources.items()}
        if place := tree.slots.texts.get(member):
            sealed[place.path] = own_text(place)
        return sealed

    def _seal_blob_of_text(self, place: TextPlace) -> SealedFile:
        return self._blobs.add_file(f"members/{place.path}", source_of_text(place))

    def _describe_packed(self, place: TextPlace) -> SealedFile:
        """Return key and size of an own text that is sealed together with the record."""
        size = message_size(stream_frame_size(place.stream))
        return replace(self._blobs.describe_file(f"members/{place.path}", source_of_text(place)), packed=size)

    def _order(self, tree: Tree, files: Mapping[str, Mapping[str, SealedFile]], member: str) -> RecordOrder:
        """Return what a member's record is sealed from."""
        key, own, place = self._key(member, self._publish_id), files.get(member, {}), tree.slots.texts.get(member)
        text = None
        if place and own[place.path].packed:
            text = PackedText(own[place.path].key, place.read_stream(), place.digest)
        return RecordOrder(member, key, tree.slots.piece(member), own, text)

    def _key(self, member: str, publish_id: str) -> bytes:
        return self._secret.record_key(self._generation, member, publish_id)

    def _shuffled(self, members: Iterable[str]) -> list[str]:
        """Sort members by a secret order, another one at each publish."""
        return sorted(members, key=lambda member: self._secret.derive("order", self._publish_id, member))

    def _unchanged(
        self,
        recorded: Mapping[str, Enrolment],
        macs: Mapping[str, bytes],
        order: Callable[[str], RecordOrder],
        previous: Path,
    ) -> dict[str, SealedRecord]:
        """Return the records of the previous release with the same content under a key of this generation."""
        before = self._memory.recall(published_id(previous)) if self._memory else None
        if before is None:
            return self._opened_same(recorded, order, previous)
        return {
            member: SealedRecord(self._key(member, place.publish), place)
            for member, (mac, place) in before.items()
            if compare_digest(macs.get(member, b""), mac)
        }

    def _opened_same(
        self, recorded: Mapping[str, Enrolment], order: Callable[[str], RecordOrder], previous: Path
    ) -> dict[str, SealedRecord]:
        """Open all records of the previous release; return those with the same payload."""
        old = PreviousCards(previous, self._secret)
        found = {member: old.record(enrolment) for member, enrolment in recorded.items()}
        return {
            member: record
            for member, record in found.items()
            if record and self._is_same(record, order(member), previous)
        }

    def _is_same(self, record: SealedRecord, order: RecordOrder, previous: Path) -> bool:
        if record.key != self._key(order.member, record.place.publish):
            return False
        try:
            message = read_place(previous, record.place)
            if open_record(record.key, message, site=self._secret.site) != order.payload():
                return False
            for file in filter(attrgetter("packed"), order.files.values()):
                read_file(previous, self._secret.site, file, record.place)
        except DamagedRelease:
            return False
        return True

    def _drop_covers(self, kept: dict[str, SealedRecord], total: int) -> None:
        """Remove random records from `kept`, so that the number of changed records with these is a size class."""
        changed = total - len(kept)
        wanted = size_class(max(changed, total // SMALLEST_SHARE))
        for member in random.SystemRandom().sample(sorted(kept), min(wanted - changed, len(kept))):
            del kept[member]

    def _link_packs(self, places: Iterable[RecordPlace], previous: Path) -> None:
        packs = {(place.publish, number) for place in places for number in place.numbers}
        for path in sorted(pack_path(publish, number) for publish, number in packs):
            self._folder.link(path, previous / path, (previous / path).read_bytes())


def published_id(release: Path) -> str:
    """Return the publish id of a release."""
    return decode_bootstrap((release / PATH).read_bytes()).publish


class PreviousCards:
    """The cards of the previous release, opened with the site secret."""

    def __init__(self, release: Path, secret: Secret) -> None:
        self._release = release
        self._secret = secret
        self._start = decode_bootstrap((release / PATH).read_bytes())
        self._buckets: dict[int, dict[bytes, bytes]] = {}

    def record(self, enrolment: Enrolment) -> SealedRecord | None:
        """Return key and place of a member's record; None without a card or record."""
        root = member_root(self._secret.code(enrolment.member, enrolment.code_version))
        tag = card_tag(root, self._start.publish)
        card = self._bucket(cards.bucket_of(tag, self._start.bucket_bits)).get(tag)
        if card is None:
            return None
        try:
            return cards.open_card(card, root, site=self._start.site, publish_id=self._start.publish).record
        except DamagedRelease:
            return None

    def _bucket(self, number: int) -> dict[bytes, bytes]:
        if number not in self._buckets:
            data = (self._release / cards.bucket_path(self._start.publish, number)).read_bytes()
            starts = range(0, len(data) - cards.SIGNATURE_SIZE, cards.CARD)
            found = (data[start : start + cards.CARD] for start in starts)
            self._buckets[number] = {card[: cards.CARD_TAG]: card for card in found}
        return self._buckets[number]


def in_full_packs(places: Mapping[str, RecordPlace]) -> list[str]:
    """Return the members in packs that are not sparse: their places fill at least half of the pack."""
    packs = {member: (place.publish, place.offset // PACK) for member, place in places.items()}
    current = Counter[tuple[str, int]]()
    for member, place in places.items():
        current[packs[member]] += place.length
    return [member for member, pack in packs.items() if current[pack] >= PACK // 2]


def _packed_size(files: Mapping[str, Mapping[str, SealedFile]], member: str) -> int:
    """Return the size of the texts that follow the record of a member, in bytes."""
    return sum(file.packed for file in files.get(member, {}).values())
