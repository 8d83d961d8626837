"""`portal.json`: signed, and refused with another signature, format, container or structure."""

from __future__ import annotations

import json

import pytest

from members_portal.seal import DamagedRelease
from members_portal.seal.format.bootstrap import Bootstrap, decode_bootstrap, encode_bootstrap, verify_bootstrap
from tests.seal.small_site import secret_of

SECRET = secret_of("bootstrap")
BOOTSTRAP = Bootstrap(SECRET.site, "5f" * 16, 20261121000, "2026-11-21", 3)


def changed(change: dict[str, object]) -> bytes:
    """Return a bootstrap with other values and the old signature."""
    outer = json.loads(encode_bootstrap(BOOTSTRAP, SECRET))
    return json.dumps(outer | {"signed": json.dumps(json.loads(outer["signed"]) | change)}).encode()


def test_a_bootstrap_comes_out_as_it_went_in() -> None:
    data = encode_bootstrap(BOOTSTRAP, SECRET)
    verify_bootstrap(data, SECRET.public_key)
    assert decode_bootstrap(data) == BOOTSTRAP


@pytest.mark.parametrize("change", [{"sequence": 20261121001}, {"publish": "60" * 16}, {"more": 1}, {}])
def test_another_text_than_the_signed_one_is_refused(change: dict[str, object]) -> None:
    decode_bootstrap(changed(change))
    with pytest.raises(DamagedRelease):
        verify_bootstrap(changed(change), SECRET.public_key)


@pytest.mark.parametrize("signature", ["", "A", "A" * 86, "ä" * 86, "!" * 86])
def test_another_signature_is_refused(signature: str) -> None:
    data = json.loads(encode_bootstrap(BOOTSTRAP, SECRET)) | {"signature": signature}
    with pytest.raises(DamagedRelease):
        verify_bootstrap(json.dumps(data).encode(), SECRET.public_key)


def test_the_key_of_another_site_does_not_verify() -> None:
    with pytest.raises(DamagedRelease):
        verify_bootstrap(encode_bootstrap(BOOTSTRAP, SECRET), secret_of("stranger").public_key)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "portal-release/1"},
        {"container": "c2sp.org/chunked-encryption@v1+AEAD_AES_128_GCM"},
        {"manifest_slots": 9},
        {"site": "5f"},
        {"publish": "5F" * 16},
        {"sequence": "1"},
        {"bucket_bits": 17},
        {"bucket_bits": "0"},
    ],
)
def test_other_values_than_the_format_says_are_refused(change: dict[str, object]) -> None:
    with pytest.raises(DamagedRelease):
        decode_bootstrap(changed(change))


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'{"signed":"{}","signature":""}', b'{"signed":1,"signature":""}'])
def test_other_structures_are_refused(data: bytes) -> None:
    with pytest.raises(DamagedRelease):
        decode_bootstrap(data)
