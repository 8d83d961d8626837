"""The container and the frame in JavaScript: the vectors of C2SP, and messages sealed by the Python half."""

from __future__ import annotations

import hashlib
import random
import time
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from members_portal.seal.format import padding
from members_portal.seal.format.container import CHUNK, seal_message
from members_portal.seal.key.binding import context
from members_portal.seal.key.keys import D, blob_id
from tests.cobblestone_vectors import load_vectors

EDGES = (0, 1, 511, 512, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 2 * CHUNK + 1)
OPEN = """async cases => {
  const bytes = text => Uint8Array.fromBase64(text);
  const digest = async plain => new Uint8Array(await crypto.subtle.digest('SHA-256', plain)).toHex();
  const results = [];
  for (const {key, place, message} of cases) {
    const opened = openMessage(bytes(key), bytes(place), bytes(message));
    results.push(await opened.then(async plain => [plain.length, await digest(plain)], () => null));
  }
  return results;
}"""


def case(key: bytes, place: bytes, message: bytes) -> dict[str, str]:
    """Write a case for the browser."""
    return {name: b64encode(data).decode() for name, data in (("key", key), ("place", place), ("message", message))}


def result(plain: bytes) -> list[object]:
    """Say what opening should give."""
    return [len(plain), hashlib.sha256(plain).hexdigest()]


def test_every_vector_of_c2sp_ends_as_expected(seal_page: Page) -> None:
    vectors = load_vectors()
    outcomes = seal_page.evaluate(OPEN, [case(one.key, one.context, one.message) for one in vectors])
    ends = {one.name: outcome and outcome[1] for one, outcome in zip(vectors, outcomes, strict=True)}
    assert ends == {one.name: one.opens_to for one in vectors}
    print(f"cobblestone_vectors_javascript={len(ends)}")
    assert len(ends) == 34


def batches(sizes: list[int], limit: int = 8_000_000) -> Iterator[list[int]]:
    """Split sizes into batches that a browser takes in one go."""
    batch: list[int] = []
    for size in sizes:
        if sum(batch) + size > limit and batch:
            yield batch
            batch = []
        batch.append(size)
    yield batch


def compare(page: Page, sizes: list[int], seed: int) -> int:
    """Seal messages in Python, open them in JavaScript; count the bytes."""
    chance, total = random.Random(seed), 0
    for batch in batches(sizes):
        plains = [chance.randbytes(size) for size in batch]
        keys = [chance.randbytes(32) for _ in plains]
        places = [context("site", "blob", f"näme {n}") for n, _ in enumerate(plains)]
        sealed = zip(keys, places, map(seal_message, keys, places, plains), strict=True)
        assert page.evaluate(OPEN, [case(*parts) for parts in sealed]) == [result(plain) for plain in plains]
        total += sum(batch)
    return total


@pytest.mark.long
def test_200_messages_sealed_by_python(seal_page: Page) -> None:
    chance = random.Random(200)
    sizes = [*EDGES, *(chance.randrange(3 * CHUNK) for _ in range(195 - len(EDGES))), *([CHUNK] * 5)]
    print(f"messages={len(sizes)} bytes={compare(seal_page, sizes, 1)}")


@pytest.mark.long
def test_10000_messages_up_to_5_mib(seal_page: Page) -> None:
    chance = random.Random(10_000)
    edges = [k * CHUNK + d for k in range(60) for d in (-1, 0, 1) if k or d >= 0]
    sizes = [
        *edges,
        *(chance.randrange(40_000) for _ in range(9_990 - len(edges))),
        *([5 * 1024 * 1024 - 5] * 10),
    ]
    begin = time.monotonic()
    print(f"messages={len(sizes)} bytes={compare(seal_page, sizes, 2)} seconds={time.monotonic() - begin:.1f}")


def test_every_change_of_a_message_is_refused(seal_page: Page) -> None:
    key, place = b"k" * 32, context("site", "blob", "name")
    message = seal_message(key, place, b"words " * 4000)
    second = 56 + CHUNK + 16
    short = seal_message(key, place, b"words")
    flipped = [bytearray(short) for _ in range(len(short) * 8)]
    for bit, data in enumerate(flipped):
        data[bit // 8] ^= 1 << bit % 8
    changed = [
        *map(bytes, flipped),
        *(message[:length] for length in (0, 1, 55, 56, 57, 71, 72, second - 1, second, second + 15, len(message) - 1)),
        message + b"\0",
        message[:56] + message[second:] + message[56:second],
    ]
    cases = [case(key, place, data) for data in changed]
    cases += [case(key, context("site", role, "name"), message) for role in ("record", "card", "manifest")]
    cases += [case(key, context("site2", "blob", "name"), message), case(b"K" + key[1:], place, message)]
    assert seal_page.evaluate(OPEN, cases) == [None] * len(cases)
    genuine = [case(key, place, message), case(key, place, short)]
    assert seal_page.evaluate(OPEN, genuine) == [result(b"words " * 4000), result(b"words")]


FRAME = """async frames => Promise.all(frames.map(text => decodeFrame(Uint8Array.fromBase64(text))
  .then(payload => payload.toBase64(), () => null)))"""


def test_frames_agree_and_wrong_ones_are_refused(seal_page: Page) -> None:
    payloads = [b"", b"a", b"words " * 4000, random.Random(3).randbytes(70_000)]
    frames = [padding.encode(payload, compress=compress) for payload in payloads for compress in (True, False)]
    opened = seal_page.evaluate(FRAME, [b64encode(data).decode() for data in frames])
    assert [b64decode(text) for text in opened] == [payload for payload in payloads for _ in (True, False)]
    stream = zlib.compress(b"words " * 40)
    wrong = [
        b"",
        b"\0\0\0\0",
        b"\2" + bytes(511),
        b"\0\0\0\2\0" + bytes(500),  # longer than the frame
        b"\0\0\0\0\1a" + bytes(500) + b"\1",  # padding that is not zero
        b"\1" + (len(stream) - 1).to_bytes(4, "big") + stream[:-1] + bytes(400),  # incomplete
        b"\1" + (len(stream) + 1).to_bytes(4, "big") + stream + b"x" + bytes(400),  # followed by more
    ]
    assert seal_page.evaluate(FRAME, [b64encode(data).decode() for data in wrong]) == [None] * len(wrong)


def test_derivations_agree_and_a_nul_is_refused(seal_page: Page) -> None:
    key = bytes(range(32))
    for parts in (("tag",), ("tag", "publish"), ("blob", "1", "pfad/ü", "ff"), ("a", "", "b")):
        assert (
            seal_page.evaluate(
                "async ([key, parts]) => hex(await D(Uint8Array.fromHex(key), ...parts))", [key.hex(), parts]
            )
            == D(key, *parts).hex()
        )
    assert seal_page.evaluate("key => blobId(Uint8Array.fromHex(key))", key.hex()) == blob_id(key)
    assert seal_page.evaluate(
        "['a\\0b'].map(part => { try { context('site', 'blob', part); } catch { return null; } })"
    ) == [None]
