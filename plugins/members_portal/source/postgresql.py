"""Members and ledger in PostgreSQL, streamed from one read-only snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any, BinaryIO, Protocol
from zoneinfo import ZoneInfo

import psycopg
from psycopg import sql

from members_portal.loyalty.input.located_yaml import normal_key
from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Cells
from members_portal.loyalty.ledger.ledger import LedgerSource
from members_portal.loyalty.ledger.relation import Relation, csv_relation
from members_portal.loyalty.member.known_rows import KnownRows
from members_portal.loyalty.member.member import RawMember
from members_portal.loyalty.member.member_table import members_in_table
from members_portal.loyalty.tag import hyphened_sql
from members_portal.source.database import LEDGER, MEMBERS_SHAPE, DatabaseTable, Shape, no_ledger, no_table
from members_portal.source.people import Dropped
from members_portal.source.postgresql_session import as_unreadable, open_session

DATABASE_ROWS_PER_FETCH = 5_000
COLUMNS_QUERY = """
    select attname, format_type(atttypid, null) from pg_attribute
    where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped order by attnum
"""
TABLES_QUERY = """
    select case when pg_table_is_visible(oid) then relname else relnamespace::regnamespace::text || '.' || relname end
    from pg_class where relkind in ('r', 'p', 'v', 'm', 'f') and relnamespace not in (
        select oid from pg_namespace where nspname in ('pg_catalog', 'information_schema', 'pg_toast')) order by 1
"""
TAG_LIST = (  # a space within a tag of a list becomes a hyphen
    f"(select string_agg({hyphened_sql('tag::text', trim='btrim')}, ' ' order by place)"  # noqa: S608 - constants
    " from unnest({}) with ordinality as element(tag, place))"
)


@contextmanager
def open_postgresql(address: str, zone: ZoneInfo | None = None) -> Iterator[Postgresql]:
    """Open one read-only snapshot of a database, in the time zone of the site; raise Unreadable."""
    with open_session(address, zone) as (con, name):
        yield Postgresql(con, name)


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

    def members(self, problems: list[Problem], dropped: Dropped, rows: KnownRows | None = None) -> Iterator[RawMember]:
        """Yield the members of `portal_members`."""
        types = self._types(MEMBERS_SHAPE)
        if not types:
            raise no_table(MEMBERS_SHAPE, self.name, self._tables())
        table = DatabaseTable(MEMBERS_SHAPE, list(types), partial(self.select, types))
        dropped[table.name] = table.header.dropped
        yield from members_in_table(table, problems, rows)

    def members_digest(self) -> str:
        """Return nothing: only reading the members tells whether they have changed."""
        return ""

    def ledger(self) -> LedgerSource | None:
        """Return `portal_ledger`, or None without this table."""
        types = self._types(LEDGER)
        select, copy = partial(self.select, types), partial(self.copy, types)
        return PostgresqlLedger(LEDGER, list(types), select, copy) if types else None

    def ledger_digest(self) -> str:
        """Return nothing: only reading the ledger tells whether it has changed."""
        return ""

    def without_ledger(self) -> Iterator[Problem]:
        """Yield the problem of a database without `portal_ledger`."""
        yield no_ledger(self.name, self._tables())

    def _tables(self) -> list[str]:
        """Return the names of tables and views; those outside the search path with their schema."""
        return [name for (name,) in self.con.execute(TABLES_QUERY)]

    def _types(self, shape: Shape) -> dict[str, str]:
        """Return the column types of a table by name; empty without this table."""
        with self._naming(shape.table):
            return dict(self.con.execute(COLUMNS_QUERY, [shape.table]).fetchall())

    def select(
        self, types: Mapping[str, str], table: str, columns: Sequence[str], order: Sequence[str]
    ) -> Iterator[Cells]:
        """Yield rows of a table as texts, through a server-side cursor."""
        with self._naming(table), self.con.cursor(f"portal_{next(self._numbers)}") as cursor:
            cursor.itersize = DATABASE_ROWS_PER_FETCH
            yield from cursor.execute(_query(types, table, columns, order))

    def _naming(self, table: str) -> AbstractContextManager[None]:
        """Name the table in an error."""
        return as_unreadable(f"{self.name}, {table}")

    def copy(
        self, types: Mapping[str, str], table: str, columns: Sequence[str], order: Sequence[str], file: BinaryIO
    ) -> None:
        """Write rows of a table as CSV, in the server's blocks."""
        whole = sql.SQL("copy ({}) to stdout (format csv)").format(_query(types, table, columns, order))
        with self._naming(table), self.con.cursor() as cursor, cursor.copy(whole) as rows:
            for block in rows:
                file.write(block)


def _query(types: Mapping[str, str], table: str, columns: Sequence[str], order: Sequence[str]) -> sql.Composed:
    listed = sql.SQL(", ").join(_as_text(name, types[name]) for name in columns)
    sorting = sql.SQL(", ").join(sql.Identifier(table, name) for name in order)  # without the table: the selected text
    return sql.SQL("select {} from {} order by {}").format(listed, sql.Identifier(table), sorting)


def _as_text(name: str, kind: str) -> sql.Composable:
    column = sql.Identifier(name)
    if kind.endswith("[]") and normal_key(name) == "tags":
        return sql.SQL(TAG_LIST).format(column)
    if kind.endswith("[]"):
        between = "\n" if normal_key(name) == "address_lines" else " "
        return sql.SQL("array_to_string({}, {})").format(column, sql.Literal(between))
    if kind.startswith("timestamp "):  # with a time zone: the day in the zone of the session
        return sql.SQL("{}::date::text").format(column)
    return sql.SQL("{}::text").format(column)
