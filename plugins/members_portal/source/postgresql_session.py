"""A session with PostgreSQL: one read-only snapshot, the time zone of the site, and two time limits.

The server ends a statement that exceeds its `statement_timeout`. A server that has stopped cannot do that, so the
session also ends by itself when nothing arrives for that time and SILENCE_MARGIN more.

Messages of libpq are filtered before they are shown: they may contain the password, other parts of the address, or
values of a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import psycopg
from psycopg import errors
from psycopg.abc import PQGen

from members_portal.source.postgresql_address import connection_parts, default_parts, shown_address
from members_portal.source.unreadable import Unreadable

STATEMENT_LIMIT = 300  # seconds, unless the role or the address sets a `statement_timeout`
SILENCE_MARGIN = 5  # seconds
SAFE_MESSAGES = ("connection to server", "failed to resolve host", "connection timeout")  # beginnings, from libpq
NAME_ERRORS = (errors.UndefinedTable, errors.UndefinedColumn, errors.InsufficientPrivilege)  # messages without values

_Result = TypeVar("_Result")


class ServerSilent(psycopg.OperationalError):
    """Raised when the server sends nothing within the time limit."""


class WatchedConnection(psycopg.Connection[Any]):
    """A connection that ends when the server sends nothing for `silence` seconds."""

    silence: float = STATEMENT_LIMIT + SILENCE_MARGIN

    def wait(self, gen: PQGen[_Result], *others: Any, **options: Any) -> _Result:
        """Run an operation of the connection; raise ServerSilent."""
        return super().wait(self._watched(gen), *others, **options)

    def _watched(self, gen: PQGen[_Result]) -> PQGen[_Result]:
        """Pass an operation on, which is resumed several times a second while nothing arrives."""
        try:
            wanted = next(gen)
            heard = monotonic()
            while True:
                ready = yield wanted
                if ready:
                    heard = monotonic()
                elif monotonic() - heard > self.silence:
                    self.pgconn.finish()  # an open connection would wait again to end its statement
                    raise ServerSilent(f"the server sent nothing for {self.silence:.0f} seconds")
                wanted = gen.send(ready)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]


@contextmanager
def open_session(address: str, zone: ZoneInfo | None) -> Iterator[tuple[WatchedConnection, str]]:
    """Open one read-only snapshot; yield it with the address to show. Raise Unreadable."""
    parts = connection_parts(address)
    name = shown_address(parts)
    with as_unreadable(name):
        con = WatchedConnection.connect(**{**parts, **default_parts(parts), "client_encoding": "utf8"})
    try:
        with as_unreadable(name):
            con.read_only = True
            con.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ  # all statements read one snapshot
            _prepare(con, zone)
            yield con, name
    finally:
        con.close()


def _prepare(con: WatchedConnection, zone: ZoneInfo | None) -> None:
    """Set date format, time zone and time limits of the transaction."""
    con.execute("set local datestyle to 'ISO, YMD'")
    if zone:
        con.execute("select set_config('timezone', %s, true)", [zone.key])
    given = con.execute("select setting::int from pg_settings where name = 'statement_timeout'").fetchone()
    limit = (given[0] if given else 0) or STATEMENT_LIMIT * 1000  # milliseconds
    con.execute("select set_config('statement_timeout', %s, true)", [str(limit)])
    con.silence = limit / 1000 + SILENCE_MARGIN


@contextmanager
def as_unreadable(name: str) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise Unreadable(f"{name}: {_reason(error)}") from None


def _reason(error: psycopg.Error) -> str:
    """Return the cause of an error in one line, without values or secrets."""
    if isinstance(error, NAME_ERRORS):
        return str(error.diag.message_primary)
    if isinstance(error, errors.QueryCanceled):
        return "the server cancelled the statement, which has a time limit: `statement_timeout` of the role"
    if isinstance(error, ServerSilent):
        return str(error)
    if isinstance(error, psycopg.OperationalError) and not error.sqlstate:
        message = (str(error).splitlines() or [""])[0].removeprefix("connection failed: ")
        return message if message.startswith(SAFE_MESSAGES) else "can't connect"
    return f"{type(error).__name__} ({error.sqlstate})"
