"""A cache of slow results, keyed by a hash of all their inputs.

It is one SQLite file, safe to delete at any time. Damaged or foreign files are replaced. Values are bytes with a MAC;
reading them executes no code.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from members_portal.cache_entry import open_entry, seal_entry

CACHE_TABLE = "kept (key TEXT PRIMARY KEY, used INTEGER, entry BLOB) WITHOUT ROWID"
PATIENCE = 30  # seconds to wait for another writer
ELSEWHERE = tuple(f"SQLITE_{name}" for name in ("BUSY", "LOCKED", "IOERR", "FULL", "CANTOPEN", "READONLY", "PERM"))
FAILED = (sqlite3.DatabaseError, UnicodeDecodeError)  # the latter for a damaged name in the error message
RUNS = 8  # runs after which an unused entry is deleted


class Cache:
    """An open cache. `run` counts its openings; `damaged` is set after a read error in the file."""

    def __init__(self, connection: sqlite3.Connection, mac_key: bytes) -> None:
        self.connection = connection
        self._mac_key = mac_key
        self.damaged = False
        ((last,),) = connection.execute("SELECT max(used) FROM kept WHERE typeof(used) = 'integer'")
        self.run = 1 + (last or 0)

    def find(self, key: str) -> bytes | None:
        """Return the value of a key, or None when it is missing, damaged or of another MAC key."""
        for (entry,) in self._execute("SELECT entry FROM kept WHERE key = ?", key):
            data = open_entry(self._mac_key, key, entry) if isinstance(entry, bytes) else None
            if data is not None:
                self._execute("UPDATE kept SET used = ? WHERE key = ?", self.run, key)
                return data
        return None

    def has(self, key: str) -> bool:
        """Tell whether the cache holds an undamaged value for a key."""
        return self.find(key) is not None

    def keep(self, key: str, data: bytes) -> bytes:
        """Store a value, if the file can be written, and return it."""
        entry = seal_entry(self._mac_key, key, data)
        self._execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", key, self.run, entry)
        return data

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Return the value of a key, or make and store it."""
        found = self.find(key)
        return self.keep(key, make()) if found is None else found

    def forget(self) -> None:
        """Delete entries unused for `RUNS` runs."""
        self._execute("DELETE FROM kept WHERE used <= ?", self.run - RUNS)

    def _execute(self, command: str, *values: str | bytes | int) -> list[tuple[object, ...]]:
        """Run a command; return no rows when the file is damaged, full or locked: a cache never fails."""
        try:
            return self.connection.execute(command, values).fetchall()
        except sqlite3.ProgrammingError:
            raise  # a mistake in the calling code
        except FAILED as error:
            self.damaged |= not _is_elsewhere(error)
            return []


@contextmanager
def open_cache(file: Path, mac_key: bytes) -> Iterator[Cache]:
    """Open a cache and delete old entries on closing; replace a file that can't be read."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    cache = _opened(file, mac_key)
    try:
        yield cache
        cache.forget()
    finally:
        cache.connection.close()
        if cache.damaged:
            _remove(file)


def _opened(file: Path, mac_key: bytes) -> Cache:
    try:
        return Cache(_connect(str(file)), mac_key)
    except FAILED as error:
        if _is_elsewhere(error):
            return Cache(_connect(":memory:"), mac_key)
        _remove(file)
        return Cache(_connect(str(file)), mac_key)


def _is_elsewhere(error: Exception) -> bool:
    """Tell whether the cause lies outside the file: another process has locked it, or the disk fails."""
    return getattr(error, "sqlite_errorname", "").startswith(ELSEWHERE)


def _remove(file: Path) -> None:
    for part in (file, *file.parent.glob(f"{file.name}-*")):
        part.unlink(missing_ok=True)


def _connect(place: str) -> sqlite3.Connection:
    connection = sqlite3.connect(place, timeout=PATIENCE, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")  # allows concurrent readers
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"CREATE TABLE IF NOT EXISTS {CACHE_TABLE}")
    if ("table", f"CREATE TABLE {CACHE_TABLE}") not in connection.execute("SELECT type, sql FROM sqlite_master"):
        raise sqlite3.DatabaseError("foreign")
    return connection


def key_of(*parts: str | bytes) -> str:
    """Return the cache key (SHA-256 in hex) of a result's inputs."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()
