"""What took long to make is kept as long as it is whole and wanted, and never stands in the way."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.cache_entry import seal_entry
from members_portal.newsletter.cache import RUNS, key_of, open_cache
from tests.newsletter import specimen

KEY = b"key of the cache"
LONG = bytes(range(256)) * 40  # more than a page of the database

WRITER = """
import os, signal, sys
from pathlib import Path
from members_portal.newsletter.cache import open_cache
with open_cache(Path(sys.argv[1]), b"key of the cache") as cache:
    for number in range(200):
        cache.keep(f"new {number}", b"half" * 5000)
        if number == 120:
            print("midway", flush=True)
            signal.pause()
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a cache in which two things are kept."""
    file = tmp_path / "kept" / "cache.sqlite"
    with open_cache(file, KEY) as cache:
        cache.keep("short", b"words")
        cache.keep("long", LONG)
    return file


def changed(file: Path, command: str, *values: object) -> None:
    """Change a cache behind its back."""
    connection = sqlite3.connect(file)
    connection.execute(command, values)
    connection.commit()
    connection.close()


def test_what_is_kept_is_found_in_the_next_run(file: Path) -> None:
    with open_cache(file, KEY) as cache:
        assert (cache.find("short"), cache.find("long"), cache.find("other")) == (b"words", LONG, None)
        assert cache.has("short")
        assert not cache.has("other")


def test_only_what_is_missing_is_made(file: Path) -> None:
    with open_cache(file, KEY) as cache:
        assert cache.get("short", lambda: pytest.fail("made again")) == b"words"
        assert cache.get("other", lambda: b"made") == b"made"
        assert cache.get("other", lambda: pytest.fail("made again")) == b"made"


def test_nothing_at_all_can_be_kept(file: Path) -> None:
    with open_cache(file, KEY) as cache:
        cache.keep("empty", b"")
        assert cache.find("empty") == b""


def test_a_flipped_byte_is_noticed_and_what_it_was_in_is_made_anew(file: Path) -> None:
    entry = seal_entry(KEY, "long", LONG)
    flipped = entry[:5000] + bytes([entry[5000] ^ 1]) + entry[5001:]
    changed(file, "UPDATE kept SET entry = ? WHERE key = 'long'", flipped)
    with open_cache(file, KEY) as cache:
        assert cache.find("long") is None
        assert cache.find("short") == b"words"
        assert cache.get("long", lambda: LONG) == LONG
    with open_cache(file, KEY) as cache:
        assert cache.find("long") == LONG


def test_an_entry_with_the_mac_of_another_key_is_not_found(file: Path) -> None:
    for planted in (seal_entry(b"another key", "short", b"planted"), seal_entry(KEY, "long", b"planted")):
        changed(file, "UPDATE kept SET entry = ? WHERE key = 'short'", planted)
        with open_cache(file, KEY) as cache:
            assert cache.find("short") is None


@pytest.mark.parametrize("data", [None, "words", 7, 1.5], ids=str)
def test_what_is_no_bytes_is_not_found(file: Path, data: object) -> None:
    changed(file, "UPDATE kept SET entry = ? WHERE key = 'short'", data)
    with open_cache(file, KEY) as cache:
        assert cache.find("short") is None


@pytest.mark.parametrize("step", [211, pytest.param(11, marks=pytest.mark.long)])
def test_no_byte_of_the_file_can_be_flipped_so_that_something_wrong_is_found(file: Path, step: int) -> None:
    whole, spoilt = file.read_bytes(), 0
    for place in range(0, len(whole), step):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with open_cache(file, KEY) as cache:
            found = cache.find("short"), cache.find("long")
            assert found[0] in (b"words", None)
            assert found[1] in (LONG, None)
            spoilt += None in found
            cache.keep("short", b"words")
        with open_cache(file, KEY) as cache:
            cache.keep("short", b"words")  # where that could not be done, a new one was begun
            assert cache.find("short") == b"words"
    print(f"flipped={len(range(0, len(whole), step))} spoilt={spoilt}")
    assert spoilt > len(LONG) / step / 2


@pytest.mark.parametrize("size", [0, 1, 99, 100, 4096, 5000, 8192, -4096, -1])
def test_a_truncated_file_begins_anew_or_is_whole(file: Path, size: int) -> None:
    file.write_bytes(file.read_bytes()[:size])
    check_usable(file)


@pytest.mark.parametrize("garbage", [b"", b"words\n" * 3000, b"SQLite format 3\0" + b"\xff" * 9000], ids=len)
def test_garbage_begins_anew(tmp_path: Path, garbage: bytes) -> None:
    file = tmp_path / "cache.sqlite"
    file.write_bytes(garbage)
    check_usable(file)


@pytest.mark.parametrize(
    "schema",
    [
        "CREATE TABLE kept (name TEXT)",
        "CREATE TABLE kept (key TEXT PRIMARY KEY, used INTEGER)",
        "CREATE VIEW kept AS SELECT 'short' AS key, 'never' AS used, x'' AS entry",
        "CREATE TABLE other (name TEXT)",
    ],
)
def test_a_foreign_database_begins_anew(tmp_path: Path, schema: str) -> None:
    file = tmp_path / "cache.sqlite"
    changed(file, schema)
    check_usable(file)


def check_usable(file: Path) -> None:
    """Ask that a cache opens, keeps, and finds it again."""
    with open_cache(file, KEY) as cache:
        assert cache.find("short") in (b"words", None)
        assert cache.find("long") in (LONG, None)
        cache.keep("short", b"others")
    with open_cache(file, KEY) as cache:
        assert cache.find("short") == b"others"


def test_what_nobody_asks_for_is_forgotten_after_some_runs(file: Path) -> None:
    for _ in range(RUNS - 1):
        with open_cache(file, KEY) as cache:
            assert cache.find("short") == b"words"
    assert kept(file) == ["long", "short"]
    with open_cache(file, KEY) as cache:
        assert cache.find("short") == b"words"
    assert kept(file) == ["short"]


def test_what_is_asked_for_now_and_then_stays(file: Path) -> None:
    for run in range(3 * RUNS):
        with open_cache(file, KEY) as cache:
            if run % (RUNS - 1) == 0:
                assert cache.has("long")
            cache.keep("each run", b"")
    assert kept(file) == ["each run", "long"]


def kept(file: Path) -> list[str]:
    """List the keys in the cache."""
    connection = sqlite3.connect(file)
    keys = [key for (key,) in connection.execute("SELECT key FROM kept ORDER BY key")]
    connection.close()
    return keys


def test_a_run_that_fails_keeps_what_it_made(file: Path) -> None:
    def fail() -> None:
        with open_cache(file, KEY) as cache:
            cache.keep("made", b"before it failed")
            raise RuntimeError("the run")

    with pytest.raises(RuntimeError, match="the run"):
        fail()
    with open_cache(file, KEY) as cache:
        assert cache.find("made") == b"before it failed"


def test_a_cache_whose_writer_is_killed_midway_opens(file: Path) -> None:
    command = [sys.executable, "-c", WRITER, str(file)]
    with subprocess.Popen(command, cwd=specimen.ROOT, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        assert writer.stdout.readline() == "midway\n"
        os.kill(writer.pid, signal.SIGKILL)
    assert writer.returncode == -signal.SIGKILL
    with open_cache(file, KEY) as cache:
        assert cache.find("short") == b"words"
        assert {cache.find(f"new {number}") for number in range(200)} <= {b"half" * 5000, None}
    check_usable(file)


def test_two_runs_at_once_share_a_cache(file: Path) -> None:
    with open_cache(file, KEY) as one, open_cache(file, KEY) as other:
        one.keep("of one", b"1")
        other.keep("of the other", b"2")
        assert one.find("short") == other.find("short") == b"words"
        assert (one.find("of the other"), other.find("of one")) == (b"2", b"1")
    assert kept(file) == ["long", "of one", "of the other", "short"]


@given(st.lists(st.binary(max_size=4) | st.text(max_size=4), max_size=4), st.lists(st.binary(max_size=4), max_size=4))
def test_keys_differ_where_parts_or_their_order_do(one: list[bytes | str], other: list[bytes]) -> None:
    parts = [part.encode() if isinstance(part, str) else part for part in one]
    assert (key_of(*one) == key_of(*other)) == (parts == other)


def test_parts_do_not_run_into_each_other() -> None:
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of("c", "ab"), key_of("", "abc")}) == 5
    assert key_of("1:a", "b") != key_of("1:a1:b")
