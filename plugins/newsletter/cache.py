"""Keeps what took long to make, by a hash of everything it depends on.

One SQLite file, which can be thrown away at any time: what is damaged or foreign in it is made anew, and what is in it
is bytes, never code.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FORMAT = "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, used INTEGER, digest BLOB, data BLOB) WITHOUT ROWID"
RUNS = 8  # for which something is kept that nobody asks for


class Cache:
    """A cache that is open; `run` counts how often it has been opened."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.run = 1 + (connection.execute("SELECT max(used) FROM kept").fetchone()[0] or 0)

    def find(self, key: str) -> bytes | None:
        """Return what is kept by a key, if it is whole."""
        row = self.connection.execute("SELECT digest, data FROM kept WHERE key = ?", (key,)).fetchone()
        if row is None or hashlib.sha256(row[1]).digest() != row[0]:
            return None
        self.connection.execute("UPDATE kept SET used = ? WHERE key = ?", (self.run, key))
        return bytes(row[1])

    def has(self, key: str) -> bool:
        """Tell whether something whole is kept by a key."""
        return self.find(key) is not None

    def keep(self, key: str, data: bytes) -> bytes:
        """Keep something, and return it."""
        row = (key, self.run, hashlib.sha256(data).digest(), data)
        self.connection.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", row)
        return data

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Return what is kept by a key, or make it and keep it."""
        found = self.find(key)
        return self.keep(key, make()) if found is None else found


@contextmanager
def open_cache(file: Path) -> Iterator[Cache]:
    """Open a cache, and forget what was asked for too long ago; one that can't be read begins anew."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        cache = Cache(_connect(file))
    except sqlite3.DatabaseError:
        file.unlink()
        cache = Cache(_connect(file))
    try:
        yield cache
        cache.connection.execute("DELETE FROM kept WHERE used <= ?", (cache.run - RUNS,))
    finally:
        with suppress(sqlite3.Error):
            cache.connection.commit()
        cache.connection.close()


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute(FORMAT)
    return connection


def key_of(*parts: str | bytes) -> str:
    """Fold what something depends on into a key."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()
