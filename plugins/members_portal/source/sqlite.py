"""Members and ledger in a SQLite file: one read transaction, which never writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from members_portal.loyalty.input.problem import Problem, shown_path
from members_portal.loyalty.input.table import Cells
from members_portal.loyalty.ledger.ledger import LedgerSource
from members_portal.loyalty.ledger.relation import Relation, quoted_name
from members_portal.loyalty.member.member import Entry
from members_portal.loyalty.member.member_table import members_in_table
from members_portal.source.database import LEDGER, MEMBERS, DatabaseTable, Shape, TableRow, no_table
from members_portal.source.people import Dropped
from members_portal.source.unreadable import Unreadable


@contextmanager
def open_sqlite(file: Path) -> Iterator[Sqlite]:
    """Open a file for one look at it; raise Unreadable."""
    name = shown_path(file)
    with _told(name):
        address = f"file:{quote(str(file))}?mode=ro"
        con = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
    with closing(con), _told(name):
        con.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
        con.execute("begin")
        yield Sqlite(con, name)


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Unreadable(f"{name}: {error}") from None


@dataclass(frozen=True)
class SqliteLedger(DatabaseTable):
    """A ledger whose rows Python reads: DuckDB would need an extension for it."""

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Give nothing."""
        yield None


@dataclass(frozen=True)
class Sqlite:
    """An open file."""

    con: sqlite3.Connection
    name: str

    def members(self, problems: list[Problem], dropped: Dropped) -> Iterator[Entry]:
        """Read `portal_members`."""
        table = DatabaseTable(MEMBERS, self._names(MEMBERS), self.select)
        dropped[table.name] = table.header.dropped
        yield from members_in_table(table, problems)

    def ledger(self) -> LedgerSource[TableRow] | None:
        """Return `portal_ledger`, if there is one."""
        found = self.con.execute("select 1 from pragma_table_info(?)", [LEDGER.table]).fetchone()
        return SqliteLedger(LEDGER, self._names(LEDGER), self.select) if found else None

    def _names(self, shape: Shape) -> list[str]:
        names = [name for (name,) in self.con.execute("select name from pragma_table_info(?)", [shape.table])]
        if not names:
            raise no_table(shape, self.name)
        return names

    def select(self, table: str, columns: Sequence[str], order: Sequence[str]) -> Iterator[Cells]:
        """Give rows of a table as texts."""
        listed, sorting = (", ".join(map(quoted_name, names)) for names in (columns, order))
        for row in self.con.execute(f"select {listed} from {quoted_name(table)} order by {sorting}"):  # noqa: S608
            yield [_text(value) for value in row]


def _text(value: object) -> str | None:
    """Write a value as members.yaml would have it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
