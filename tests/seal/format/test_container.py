"""One sealed message: the vectors of C2SP, read by the product and by the independent reader."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from members_portal.seal.format.container import message_size, open_message, seal_message
from members_portal.seal.key.binding import context
from members_portal.seal.seal_error import BadName, DamagedRelease
from tests import independent_reader
from tests.cobblestone_vectors import Vector, digest, load_vectors
from tests.independent_reader import Refused
from tests.seal.fixed_salt import FixedSaltEncryptor

EDGES = (0, 1, 16383, 16384, 16385, 32767, 32768, 32769, 100_000)
READERS = {"ours": open_message, "independent": independent_reader.open_message}


@pytest.mark.parametrize("reader", READERS)
def test_every_vector_of_c2sp_ends_as_expected(reader: str) -> None:
    vectors = load_vectors()
    outcomes = {vector.name: opened(READERS[reader], vector) for vector in vectors}
    assert outcomes == {vector.name: vector.opens_to for vector in vectors}
    print(f"cobblestone_vectors_{reader}={len(outcomes)}")
    assert len(outcomes) == 34


def opened(open_it: Callable[[bytes, bytes, bytes], bytes], vector: Vector) -> str | None:
    try:
        return digest(open_it(vector.key, vector.context, vector.message))
    except (DamagedRelease, Refused):
        return None


@pytest.mark.parametrize("size", EDGES)
def test_both_readers_open_what_we_seal(size: int) -> None:
    key, plaintext = os.urandom(32), os.urandom(size)
    message = seal_message(key, b"context", plaintext)
    assert len(message) == message_size(size)
    assert [read(key, b"context", message) for read in READERS.values()] == [plaintext] * 2


@pytest.mark.parametrize("size", EDGES)
def test_both_readers_open_a_message_of_the_fixed_salt_writer(size: int) -> None:
    key, plaintext = os.urandom(32), os.urandom(size)
    writer = FixedSaltEncryptor(key, b"context")
    message = writer.update(plaintext) + writer.finalize()
    assert [read(key, b"context", message) for read in READERS.values()] == [plaintext] * 2


def test_the_same_plaintext_never_looks_the_same_twice() -> None:
    assert seal_message(bytes(32), b"", b"text")[56:] != seal_message(bytes(32), b"", b"text")[56:]


def test_a_context_says_site_role_and_name() -> None:
    assert context("site", "blob", "name") == b"portal-release/1\0site\0blob\0name"


def test_a_nul_in_a_context_is_refused() -> None:
    with pytest.raises(BadName):
        context("site", "blob", "na\0me")
