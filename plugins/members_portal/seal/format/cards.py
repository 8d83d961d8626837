"""Cards: one for each member, with the keys of edition and record, in buckets of equal size."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from math import ceil

from members_portal.seal.format.container import message_size, open_message, seal_message
from members_portal.seal.format.manifest import SLOTS
from members_portal.seal.format.record import NO_RECORD
from members_portal.seal.key.binding import context
from members_portal.seal.key.keys import card_key, card_tag, member_root
from members_portal.seal.key.secret import Secret
from members_portal.seal.roster import Enrolment
from members_portal.seal.seal_error import DamagedRelease, NotAMember

CARD = 256  # bytes
CARD_TAG = 16  # bytes, before the message
RESERVED_BYTES = bytes(103)
CAPACITY = 64  # cards in a bucket, or a multiple of it: a sign-in fetches 16 KiB
MAX_BITS = 12  # every publish writes all buckets, one file each: at most 4,096; beyond that the buckets grow


@dataclass(frozen=True, slots=True)
class ManifestSlot:
    """The manifest slot of an edition at one publish, and the edition key that opens it."""

    number: int
    key: bytes

    def __repr__(self) -> str:
        return f"ManifestSlot({self.number})"


@dataclass(frozen=True, slots=True)
class Card:
    """The content of a member's card: the edition's manifest slot, and the record key if there is a record."""

    slot: ManifestSlot
    record_key: bytes | None

    def __repr__(self) -> str:
        return f"Card({self.slot}, {'with' if self.record_key else 'without'} record)"


def make_cards(
    roster: Iterable[Enrolment],
    slots: Mapping[str, ManifestSlot],
    records: Mapping[str, bytes],
    *,
    secret: Secret,
    publish_id: str,
) -> Iterator[bytes]:
    """Seal a card for each enrolment; `slots` is by edition, `records` holds record keys by member."""
    prefix = _context(secret.site, "")
    fronts = {edition: bytes([slot.number]) + slot.key for edition, slot in slots.items()}
    for enrolment in roster:
        root = member_root(secret.code(enrolment.member, enrolment.code_version))
        tag = card_tag(root, publish_id)
        plaintext = fronts[enrolment.edition] + records.get(enrolment.member, NO_RECORD) + RESERVED_BYTES
        yield tag + seal_message(card_key(root, publish_id), prefix + tag.hex().encode(), plaintext)


def open_card(card: bytes, root: bytes, *, site: str, publish_id: str) -> Card:
    """Open a card with the member root; raise DamagedRelease if it does not open."""
    tag, message = card[:CARD_TAG], card[CARD_TAG:]
    plaintext = open_message(card_key(root, publish_id), _context(site, tag.hex()), message)
    number, key, record_key = plaintext[0], plaintext[1:33], plaintext[33:65]
    if number >= SLOTS or len(plaintext) != CARD - CARD_TAG - message_size(0):
        raise DamagedRelease("a card has another shape than the format says")
    return Card(ManifestSlot(number, key), None if record_key == NO_RECORD else record_key)


def find_card(bucket: bytes, tag: bytes) -> bytes:
    """Return the card with this tag; raise NotAMember if the bucket has none."""
    if not bucket or len(bucket) % CARD:
        raise DamagedRelease("a bucket of cards is cut off")
    for start in range(0, len(bucket), CARD):
        if bucket[start : start + CARD_TAG] == tag:
            return bucket[start : start + CARD]
    raise NotAMember("this access code opens nothing here any more")


@dataclass(frozen=True, slots=True)
class BucketLayout:
    """The number of bits that select a bucket, the capacity of a bucket, and the number of cards in each (load)."""

    bits: int
    capacity: int
    loads: tuple[int, ...]


def plan_buckets(cards: Iterable[bytes]) -> BucketLayout:
    """Choose the fewest buckets of 64 cards; if 4,096 are too few, the smallest capacity that is a multiple of 64.

    The layout hides any count up to 64 members; it reveals a count up to about 130,000 to a factor of two, and a larger
    count more precisely.
    """
    loads = [0] * 2**MAX_BITS
    for card in cards:
        loads[bucket_of(card, MAX_BITS)] += 1
    capacity, bits = CAPACITY * max(1, ceil(max(loads) / CAPACITY)), MAX_BITS
    while bits and max(halved := [left + right for left, right in _pairs(loads)]) <= capacity:
        loads, bits = halved, bits - 1
    return BucketLayout(bits, capacity, tuple(loads))


def fill_buckets(cards: Iterable[bytes], layout: BucketLayout) -> Iterator[bytes]:
    """Yield the buckets in order, each with its cards and with dummies up to the capacity, sorted."""
    rest = iter(sorted(cards))
    for number, load in enumerate(layout.loads):
        mine = list(islice(rest, load))
        yield b"".join(sorted(mine + _dummies(number, layout.bits, layout.capacity - load)))


def bucket_of(tag: bytes, bits: int) -> int:
    """Return the number of a tag's bucket: its first `bits` bits."""
    return (tag[0] << 8 | tag[1]) >> (16 - bits)


def bucket_path(publish_id: str, number: int) -> str:
    """Return the path of a bucket in a release."""
    return f"_/c/{publish_id}/{number:04x}"


def _pairs(loads: list[int]) -> Iterator[tuple[int, int]]:
    return zip(loads[::2], loads[1::2], strict=True)


def _dummies(number: int, bits: int, count: int) -> list[bytes]:
    """Return dummy cards: random bytes behind the bits that select the bucket."""
    noise = os.urandom(CARD * count)
    free = 16 - bits
    front, mask = number << free, (1 << free) - 1
    return [
        (front | (noise[start] << 8 | noise[start + 1]) & mask).to_bytes(2, "big") + noise[start + 2 : start + CARD]
        for start in range(0, len(noise), CARD)
    ]


def _context(site: str, name: str) -> bytes:
    return context(site, "card", name)
