"""Rows through a pipe: complete, in order, and every error is raised on the reading side."""

from __future__ import annotations

import os
from collections.abc import Iterator
from threading import active_count

import duckdb
import pytest

from members_portal.loyalty.ledger.pipe import csv_writer
from members_portal.loyalty.ledger.relation import csv_relation


def numbers(count: int) -> Iterator[list[str | None]]:
    """Yield rows; every third has no second cell."""
    return ([str(number), None if number % 3 else 'a,\n"b"\r'] for number in range(count))


def test_many_rows_come_in_their_order() -> None:
    con = duckdb.connect()
    with csv_relation(csv_writer(numbers(200_000)), ["number", "text"]) as relation:
        con.execute(f"create table s as select number::int as number, text from {relation.sql}")
    assert con.execute("select count(*), count(text) from s where rowid = number").fetchall() == [(200_000, 66_667)]
    assert con.execute("select distinct text from s where text is not null").fetchall() == [('a,\n"b"\r',)]


def test_what_goes_wrong_while_writing_is_raised_where_it_is_read() -> None:
    def broken() -> Iterator[list[str | None]]:
        yield from numbers(10)
        raise LookupError("the source is gone")

    with (
        pytest.raises(LookupError, match="gone"),
        csv_relation(csv_writer(broken()), ["number", "text"]) as relation,
    ):
        duckdb.connect().execute(f"select count(*) from {relation.sql}").fetchall()


def test_a_query_that_stops_early_leaves_no_thread_and_no_file_behind() -> None:
    threads, files = active_count(), len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        con = duckdb.connect()
        with pytest.raises(duckdb.Error), csv_relation(csv_writer(numbers(10**9)), ["number", "text"]) as relation:
            con.execute(f"select nothing from {relation.sql}")
        con.close()
    assert (active_count(), len(os.listdir("/proc/self/fd"))) == (threads, files)
