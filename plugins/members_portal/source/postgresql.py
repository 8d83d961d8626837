"""Members and ledger in PostgreSQL: one read-only snapshot, streamed.

Nothing that libpq says is passed on unread: it may hold parts of the address, the password among them, or what people
have in a row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, BinaryIO

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from members_portal.loyalty.input.located_yaml import normal_key
from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table import Cells
from members_portal.loyalty.ledger.ledger import LedgerSource
from members_portal.loyalty.ledger.relation import Relation, csv_relation
from members_portal.loyalty.member.member import Entry
from members_portal.loyalty.member.member_table import members_in_table
from members_portal.source.database import LEDGER, MEMBERS, DatabaseTable, Shape, TableRow, no_table
from members_portal.source.people import Dropped
from members_portal.source.unreadable import Unreadable

PATIENCE = 10  # seconds until a server that doesn't answer is given up
PLAIN = {  # parts of an address, and what each may be made of
    "host": re.compile(r"[\w.:/,-]*"),
    "port": re.compile(r"[0-9,]*"),
    "user": re.compile(r"[\w.-]*"),
    "dbname": re.compile(r"[\w.-]*"),
    "sslmode": re.compile(r"disable|allow|prefer|require|verify-ca|verify-full|"),
}
UNCLEAR = (
    "members: that isn't an address of PostgreSQL, expected postgresql://user:password@host/database with other signs"
    " than letters and digits in it written as %40 for @, %3A for :, %2F for /"
)
AT_ONCE = 5_000  # rows fetched together
TOLD = ("connection to server", "failed to resolve host", "connection timeout")  # beginnings of what libpq may say
NAMING = (errors.UndefinedTable, errors.UndefinedColumn, errors.InsufficientPrivilege)  # their messages hold only names
COLUMNS = """
    select attname, format_type(atttypid, null) from pg_attribute
    where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum
"""


@contextmanager
def open_postgresql(address: str) -> Iterator[Postgresql]:
    """Connect for one look at a database; raise Unreadable."""
    asked = _asked(address)
    name = _shown(asked)
    with _told(name):
        con = psycopg.connect(**{"connect_timeout": PATIENCE, **asked, "client_encoding": "utf8"})
    try:
        with _told(name):
            con.read_only = True
            con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ  # all statements see the same moment
            con.execute("set local datestyle to 'ISO, YMD'")
            yield Postgresql(con, name)
    finally:
        con.close()


def _asked(address: str) -> dict[str, Any]:
    """Take an address apart; raise Unreadable, without repeating any of it."""
    try:
        asked = conninfo_to_dict(address)
    except psycopg.Error:
        asked = {}
    if not asked or not _is_plain(address, asked):
        raise Unreadable(UNCLEAR)
    return asked


def _is_plain(address: str, asked: Mapping[str, Any]) -> bool:
    """Tell whether every part of an address is what it seems: in a broken one, any part may be some of the password."""
    return address.count("@") <= 1 and all(fits.fullmatch(str(asked.get(part, ""))) for part, fits in PLAIN.items())


def _shown(asked: Mapping[str, Any]) -> str:
    """Write an address without what is secret in it."""
    user = f"{asked['user']}@" if "user" in asked else ""
    port = f":{asked['port']}" if "port" in asked else ""
    return f"postgresql://{user}{asked.get('host', '')}{port}/{asked.get('dbname', '')}"


@contextmanager
def _told(name: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise Unreadable(f"{name}: {_reason(error)}") from None


def _reason(error: psycopg.Error) -> str:
    """Say in one line what went wrong, without values and secrets."""
    if isinstance(error, NAMING):
        return str(error.diag.message_primary)
    if isinstance(error, psycopg.OperationalError) and not error.sqlstate:
        said = (str(error).splitlines() or [""])[0].removeprefix("connection failed: ")
        return said if said.startswith(TOLD) else "can't connect"
    return f"{type(error).__name__} ({error.sqlstate})"


@dataclass(frozen=True)
class PostgresqlLedger(DatabaseTable):
    """A ledger that the server writes as CSV and DuckDB reads as it comes."""

    copy: Any

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Give the table as DuckDB reads it."""
        with csv_relation(partial(self.copy, self.name, self.columns, self.order), list(self.header.places)) as found:
            yield found


@dataclass(frozen=True)
class Postgresql:
    """An open snapshot."""

    con: psycopg.Connection[Any]
    name: str
    _numbers: Iterator[int] = field(default_factory=count)

    def members(self, problems: list[Problem], dropped: Dropped) -> Iterator[Entry]:
        """Read `portal_members`."""
        types = self._types(MEMBERS)
        if not types:
            raise no_table(MEMBERS, self.name)
        table = DatabaseTable(MEMBERS, list(types), partial(self.select, types))
        dropped[table.name] = table.header.dropped
        yield from members_in_table(table, problems)

    def ledger(self) -> LedgerSource[TableRow] | None:
        """Return `portal_ledger`, if there is one."""
        types = self._types(LEDGER)
        select, copy = partial(self.select, types), partial(self.copy, types)
        return PostgresqlLedger(LEDGER, list(types), select, copy) if types else None

    def _types(self, shape: Shape) -> dict[str, str]:
        """Return the types of a table's columns by their names; none when there is no such table."""
        return dict(self.con.execute(COLUMNS, [shape.table]).fetchall())

    def select(
        self, types: Mapping[str, str], table: str, columns: Sequence[str], order: Sequence[str]
    ) -> Iterator[Cells]:
        """Give rows of a table as texts, a few thousand at a time."""
        with self.con.cursor(f"portal_{next(self._numbers)}") as cursor:
            cursor.itersize = AT_ONCE
            yield from cursor.execute(_query(types, table, columns, order))

    def copy(
        self, types: Mapping[str, str], table: str, columns: Sequence[str], order: Sequence[str], file: BinaryIO
    ) -> None:
        """Write rows of a table as CSV, as the server sends them."""
        whole = sql.SQL("copy ({}) to stdout (format csv)").format(_query(types, table, columns, order))
        with self.con.cursor() as cursor, cursor.copy(whole) as rows:
            for block in rows:
                file.write(block)


def _query(types: Mapping[str, str], table: str, columns: Sequence[str], order: Sequence[str]) -> sql.Composed:
    listed = sql.SQL(", ").join(_as_text(name, types[name]) for name in columns)
    sorting = sql.SQL(", ").join(sql.Identifier(table, name) for name in order)  # a bare name would mean the text of it
    return sql.SQL("select {} from {} order by {}").format(listed, sql.Identifier(table), sorting)


def _as_text(name: str, kind: str) -> sql.Composable:
    column = sql.Identifier(name)
    if kind.endswith("[]"):
        between = "\n" if normal_key(name) == "address_lines" else " "
        return sql.SQL("array_to_string({}, {})").format(column, sql.Literal(between))
    if kind == "timestamp without time zone":
        return sql.SQL("{}::date::text").format(column)
    return sql.SQL("{}::text").format(column)
