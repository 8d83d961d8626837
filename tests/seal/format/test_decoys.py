"""Decoys: only the holder of the secret tells them from blobs."""

from __future__ import annotations

import os

import pytest

from members_portal.seal import DamagedRelease, Secret
from members_portal.seal.format import padding
from members_portal.seal.format.blobs import open_blob, seal_blob
from members_portal.seal.format.container import message_size, seal_message
from members_portal.seal.format.decoys import absent_id, cover_id, decoy_kind, is_decoy, seal_decoy
from members_portal.seal.key.binding import context
from members_portal.seal.key.keys import D, blob_id
from tests.seal.small_site import secret_of

SECRET, STRANGER = secret_of("decoys"), secret_of("stranger")
VERSION = "5f" * 32


def test_an_absent_decoy_gets_another_id_with_each_part_it_is_derived_from() -> None:
    ids = {
        absent_id(SECRET, 1, "gold", "a/index.html", VERSION),
        absent_id(SECRET, 1, "silver", "a/index.html", VERSION),
        absent_id(SECRET, 1, "gold", "b/index.html", VERSION),
        absent_id(SECRET, 1, "gold", "a/index.html", "60" * 32),
        absent_id(SECRET, 2, "gold", "a/index.html", VERSION),
        absent_id(STRANGER, 1, "gold", "a/index.html", VERSION),
    }
    assert len(ids) == 6
    assert absent_id(SECRET, 1, "gold", "a/index.html", VERSION) in ids


def test_covers_have_random_ids() -> None:
    assert len({cover_id(SECRET, 1) for _ in range(1000)}) == 1000


def test_the_ids_are_as_the_format_says() -> None:
    key = bytes(range(32))
    secret = Secret(key)
    first = D(key, "absent", "3", "gold", "a.html", VERSION)[:8]
    expected = (first + D(key, "absent", "3", first.hex())[:8]).hex()
    assert absent_id(secret, 3, "gold", "a.html", VERSION) == expected
    cover = bytes.fromhex(cover_id(secret, 3))
    assert D(key, "cover", "3", cover[:8].hex())[:8] == cover[8:]


def test_the_secret_recognises_decoys_of_its_generation_and_nobody_else_does() -> None:
    absent, cover = absent_id(SECRET, 1, "gold", "a/index.html", VERSION), cover_id(SECRET, 1)
    assert (decoy_kind(SECRET, 1, absent), decoy_kind(SECRET, 1, cover)) == ("absent", "cover")
    for name in (absent, cover):
        assert decoy_kind(STRANGER, 1, name) is None
        assert decoy_kind(SECRET, 2, name) is None
    blobs = (blob_id(os.urandom(32)) for _ in range(10_000))
    assert not any(decoy_kind(SECRET, 1, name) for name in blobs)


@pytest.mark.parametrize("size", [512, 544, 16_383, 16_384, 40_960])
def test_a_decoy_has_the_size_of_a_blob(size: int) -> None:
    frame = padding.encode(os.urandom(size - 5), smallest=size)
    name = cover_id(SECRET, 1)
    message = seal_decoy(SECRET, name, len(frame))
    assert len(message) == len(seal_blob(os.urandom(32), frame, site=SECRET.site)) == message_size(len(frame))
    assert is_decoy(SECRET, 1, name, message)


def test_no_key_of_a_blob_opens_a_decoy() -> None:
    name = cover_id(SECRET, 1)
    message = seal_decoy(SECRET, name, 512)
    for key in (SECRET.blob_key(1, "a", "0" * 64), SECRET.page_key(1, "gold", "a", VERSION), bytes(32)):
        with pytest.raises(DamagedRelease):
            open_blob(key, message, site=SECRET.site)


def test_a_changed_decoy_is_none() -> None:
    name = cover_id(SECRET, 1)
    message = seal_decoy(SECRET, name, 512)
    changed = message[:-1] + bytes([message[-1] ^ 1])
    for other in (changed, message[:-1], b"", seal_decoy(STRANGER, name, 512)):
        assert not is_decoy(SECRET, 1, name, other)
    assert not is_decoy(SECRET, 1, cover_id(SECRET, 1), message)
    assert not is_decoy(SECRET, 1, blob_id(bytes(32)), message)


def test_a_message_with_content_is_no_decoy() -> None:
    name = cover_id(SECRET, 1)
    key = SECRET.derive("decoy", name)[:32]
    message = seal_message(key, context(SECRET.site, "blob", name), padding.encode(b"content"))
    assert not is_decoy(SECRET, 1, name, message)
