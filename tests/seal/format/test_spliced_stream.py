"""A spliced zlib stream inflates to all its parts; a stream without a flush is not spliced."""

from __future__ import annotations

import json
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.portal.personal.slot_table import piece_of
from members_portal.seal.format.padding import decode, encode_stream
from members_portal.seal.format.record import record_frame, record_payload
from members_portal.seal.format.spliced_stream import splice
from tests.independent_reader import open_frame

LONG = bytes(range(256)) * 600  # more than two stored blocks


def flushed(data: bytes, level: int = 6) -> bytes:
    """Return a zlib stream with an empty last block."""
    deflate = zlib.compressobj(level)
    return deflate.compress(data) + deflate.flush(zlib.Z_SYNC_FLUSH) + deflate.flush()


@given(st.binary(max_size=400), st.binary(max_size=4000), st.binary(min_size=1, max_size=9), st.integers(1, 9))
def test_what_is_spliced_comes_out_again(before: bytes, data: bytes, after: bytes, level: int) -> None:
    whole = before + data + after
    stream = splice(before, flushed(data, level), after, whole)
    assert stream is not None
    frame = encode_stream(stream)
    assert decode(frame) == open_frame(frame) == whole


@pytest.mark.parametrize("size", [65_534, 65_535, 65_536, 131_070, len(LONG)])
def test_long_bytes_take_several_stored_blocks(size: int) -> None:
    whole = LONG[:size] + b"data" + LONG[:size]
    stream = splice(LONG[:size], flushed(b"data"), LONG[:size], whole)
    assert stream is not None
    assert decode(encode_stream(stream)) == whole


@pytest.mark.parametrize("data", [b"", b"data", b"\0\0\xff\xff\3\0" * 9, LONG])
def test_a_stream_that_was_not_flushed_is_not_spliced(data: bytes) -> None:
    assert splice(b"", zlib.compress(data), b"}", data + b"}") is None


def test_the_slots_of_a_tree_go_into_the_record_as_they_are() -> None:
    slots = json.dumps({"greeting": [{"html": f"Beans {n}", "from": None, "until": None} for n in range(99)]})
    stream = piece_of("M-1", slots).data
    frame = record_frame(slots.encode(), stream, {})
    assert decode(frame) == open_frame(frame) == record_payload(slots.encode(), {})
    assert stream[2:-6] in frame, "the slots were deflated again"


def test_a_stream_of_another_writer_is_deflated_again() -> None:
    slots = b'{"greeting": []}'
    frame = record_frame(slots, zlib.compress(slots), {})
    assert decode(frame) == open_frame(frame) == record_payload(slots, {})
