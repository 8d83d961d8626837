"""Work record: results of earlier runs in one SQLite file, so that a run does only the work that is new.

An entry is bytes, under a kind of work and the digest of everything that this work depends on. Each entry has a MAC.
A file that is damaged, in use or of another version counts as empty: it costs time, and never changes a result.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from members_portal.cache_entry import open_entry, seal_entry

TABLE_VERSION = 2  # changes with the form of any entry; a file with another one is replaced
WAIT = 0.2  # seconds; a check may run beside a publish

_TABLE = "CREATE TABLE entry (kind TEXT, digest BLOB, data BLOB, PRIMARY KEY (kind, digest)) WITHOUT ROWID"


def digest_of(*parts: str | bytes) -> bytes:
    """Return the SHA-256 of some parts, each after its length, so that no two lists of parts have the same digest."""
    pieces: list[bytes] = []
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        pieces += (len(data).to_bytes(8, "big"), data)
    return sha256(b"".join(pieces)).digest()


class WorkRecord:
    """The work record in a file, or an empty one in memory without a file or the key of its MACs.

    Nothing is written before `save`.
    """

    def __init__(self, file: Path | None = None, mac_key: bytes | None = None) -> None:
        self._file = file if mac_key else None
        self._key = mac_key or b""
        self._used: dict[str, set[bytes]] = defaultdict(set)
        self._new: dict[tuple[str, bytes], bytes] = {}
        self._loaded: dict[str, dict[bytes, object]] = {}
        self._table = self._open() if self._file else None

    def find(self, kind: str, digest: bytes) -> bytes | None:
        """Return the data of an entry; None without a genuine one."""
        self._used[kind].add(digest)
        if (kind, digest) in self._new:
            return self._new[kind, digest]
        with suppress(sqlite3.Error):
            data = self._loaded[kind].get(digest) if kind in self._loaded else self._read(kind, digest)
            return open_entry(self._key, _name(kind, digest), data) if isinstance(data, bytes) else None
        return None

    def load(self, kind: str) -> None:
        """Read all entries of a kind at once, for a run that asks for most of them."""
        with suppress(sqlite3.Error):
            rows = self._table.execute("SELECT digest, data FROM entry WHERE kind = ?", (kind,)) if self._table else ()
            self._loaded[kind] = dict(rows)

    def keep(self, kind: str, digest: bytes, data: bytes) -> None:
        """Keep data as the result of some work."""
        self._used[kind].add(digest)
        self._new[kind, digest] = data

    def use(self, kind: str, digest: bytes) -> None:
        """Mark an entry as used without reading it, so that a whole run does not remove it."""
        self._used[kind].add(digest)

    def discard(self) -> None:
        """Drop the entries that are not written yet."""
        self._new.clear()

    def save(self, *, is_whole: bool = True) -> None:
        """Write the new entries. After a whole run, remove the entries of its kinds of work that it did not use."""
        if self._file is None:
            return
        try:
            self._write(is_whole=is_whole)
        except (sqlite3.OperationalError, OSError):  # in use, or the disk is full
            return
        except sqlite3.Error:
            self.close()
            _remove(self._file)

    def close(self) -> None:
        """Close the file; what was not saved is lost."""
        if self._table:
            self._table.close()
        self._table = None

    def _read(self, kind: str, digest: bytes) -> object:
        entry = "SELECT data FROM entry WHERE kind = ? AND digest = ?"
        row = self._table.execute(entry, (kind, digest)).fetchone() if self._table else None
        return row[0] if row else None

    def _write(self, *, is_whole: bool) -> None:
        table = self._table or self._create()
        table.execute("BEGIN IMMEDIATE")
        try:
            rows = ((*name, seal_entry(self._key, _name(*name), data)) for name, data in self._new.items())
            table.executemany("INSERT OR REPLACE INTO entry VALUES (?, ?, ?)", rows)
            if is_whole:
                for kind, used in self._used.items():
                    self._remove_unused(table, kind, used)
            table.execute("COMMIT")
        except BaseException:
            table.execute("ROLLBACK")
            raise
        self._new.clear()

    def _remove_unused(self, table: sqlite3.Connection, kind: str, used: set[bytes]) -> None:
        known = {row[0] for row in table.execute("SELECT digest FROM entry WHERE kind = ?", (kind,))}
        unused = ((kind, digest) for digest in known - used)
        table.executemany("DELETE FROM entry WHERE kind = ? AND digest = ?", unused)

    def _open(self) -> sqlite3.Connection | None:
        """Open the file; return None if there is none of this version."""
        if not (self._file and self._file.is_file()):
            return None
        try:
            table = self._connect()
            if table.execute("PRAGMA user_version").fetchone()[0] == TABLE_VERSION:
                return table
            table.close()
        except sqlite3.OperationalError:  # in use
            return None
        except sqlite3.Error:
            pass
        _remove(self._file)
        return None

    def _create(self) -> sqlite3.Connection:
        assert self._file  # noqa: S101 - `save` returns without one
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
        self._table = self._connect()
        if self._table.execute("PRAGMA user_version").fetchone()[0] != TABLE_VERSION:
            self._table.execute(_TABLE)
            self._table.execute(f"PRAGMA user_version = {TABLE_VERSION}")
        return self._table

    def _connect(self) -> sqlite3.Connection:
        table = sqlite3.connect(self._file or "", timeout=WAIT, isolation_level=None)
        table.execute("PRAGMA synchronous = OFF")  # a power failure may damage the file, which costs time only
        return table


def _name(kind: str, digest: bytes) -> str:
    return f"{kind} {digest.hex()}"


def _remove(file: Path) -> None:
    """Remove the file of a record; one that can't be removed counts as empty at the next run, too."""
    with suppress(OSError):
        for path in (file, file.with_name(f"{file.name}-journal")):
            path.unlink(missing_ok=True)
