"""Frames: the payload survives, the size reveals little, and any other frame is refused."""

from __future__ import annotations

import os
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.seal.format.padding import (
    decode,
    encode,
    encode_stream,
    padme,
    size_class,
    stream_frame_size,
    widen,
    with_spare,
)
from members_portal.seal.seal_error import DamagedRelease
from tests.independent_reader import open_frame


@given(st.binary(max_size=3000), st.booleans(), st.integers(0, 5000))
def test_what_is_framed_comes_out_again(payload: bytes, compress: bool, smallest: int) -> None:
    framed = encode(payload, compress=compress, smallest=smallest)
    assert decode(framed) == open_frame(framed) == payload
    assert len(framed) >= smallest


@given(st.binary(max_size=3000))
def test_a_zlib_stream_is_framed_as_it_is(payload: bytes) -> None:
    stream = zlib.compress(payload)
    framed = encode_stream(stream)
    assert decode(framed) == open_frame(framed) == payload
    assert len(framed) == stream_frame_size(len(stream))
    assert stream in framed


@pytest.mark.parametrize(
    ("length", "padded"),
    [(1, 1), (2, 2), (9, 10), (100, 104), (512, 512), (513, 544), (1000, 1024), (10**6, 1_015_808)],
)
def test_padme_rounds_up_as_published(length: int, padded: int) -> None:
    assert padme(length) == padded


def test_padme_costs_an_eighth_at_most() -> None:
    assert max(padme(length) / length for length in range(9, 100_000)) < 1.12


def test_a_small_frame_has_512_bytes() -> None:
    assert {len(encode(os.urandom(size))) for size in range(0, 500, 20)} == {512}


def test_deflating_is_kept_only_when_it_gains() -> None:
    assert encode(b"words " * 1000)[0] == 1
    assert encode(os.urandom(1000))[0] == 0
    assert encode(b"words " * 1000, compress=False)[0] == 0


def test_size_classes_are_the_numbers_with_two_significant_bits() -> None:
    classes = sorted({size_class(count) for count in range(1, 200)})
    assert classes == [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256]
    for count in range(1, 1000):
        assert count <= size_class(count) <= 1.5 * count
        assert size_class(size_class(count)) == size_class(count)
    assert size_class(0) == 0


def test_a_spare_adds_a_quarter_at_most() -> None:
    for count in (0, 1, 48, 10_000):
        added = [with_spare(count, spare) - count for spare in range(256)]
        assert added == sorted(added)
        assert (added[0], added[255]) == (0, count * 255 // 1024)


def test_a_wider_frame_has_the_same_payload() -> None:
    frame = encode(b"words " * 1000)
    assert decode(widen(frame, 4000)) == open_frame(widen(frame, 4000)) == b"words " * 1000
    assert len(widen(frame, 4000)) == 4000


STREAM = zlib.compress(b"text")
FRAMES = {
    "nothing": b"",
    "half a head": b"\0\0\0\0",
    "another encoding": b"\2\0\0\0\0",
    "length beyond the frame": b"\0\0\0\0\2x",
    "padding that is not zero": b"\0\0\0\0\1xy",
    "padding that ends in one": encode(b"x")[:-1] + b"\1",
    "no zlib stream": b"\1\0\0\0\4text",
    "an empty stream": b"\1\0\0\0\0",
    "a cut stream": b"\1\0\0\0" + bytes([len(STREAM) - 1]) + STREAM[:-1],
    "bytes after the stream": b"\1\0\0\0" + bytes([len(STREAM) + 1]) + STREAM + b"\0",
    "another checksum": b"\1\0\0\0" + bytes([len(STREAM)]) + STREAM[:-1] + b"\0",
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_no_writer_makes_is_refused(name: str) -> None:
    with pytest.raises(DamagedRelease):
        decode(FRAMES[name])
