"""Members and ledger in a SQLite file, read in one read-only transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from members_portal.loyalty.input.problem import Problem, shown_path
from members_portal.loyalty.input.table_columns import Cells
from members_portal.loyalty.ledger.ledger import LedgerSource
from members_portal.loyalty.ledger.relation import Relation, quoted_name
from members_portal.loyalty.member.known_rows import KnownRows
from members_portal.loyalty.member.member import RawMember
from members_portal.loyalty.member.member_table import members_in_table
from members_portal.source.database import LEDGER, MEMBERS_SHAPE, DatabaseTable, Shape, no_ledger, no_table
from members_portal.source.people import Dropped
from members_portal.source.unreadable import Unreadable


@contextmanager
def open_sqlite(file: Path) -> Iterator[Sqlite]:
    """Open a file for one read transaction; raise Unreadable."""
    name = shown_path(file)
    if file.exists() and not file.is_file():
        raise Unreadable(f"{name}: is not a regular file")
    with _as_unreadable(name):
        address = f"file:{quote(str(file))}?mode=ro"
        con = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    with closing(con), _as_unreadable(name):
        con.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        con.execute("begin")
        yield Sqlite(con, name)


@contextmanager
def _as_unreadable(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Unreadable(f"{name}: {error}") from None


@dataclass(frozen=True)
class SqliteLedger(DatabaseTable):
    """A ledger in SQLite. Python reads its rows: DuckDB would need an extension."""

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Return None."""
        yield None


@dataclass(frozen=True)
class Sqlite:
    """An open SQLite file."""

    con: sqlite3.Connection
    name: str

    def members(self, problems: list[Problem], dropped: Dropped, rows: KnownRows | None = None) -> Iterator[RawMember]:
        """Yield the members of `portal_members`."""
        table = DatabaseTable(MEMBERS_SHAPE, self._names(MEMBERS_SHAPE), self.select)
        dropped[table.name] = table.header.dropped
        yield from members_in_table(table, problems, rows)

    def members_digest(self) -> str:
        """Return nothing: only reading the members tells whether they have changed."""
        return ""

    def ledger(self) -> LedgerSource | None:
        """Return `portal_ledger`, or None without this table."""
        exists = self.con.execute("select 1 from pragma_table_info(?)", [LEDGER.table]).fetchone()
        return SqliteLedger(LEDGER, self._names(LEDGER), self.select) if exists else None

    def ledger_digest(self) -> str:
        """Return nothing: only reading the ledger tells whether it has changed."""
        return ""

    def without_ledger(self) -> Iterator[Problem]:
        """Yield the problem of a file without `portal_ledger`."""
        yield no_ledger(self.name, self._tables())

    def _tables(self) -> list[str]:
        """Return the names of all tables and views."""
        return [name for (name,) in self.con.execute("select name from sqlite_master where type in ('table', 'view')")]

    def _names(self, shape: Shape) -> list[str]:
        names = [name for (name,) in self.con.execute("select name from pragma_table_info(?)", [shape.table])]
        if not names:
            raise no_table(shape, self.name, self._tables())
        return names

    def select(self, table: str, columns: Sequence[str], order: Sequence[str]) -> Iterator[Cells]:
        """Yield rows of a table as texts."""
        listed, sorting = (", ".join(map(quoted_name, names)) for names in (columns, order))
        for row in self.con.execute(f"select {listed} from {quoted_name(table)} order by {sorting}"):  # noqa: S608
            yield [_text(value) for value in row]


def _text(value: object) -> str | None:
    """Return a value as written in members.yaml."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
