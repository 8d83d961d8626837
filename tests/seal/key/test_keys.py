"""Keys: derived as FORMAT.md says, and not shown with the objects that hold them."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from members_portal.seal.format.cards import Card, ManifestSlot
from members_portal.seal.format.manifest import Manifest, SealedFile
from members_portal.seal.format.packs import RecordPlace
from members_portal.seal.format.record import SealedRecord
from members_portal.seal.key.keys import D, member_root
from members_portal.seal.key.secret import Secret
from members_portal.seal.seal_error import BadName
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


def test_the_root_of_a_member_is_derived_from_the_code_alone() -> None:
    characters = Secret(KEY).code("M-1001", 1)
    assert member_root(characters) == hmac.digest(b"portal-release/1", characters.encode(), "sha512")


def test_keys_are_not_shown_with_the_objects_that_hold_them() -> None:
    record = SealedRecord(KEY, RecordPlace(PUBLISH, 0, 600))
    manifest = Manifest(PUBLISH, 1, {"a": SealedFile(KEY, "text/html", 3, KEY[:16])})
    things = manifest, record, Card(ManifestSlot(1, KEY, KEY), record, KEY)
    for thing in things:
        assert repr(KEY)[2:-1] not in repr(thing)
        assert KEY.hex() not in repr(thing)
