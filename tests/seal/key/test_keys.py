"""Keys: as FORMAT.md derives them, and never shown."""

from __future__ import annotations

import copy
import hashlib
import hmac
import pickle

import pytest

from members_portal.seal.key.keys import D, Secret, blob_id, member_root
from members_portal.seal.seal_error import BadName, BadSecret
from tests import independent_reader

KEY = hashlib.sha256(b"a secret").digest()
PUBLISH = "00112233445566778899aabbccddeeff"


def test_d_is_hmac_over_label_and_parts() -> None:
    expected = hmac.new(KEY, b"portal-release/1\0edition\0gold\0" + PUBLISH.encode(), "sha512").digest()
    assert D(KEY, "edition", "gold", PUBLISH) == expected
    assert Secret(KEY).derive("edition", "gold", PUBLISH) == expected
    assert independent_reader.D(KEY, "edition", "gold", PUBLISH) == expected


def test_parts_cannot_run_into_each_other() -> None:
    assert D(KEY, "a", "bc") != D(KEY, "ab", "c") != D(KEY, "abc")


def test_a_nul_in_a_part_is_refused() -> None:
    with pytest.raises(BadName):
        D(KEY, "code", "M-1\0001")


def test_a_file_gets_another_key_with_its_path_its_bytes_and_the_generation() -> None:
    secret = Secret(KEY)
    keys = [
        secret.blob_key(1, "a", b"text"),
        secret.blob_key(1, "b", b"text"),
        secret.blob_key(1, "a", b"other"),
        secret.blob_key(2, "a", b"text"),
        secret.record_key(1, "a", b"text"),
    ]
    assert len(set(keys)) == len({blob_id(key) for key in keys}) == 5
    assert secret.blob_key(1, "a", b"text") == keys[0]


def test_the_root_of_a_member_comes_from_the_letters_alone() -> None:
    letters = Secret(KEY).code("M-1001", 1)
    assert member_root(letters) == hmac.digest(b"portal-release/1", letters.encode(), "sha512")


def test_a_secret_of_another_length_is_refused() -> None:
    for size in (0, 31, 33, 64):
        with pytest.raises(BadSecret):
            Secret(bytes(range(size)))


def test_nothing_shows_or_copies_the_secret() -> None:
    secret = Secret(KEY)
    shown = f"{secret} {secret!r} {vars(type(secret))}"
    assert KEY.hex() not in shown
    assert repr(KEY) not in shown
    for spread in (pickle.dumps, copy.copy, copy.deepcopy):
        with pytest.raises(TypeError):
            spread(secret)


def test_keys_are_not_shown_with_what_they_open() -> None:
    from members_portal.seal.format.cards import Card, Seat
    from members_portal.seal.format.manifest import Entry, Manifest

    things = Manifest(PUBLISH, 1, {"a": Entry(KEY, "text/html", 3)}), Card(Seat(1, KEY), KEY)
    for thing in things:
        assert repr(KEY)[2:-1] not in repr(thing)
