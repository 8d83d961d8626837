"""Cache entries: only an entry with the right MAC is opened."""

from __future__ import annotations

import pytest

from members_portal.cache_entry import open_entry, seal_entry

KEY, NAME, DATA = b"key", "name", b"data of an entry"


def test_an_entry_opens_under_its_key_and_name() -> None:
    for data in (DATA, b""):
        assert open_entry(KEY, NAME, seal_entry(KEY, NAME, data)) == data


def test_no_other_key_name_or_byte_opens() -> None:
    entry = seal_entry(KEY, NAME, DATA)
    assert open_entry(b"other", NAME, entry) is None
    assert open_entry(KEY, "other", entry) is None
    for place in range(len(entry)):
        assert open_entry(KEY, NAME, entry[:place] + bytes([entry[place] ^ 1]) + entry[place + 1 :]) is None


@pytest.mark.parametrize("entry", [b"", b"short", bytes(32)])
def test_what_is_no_entry_does_not_open(entry: bytes) -> None:
    assert open_entry(KEY, NAME, entry) is None
