"""Cards: each member opens the own one; dummies are indistinguishable, so that the count stays hidden."""

from __future__ import annotations

import os
from collections import Counter
from math import log2

import pytest

from members_portal.seal import DamagedRelease, Enrolment, NotAMember
from members_portal.seal.format.cards import (
    CAPACITY,
    CARD,
    CARD_TAG,
    ManifestSlot,
    bucket_of,
    fill_buckets,
    find_card,
    make_cards,
    open_card,
    plan_buckets,
    sign_bucket,
    verify_bucket,
)
from members_portal.seal.format.packs import RecordPlace
from members_portal.seal.format.record import SealedRecord
from members_portal.seal.key.keys import card_tag, member_root
from members_portal.seal.key.secret import Secret
from tests.long_cases import quick_and_long, quick_first
from tests.seal.small_site import secret_of

SECRET = secret_of("cards")
PUBLISH = "5f" * 16
MANIFEST_SLOTS = {
    "gold": ManifestSlot(3, os.urandom(32), os.urandom(32)),
    "silver": ManifestSlot(7, os.urandom(32), os.urandom(32)),
}
SIZES = (0, 1, 63, 64, 65, 200, 1000, 5000)


def record_of(n: int) -> SealedRecord:
    """Return a record whose place takes all bytes of its fields."""
    return SealedRecord(n.to_bytes(32, "big"), RecordPlace(f"{n:032x}", (1 << 40) + n, 600 + (n << 16)))


def buckets_of(count: int) -> tuple[int, list[bytes]]:
    """Return bucket bits and buckets of `count` members: every second gold, every third with a record."""
    roster = [Enrolment(f"M-{n}", "silver" if n % 2 else "gold", 1) for n in range(count)]
    records = {f"M-{n}": record_of(n) for n in range(3, count, 3)}
    cards = list(make_cards(roster, MANIFEST_SLOTS, records, secret=SECRET, publish_id=PUBLISH))
    layout = plan_buckets(cards, SECRET)
    return layout.bits, list(fill_buckets(cards, layout))


@pytest.mark.parametrize("count", quick_and_long(SIZES, SIZES[:-1]))
def test_every_member_finds_and_opens_the_own_card(count: int) -> None:
    bits, buckets = buckets_of(count)
    for n in range(count):
        root = member_root(SECRET.code(f"M-{n}", 1))
        tag = card_tag(root, PUBLISH)
        number = bucket_of(tag, bits)
        bucket = sign_bucket(buckets[number], number, SECRET, PUBLISH)
        verify_bucket(bucket, number, SECRET.public_key, PUBLISH)
        found = find_card(bucket, tag)
        card = open_card(found, root, site=SECRET.site, publish_id=PUBLISH)
        assert card.slot == MANIFEST_SLOTS["silver" if n % 2 else "gold"]
        assert card.record == (record_of(n) if n and n % 3 == 0 else None)
        assert card.public_key == SECRET.public_key


@pytest.mark.parametrize("count", quick_first(SIZES, 2))
def test_buckets_are_all_there_all_alike_and_sorted(count: int) -> None:
    bits, buckets = buckets_of(count)
    assert len(buckets) == 2**bits
    assert {len(bucket) for bucket in buckets} == {CAPACITY * CARD}
    for number, bucket in enumerate(buckets):
        tags = [bucket[start : start + CARD_TAG] for start in range(0, len(bucket), CARD)]
        assert tags == sorted(tags)
        assert len(set(tags)) == CAPACITY
        assert {bucket_of(tag, bits) for tag in tags} == {number}


def test_the_number_of_members_shows_only_roughly() -> None:
    bits = {count: buckets_of(count)[0] for count in (*SIZES, 48)}
    assert bits[0] == bits[1] == bits[48] == 0
    assert bits[65] >= 1
    for count in (200, 1000, 5000):
        assert log2(count / CAPACITY) <= bits[count] <= log2(count / CAPACITY) + 2


@pytest.mark.long
def test_the_limit_of_a_bucket_depends_on_the_secret() -> None:
    limits = {limit_of(secret_of(f"site {n}")) for n in range(200)}
    assert limits == set(range(48, 65))


def limit_of(secret: Secret) -> int:
    """Return the largest number of members with one bucket."""
    crowd = [os.urandom(CARD) for _ in range(CAPACITY + 1)]
    return max(n for n in range(CAPACITY + 1) if plan_buckets(crowd[:n], secret).bits == 0)


def test_more_members_than_the_buckets_hold_make_them_larger() -> None:
    crowd = [bytes([0, 0]) + os.urandom(254) for _ in range(CAPACITY + 1)]
    layout = plan_buckets(crowd, SECRET)
    assert (layout.capacity, layout.bits) == (2 * CAPACITY, 0)
    assert len(next(fill_buckets(crowd, layout))) == 2 * CAPACITY * CARD


def test_dummies_have_as_even_bytes_as_cards() -> None:
    full, empty = (b"".join(buckets_of(count)[1]) for count in (64, 0))
    for data in (full, empty):
        counts = Counter(data)
        assert len(counts) == 256
        assert max(counts.values()) < 2 * len(data) / 256  # eight standard deviations: by chance in 1 of 10^10 runs


def test_a_code_of_another_version_finds_nothing() -> None:
    bits, buckets = buckets_of(200)
    tag = card_tag(member_root(SECRET.code("M-1", 2)), PUBLISH)
    number = bucket_of(tag, bits)
    with pytest.raises(NotAMember):
        find_card(sign_bucket(buckets[number], number, SECRET, PUBLISH), tag)


def test_a_bucket_that_is_cut_is_refused() -> None:
    _, (bucket,) = buckets_of(3)
    for cut in (b"", bucket[:-1], bucket[: CARD - 1]):
        with pytest.raises(DamagedRelease):
            find_card(cut, bytes(16))


def test_a_bucket_of_another_place_publish_or_site_is_refused() -> None:
    bucket = sign_bucket(buckets_of(1)[1][0], 0, SECRET, PUBLISH)
    other = Secret(bytes(range(1, 33)))
    for number, key, publish in (
        (1, SECRET.public_key, PUBLISH),
        (0, other.public_key, PUBLISH),
        (0, SECRET.public_key, "0" * 32),
    ):
        with pytest.raises(DamagedRelease):
            verify_bucket(bucket, number, key, publish)
    for place in (0, CARD, len(bucket) - 1):
        changed = bucket[:place] + bytes([bucket[place] ^ 1]) + bucket[place + 1 :]
        with pytest.raises(DamagedRelease):
            verify_bucket(changed, 0, SECRET.public_key, PUBLISH)
