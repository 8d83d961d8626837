"""Keeps what took long to make, by a hash of everything it depends on.

One SQLite file, which can be thrown away at any time: what is damaged or foreign in it is made anew, and what is in it
is bytes, never code.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

FORMAT = "kept (key TEXT PRIMARY KEY, used INTEGER, digest BLOB, data BLOB) WITHOUT ROWID"
PATIENCE = 30  # seconds to wait for somebody else's writing
ELSEWHERE = tuple(f"SQLITE_{name}" for name in ("BUSY", "LOCKED", "IOERR", "FULL", "CANTOPEN", "READONLY", "PERM"))
FAILED = (sqlite3.DatabaseError, UnicodeDecodeError)  # the latter where a damaged name is in the message
RUNS = 8  # for which something is kept that nobody asks for


class Cache:
    """A cache that is open. `run` counts how often it was opened; `damaged` says that it cannot be read to its end."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.damaged = False
        ((last,),) = connection.execute("SELECT max(used) FROM kept WHERE typeof(used) = 'integer'")
        self.run = 1 + (last or 0)

    def find(self, key: str) -> bytes | None:
        """Return what is kept by a key, if it is whole."""
        for digest, data in self._execute("SELECT digest, data FROM kept WHERE key = ?", key):
            if isinstance(data, bytes) and hashlib.sha256(data).digest() == digest:
                self._execute("UPDATE kept SET used = ? WHERE key = ?", self.run, key)
                return data
        return None

    def has(self, key: str) -> bool:
        """Tell whether something whole is kept by a key."""
        return self.find(key) is not None

    def keep(self, key: str, data: bytes) -> bytes:
        """Keep something, if that can be done, and return it."""
        digest = hashlib.sha256(data).digest()
        self._execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", key, self.run, digest, data)
        return data

    def get(self, key: str, make: Callable[[], bytes]) -> bytes:
        """Return what is kept by a key, or make it and keep it."""
        found = self.find(key)
        return self.keep(key, make()) if found is None else found

    def forget(self) -> None:
        """Forget what was asked for too long ago."""
        self._execute("DELETE FROM kept WHERE used <= ?", self.run - RUNS)

    def _execute(self, command: str, *values: str | bytes | int) -> list[tuple[object, ...]]:
        """Ask the database, which may be damaged, full or somebody else's for the moment: a cache never fails."""
        try:
            return self.connection.execute(command, values).fetchall()
        except sqlite3.ProgrammingError:
            raise  # that is our own mistake
        except FAILED as error:
            self.damaged |= not _is_elsewhere(error)
            return []


@contextmanager
def open_cache(file: Path) -> Iterator[Cache]:
    """Open a cache, and forget what was asked for too long ago; one that can't be read begins anew."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    cache = _opened(file)
    try:
        yield cache
        cache.forget()
    finally:
        cache.connection.close()
        if cache.damaged:
            _remove(file)


def _opened(file: Path) -> Cache:
    try:
        return Cache(_connect(str(file)))
    except FAILED as error:
        if _is_elsewhere(error):
            return Cache(_connect(":memory:"))
        _remove(file)
        return Cache(_connect(str(file)))


def _is_elsewhere(error: Exception) -> bool:
    """Tell whether it isn't the file's own fault: somebody else has it for themselves, or the disk doesn't bear it."""
    return getattr(error, "sqlite_errorname", "").startswith(ELSEWHERE)


def _remove(file: Path) -> None:
    for part in (file, *file.parent.glob(f"{file.name}-*")):
        part.unlink(missing_ok=True)


def _connect(place: str) -> sqlite3.Connection:
    connection = sqlite3.connect(place, timeout=PATIENCE, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")  # others may read and write meanwhile
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute(f"CREATE TABLE IF NOT EXISTS {FORMAT}")
    if ("table", f"CREATE TABLE {FORMAT}") not in connection.execute("SELECT type, sql FROM sqlite_master"):
        raise sqlite3.DatabaseError("foreign")
    return connection


def key_of(*parts: str | bytes) -> str:
    """Fold what something depends on into a key."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()
