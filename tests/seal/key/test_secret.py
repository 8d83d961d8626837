"""The site secret: one key for each file, and no way to show or copy its bytes."""

from __future__ import annotations

import copy
import hashlib
import pickle

import pytest

from members_portal.seal.key.keys import blob_id
from members_portal.seal.key.secret import Secret
from members_portal.seal.seal_error import BadSecret

KEY = hashlib.sha256(b"a secret").digest()
TEXT, OTHER = (hashlib.sha256(data).hexdigest() for data in (b"text", b"other"))


def test_a_blob_or_record_gets_another_key_with_each_part_it_is_derived_from() -> None:
    secret = Secret(KEY)
    keys = [
        secret.blob_key(1, "a", TEXT),
        secret.blob_key(1, "b", TEXT),
        secret.blob_key(1, "a", OTHER),
        secret.blob_key(2, "a", TEXT),
        secret.page_key(1, "gold", "a", "version"),
        secret.page_key(1, "silver", "a", "version"),
        secret.page_key(1, "gold", "b", "version"),
        secret.page_key(1, "gold", "a", "another version"),
        secret.page_key(2, "gold", "a", "version"),
        secret.record_key(1, "M-1", "5f" * 16),
        secret.record_key(1, "M-2", "5f" * 16),
        secret.record_key(1, "M-1", "60" * 16),
        secret.record_key(2, "M-1", "5f" * 16),
    ]
    assert len(set(keys)) == len({blob_id(key) for key in keys}) == len(keys)
    assert secret.blob_key(1, "a", TEXT) == keys[0]


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
