"""Members and ledger in PostgreSQL, streamed from one read-only snapshot.

Messages of libpq are filtered before they are shown: they may contain the password, other parts of the address, or
values of a row.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, BinaryIO, Protocol

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict

from members_portal.loopback import is_loopback
from members_portal.loyalty.input.located_yaml import normal_key
from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Cells
from members_portal.loyalty.ledger.ledger import LedgerSource
from members_portal.loyalty.ledger.relation import Relation, csv_relation
from members_portal.loyalty.member.member import RawMember
from members_portal.loyalty.member.member_table import members_in_table
from members_portal.source.database import LEDGER, MEMBERS_SHAPE, DatabaseTable, Shape, no_table
from members_portal.source.people import Dropped
from members_portal.source.unreadable import Unreadable

CONNECT_TIMEOUT = 10  # seconds
PART_PATTERNS = {  # the allowed form of each part of an address
    "host": re.compile(r"[\w.:/,-]*"),
    "port": re.compile(r"[0-9,]*"),
    "user": re.compile(r"[\w.-]*"),
    "dbname": re.compile(r"[\w.-]*"),
    "sslmode": re.compile(r"disable|allow|prefer|require|verify-ca|verify-full|"),
}
BAD_ADDRESS = (
    "members: that isn't an address of PostgreSQL, expected postgresql://user:password@host/database with other signs"
    " than letters and digits in it written as %40 for @, %3A for :, %2F for /"
)
ENCRYPTED = ("require", "verify-ca", "verify-full")  # values of sslmode that never fall back to clear text
DATABASE_ROWS_PER_FETCH = 5_000
SAFE_MESSAGES = ("connection to server", "failed to resolve host", "connection timeout")  # beginnings, from libpq
NAME_ERRORS = (errors.UndefinedTable, errors.UndefinedColumn, errors.InsufficientPrivilege)  # messages without values
COLUMNS_QUERY = """
    select attname, format_type(atttypid, null) from pg_attribute
    where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum
"""


@contextmanager
def open_postgresql(address: str) -> Iterator[Postgresql]:
    """Open one read-only snapshot of a database; raise Unreadable."""
    parts = _connection_parts(address)
    name = _without_secrets(parts)
    with _as_unreadable(name):
        con = psycopg.connect(**{**parts, **_defaults(parts), "client_encoding": "utf8"})
    try:
        with _as_unreadable(name):
            con.read_only = True
            con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ  # all statements read one snapshot
            con.execute("set local datestyle to 'ISO, YMD'")
            yield Postgresql(con, name)
    finally:
        con.close()


def _connection_parts(address: str) -> dict[str, Any]:
    """Parse an address; raise Unreadable with a message that holds no part of it."""
    try:
        parts = conninfo_to_dict(address)
    except psycopg.Error:
        parts = {}
    if not parts or not _is_well_formed(address, parts):
        raise Unreadable(BAD_ADDRESS)
    return parts


def _defaults(parts: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parts that an address leaves open: a timeout, and encryption for servers beyond this machine."""
    found: dict[str, Any] = {} if "connect_timeout" in parts else {"connect_timeout": CONNECT_TIMEOUT}
    is_encrypted = parts.get("sslmode") or os.environ.get("PGSSLMODE") in ENCRYPTED
    return found if is_encrypted or _is_local(parts) else found | {"sslmode": ENCRYPTED[0]}


def _is_local(parts: Mapping[str, Any]) -> bool:
    """Return whether all hosts of an address are sockets or loopback addresses of this machine."""
    if "service" in parts:
        return False  # the host is in a file of libpq
    given = parts.get("hostaddr") or parts.get("host") or os.environ.get("PGHOSTADDR") or os.environ.get("PGHOST")
    hosts = str(given or "").split(",")
    return all(not host or host.startswith(("/", "@")) or is_loopback(host) for host in hosts)


def _is_well_formed(address: str, parts: Mapping[str, Any]) -> bool:
    """Return whether every part has its allowed form; in a malformed address any part may hold the password."""
    fits = (pattern.fullmatch(str(parts.get(part, ""))) for part, pattern in PART_PATTERNS.items())
    return address.count("@") <= 1 and all(fits)


def _without_secrets(parts: Mapping[str, Any]) -> str:
    """Return the address without password and options."""
    user = f"{parts['user']}@" if "user" in parts else ""
    port = f":{parts['port']}" if "port" in parts else ""
    return f"postgresql://{user}{parts.get('host', '')}{port}/{parts.get('dbname', '')}"


@contextmanager
def _as_unreadable(name: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise Unreadable(f"{name}: {_reason(error)}") from None


def _reason(error: psycopg.Error) -> str:
    """Return the cause of an error in one line, without values or secrets."""
    if isinstance(error, NAME_ERRORS):
        return str(error.diag.message_primary)
    if isinstance(error, psycopg.OperationalError) and not error.sqlstate:
        message = (str(error).splitlines() or [""])[0].removeprefix("connection failed: ")
        return message if message.startswith(SAFE_MESSAGES) else "can't connect"
    return f"{type(error).__name__} ({error.sqlstate})"


class Copy(Protocol):
    """A function that writes columns of a table in an order to a file, as CSV."""

    def __call__(self, table: str, columns: Sequence[str], order: Sequence[str], file: BinaryIO) -> None: ...


@dataclass(frozen=True)
class PostgresqlLedger(DatabaseTable):
    """A ledger in PostgreSQL. The server writes CSV, which DuckDB reads as a stream."""

    copy: Copy

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Return the table as a CSV relation."""
        write = partial(self.copy, self.name, self.columns, self.order)
        with csv_relation(write, list(self.header.places)) as relation:
            yield relation


@dataclass(frozen=True)
class Postgresql:
    """An open snapshot."""

    con: psycopg.Connection[Any]
    name: str
    _numbers: Iterator[int] = field(default_factory=count)

    def members(self, problems: list[Problem], dropped: Dropped) -> Iterator[RawMember]:
        """Yield the members of `portal_members`."""
        types = self._types(MEMBERS_SHAPE)
        if not types:
            raise no_table(MEMBERS_SHAPE, self.name)
        table = DatabaseTable(MEMBERS_SHAPE, list(types), partial(self.select, types))
        dropped[table.name] = table.header.dropped
        yield from members_in_table(table, problems)

    def ledger(self) -> LedgerSource | None:
        """Return `portal_ledger`, or None without this table."""
        types = self._types(LEDGER)
        select, copy = partial(self.select, types), partial(self.copy, types)
        return PostgresqlLedger(LEDGER, list(types), select, copy) if types else None

    def _types(self, shape: Shape) -> dict[str, str]:
        """Return the column types of a table by name; empty without this table."""
        return dict(self.con.execute(COLUMNS_QUERY, [shape.table]).fetchall())

    def select(
        self, types: Mapping[str, str], table: str, columns: Sequence[str], order: Sequence[str]
    ) -> Iterator[Cells]:
        """Yield rows of a table as texts, through a server-side cursor."""
        with self.con.cursor(f"portal_{next(self._numbers)}") as cursor:
            cursor.itersize = DATABASE_ROWS_PER_FETCH
            yield from cursor.execute(_query(types, table, columns, order))

    def copy(
        self, types: Mapping[str, str], table: str, columns: Sequence[str], order: Sequence[str], file: BinaryIO
    ) -> None:
        """Write rows of a table as CSV, in the server's blocks."""
        whole = sql.SQL("copy ({}) to stdout (format csv)").format(_query(types, table, columns, order))
        with self.con.cursor() as cursor, cursor.copy(whole) as rows:
            for block in rows:
                file.write(block)


def _query(types: Mapping[str, str], table: str, columns: Sequence[str], order: Sequence[str]) -> sql.Composed:
    listed = sql.SQL(", ").join(_as_text(name, types[name]) for name in columns)
    sorting = sql.SQL(", ").join(sql.Identifier(table, name) for name in order)  # without the table: the selected text
    return sql.SQL("select {} from {} order by {}").format(listed, sql.Identifier(table), sorting)


def _as_text(name: str, kind: str) -> sql.Composable:
    column = sql.Identifier(name)
    if kind.endswith("[]"):
        between = "\n" if normal_key(name) == "address_lines" else " "
        return sql.SQL("array_to_string({}, {})").format(column, sql.Literal(between))
    if kind == "timestamp without time zone":
        return sql.SQL("{}::date::text").format(column)
    return sql.SQL("{}::text").format(column)
