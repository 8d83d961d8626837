"""Cards: how a member's code finds its edition among buckets that all look alike."""

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
from members_portal.seal.key.keys import Secret, card_key, card_tag, member_root
from members_portal.seal.roster import Enrolment
from members_portal.seal.seal_error import DamagedRelease, NotAMember

CARD = 256  # bytes
TAG = 16  # bytes, in front of the sealed part
RESERVED = bytes(103)
CAPACITY = 64  # cards in a bucket, or a multiple: 16 KiB to fetch at sign-in
MOST_BITS = 12  # buckets are files, all new at every publish: from 4,096 on they grow larger instead


@dataclass(frozen=True, slots=True)
class Seat:
    """An edition at one publish: the slot of its manifest and the key to it."""

    slot: int
    key: bytes

    def __repr__(self) -> str:
        return f"Seat(slot {self.slot})"


@dataclass(frozen=True, slots=True)
class Card:
    """What a member's card says: the edition's seat, and the key of the member's record if there is one."""

    seat: Seat
    record_key: bytes | None

    def __repr__(self) -> str:
        return f"Card({self.seat}, {'with' if self.record_key else 'without'} record)"


def make_cards(
    roster: Iterable[Enrolment],
    seats: Mapping[str, Seat],
    records: Mapping[str, bytes],
    *,
    secret: Secret,
    publish_id: str,
) -> Iterator[bytes]:
    """Make a card for each enrolment, in any order."""
    prefix = _context(secret.site, "")
    fronts = {edition: bytes([seat.slot]) + seat.key for edition, seat in seats.items()}
    for enrolment in roster:
        root = member_root(secret.code(enrolment.member, enrolment.code_version))
        tag = card_tag(root, publish_id)
        plaintext = fronts[enrolment.edition] + records.get(enrolment.member, NO_RECORD) + RESERVED
        yield tag + seal_message(card_key(root, publish_id), prefix + tag.hex().encode(), plaintext)


def open_card(card: bytes, root: bytes, *, site: str, publish_id: str) -> Card:
    """Open a member's own card."""
    tag, message = card[:TAG], card[TAG:]
    plaintext = open_message(card_key(root, publish_id), _context(site, tag.hex()), message)
    slot, key, record_key = plaintext[0], plaintext[1:33], plaintext[33:65]
    if slot >= SLOTS or len(plaintext) != CARD - TAG - message_size(0):
        raise DamagedRelease("a card has another shape than the format says")
    return Card(Seat(slot, key), None if record_key == NO_RECORD else record_key)


def find_card(bucket: bytes, tag: bytes) -> bytes:
    """Find the card with this tag."""
    if not bucket or len(bucket) % CARD:
        raise DamagedRelease("a bucket of cards is cut off")
    for start in range(0, len(bucket), CARD):
        if bucket[start : start + TAG] == tag:
            return bucket[start : start + CARD]
    raise NotAMember("this access code opens nothing here any more")


@dataclass(frozen=True, slots=True)
class Deal:
    """How cards lie in buckets: the bits of the tag that choose one, and how many lie in each."""

    bits: int
    capacity: int
    loads: tuple[int, ...]


def plan_deal(cards: Iterable[bytes]) -> Deal:
    """Choose the fewest buckets of 64 that hold all cards; if 4,096 do not, the smallest multiple of 64 that does.

    So up to 64 members look alike. Up to some 130,000, the count shows to a factor of two, beyond that more nearly.
    """
    loads = [0] * 2**MOST_BITS
    for card in cards:
        loads[bucket_of(card, MOST_BITS)] += 1
    capacity, bits = CAPACITY * max(1, ceil(max(loads) / CAPACITY)), MOST_BITS
    while bits and max(halved := [left + right for left, right in _pairs(loads)]) <= capacity:
        loads, bits = halved, bits - 1
    return Deal(bits, capacity, tuple(loads))


def deal_cards(cards: Iterable[bytes], deal: Deal) -> Iterator[bytes]:
    """Fill one bucket after the other, each with all its cards and dummies up to the same number."""
    rest = iter(sorted(cards))
    for number, load in enumerate(deal.loads):
        mine = list(islice(rest, load))
        yield b"".join(sorted(mine + _dummies(number, deal.bits, deal.capacity - load)))


def bucket_of(tag: bytes, bits: int) -> int:
    """Number the bucket of a tag: its first bits."""
    return (tag[0] << 8 | tag[1]) >> (16 - bits)


def bucket_path(publish_id: str, number: int) -> str:
    """Tell where a release keeps a bucket."""
    return f"_/c/{publish_id}/{number:04x}"


def _pairs(loads: list[int]) -> Iterator[tuple[int, int]]:
    return zip(loads[::2], loads[1::2], strict=True)


def _dummies(number: int, bits: int, count: int) -> list[bytes]:
    """Make cards of nobody: random bytes, but for the bits that choose the bucket."""
    noise = os.urandom(CARD * count)
    free = 16 - bits
    front, mask = number << free, (1 << free) - 1
    return [
        (front | (noise[start] << 8 | noise[start + 1]) & mask).to_bytes(2, "big") + noise[start + 2 : start + CARD]
        for start in range(0, len(noise), CARD)
    ]


def _context(site: str, name: str) -> bytes:
    return context(site, "card", name)
