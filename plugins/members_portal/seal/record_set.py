"""The records of all members at one publish: which are sealed anew, and where each is.

Up to 10,000 members, every record is sealed anew, so that an observer does not see which members were active. With
more members, a constant share is: the records that changed, and others chosen at random.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from members_portal.seal.format import cards
from members_portal.seal.format.blobs import Blobs
from members_portal.seal.format.bootstrap import PATH, decode_bootstrap
from members_portal.seal.format.packs import PACK, PackWriter, pack_path, read_place
from members_portal.seal.format.padding import size_class
from members_portal.seal.format.record import SealedRecord, open_record, record_payload, seal_record
from members_portal.seal.key.keys import card_tag, member_root
from members_portal.seal.key.secret import Secret
from members_portal.seal.member_slots import SLOTS_FILE
from members_portal.seal.release_folder import ReleaseFolder
from members_portal.seal.roster import Enrolment
from members_portal.seal.seal_error import BadTree, DamagedRelease
from members_portal.seal.tree import Tree

MOST_SEALED_ANEW = 10_000  # members up to which every publish seals every record anew
SMALLEST_SHARE = 50  # with more members, one record in 50 is sealed anew, at least


class RecordSet:
    """Seal the records of one publish into packs, and the members' own files into blobs."""

    def __init__(self, blobs: Blobs, folder: ReleaseFolder, secret: Secret, generation: int, publish_id: str) -> None:
        self._blobs = blobs
        self._folder = folder
        self._secret = secret
        self._generation = generation
        self._publish_id = publish_id

    def seal(self, roster: Sequence[Enrolment], tree: Tree, previous: Path | None) -> dict[str, SealedRecord]:
        """Seal the records of the members, from their slots and files; return key and place by member id."""
        kept: dict[str, SealedRecord] = {}
        members = tree.recorded
        if previous and len(roster) > MOST_SEALED_ANEW:
            kept = self._unchanged(roster, tree, previous)
            self._drop_covers(kept, len(members))
            drop_sparse(kept)
            self._link_packs(kept, previous)
        writer = PackWriter(self._folder, self._publish_id, self._secret.spare("packs"))
        order = self._shuffled(members - kept.keys())
        fresh = {member: self._seal_one(writer, member, self._payload(member, tree)) for member in order}
        writer.close()
        return kept | fresh

    def _payload(self, member: str, tree: Tree) -> bytes:
        """Seal a member's own files; return the member's record."""
        own = tree.members.get(member, {})
        sealed = {path: self._blobs.add_file(f"members/{path}", source.read_bytes()) for path, source in own.items()}
        try:
            return record_payload(tree.slots_of(member), sealed)
        except DamagedRelease as error:
            raise BadTree(str(error), f"{SLOTS_FILE}, member {member}") from error

    def _seal_one(self, writer: PackWriter, member: str, payload: bytes) -> SealedRecord:
        key = self._secret.record_key(self._generation, member, self._publish_id)
        return SealedRecord(key, writer.add(seal_record(key, payload, site=self._secret.site)))

    def _shuffled(self, members: Iterable[str]) -> list[str]:
        """Sort members by a secret order, another one at each publish."""
        return sorted(members, key=lambda member: self._secret.derive("order", self._publish_id, member))

    def _unchanged(self, roster: Sequence[Enrolment], tree: Tree, previous: Path) -> dict[str, SealedRecord]:
        """Return the records of the previous release that open to the same payload under a key of this generation."""
        old = PreviousCards(previous, self._secret)
        found: dict[str, SealedRecord] = {}
        members = tree.recorded
        for enrolment in roster:
            record = old.record(enrolment) if enrolment.member in members else None
            if record and self._is_same(enrolment.member, record, tree, previous):
                found[enrolment.member] = record
        return found

    def _is_same(self, member: str, record: SealedRecord, tree: Tree, previous: Path) -> bool:
        if record.key != self._secret.record_key(self._generation, member, record.place.publish):
            return False
        try:
            message = read_place(previous, record.place)
            return open_record(record.key, message, site=self._secret.site) == self._payload(member, tree)
        except DamagedRelease:
            return False

    def _drop_covers(self, kept: dict[str, SealedRecord], total: int) -> None:
        """Remove random records from `kept`, so that the number of changed records with these is a size class."""
        changed = total - len(kept)
        wanted = size_class(max(changed, total // SMALLEST_SHARE))
        for member in random.SystemRandom().sample(sorted(kept), min(wanted - changed, len(kept))):
            del kept[member]

    def _link_packs(self, kept: Mapping[str, SealedRecord], previous: Path) -> None:
        for path in sorted({path for record in kept.values() for path in _packs(record)}):
            self._folder.link(path, previous / path, (previous / path).read_bytes())


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


def drop_sparse(kept: dict[str, SealedRecord]) -> None:
    """Remove the records of packs with current records of less than half the size of a full pack."""
    current = Counter[str]()
    for record in kept.values():
        current[_packs(record)[0]] += record.place.length
    for member, record in list(kept.items()):
        if current[_packs(record)[0]] < PACK // 2:
            del kept[member]


def _packs(record: SealedRecord) -> list[str]:
    return [pack_path(record.place.publish, number) for number in record.place.numbers]
