"""The same members and the same ledger from every source."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import psycopg
import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.loyalty.programme.programme import Programme
from members_portal.source.open_source import open_source
from members_portal.source.people import People, load_people
from tests.long_cases import quick_and_long, quick_first
from tests.loyalty.small_club import programme_of
from tests.source.small_ledger import LINES, RULES, WRITERS, in_csv, in_postgresql, in_sqlite, in_yaml

TODAY = date(2026, 11, 20)


def people_of(folder: Path, address: str | None, programme: Programme) -> People:
    """Read members and ledger from an address."""
    with open_source(folder, address) as source:
        return load_people(source, programme, TODAY)


def lines(people: People) -> list[tuple[Any, ...]]:
    """Return the lines of a ledger."""
    assert people.ledger is not None
    found = people.ledger.con.execute("select * from line order by n").fetchall()
    return [(n, member, str(day), *rest) for n, member, day, *rest in found]


@pytest.mark.parametrize("kind", quick_and_long(WRITERS, ["yaml", "sqlite", "postgresql"]))
def test_members_and_lines_are_the_same_from_everywhere(kind: str, tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path / "plain", RULES)
    in_yaml(tmp_path / "plain", database)
    plain = people_of(tmp_path / "plain", None, programme)
    (tmp_path / kind).mkdir()
    people = people_of(tmp_path / kind, WRITERS[kind](tmp_path / kind, database), programme)
    assert sorted(people.members, key=lambda member: member.id) == plain.members
    assert lines(people) == lines(plain) == LINES
    assert people.ledger is not None
    assert people.ledger.rows("select count(*) from line") == [(len(LINES),)]


def test_the_members_that_are_read_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("members_portal.source.people.MEMBERS_PER_COUNT", 2)
    programme, told = programme_of(tmp_path, RULES), list[tuple[int, int]]()
    with open_source(tmp_path, in_yaml(tmp_path, "")) as source:
        load_people(source, programme, TODAY, done=lambda done, of: told.append((done, of)))
    assert told == [(0, 0), (2, 0)]


@pytest.mark.parametrize(("kind", "dropped"), quick_first([
    ("yaml", {}),
    ("csv", {"members.csv": ("Shoe Size",)}),
    ("sqlite", {"portal_members": ("shoe_size",)}),
    ("postgresql", {"portal_members": ("shoe_size",)}),
], 2))  # fmt: skip
def test_columns_nobody_asked_for_are_listed(kind: str, dropped: dict[str, Any], tmp_path: Path, database: str) -> None:
    programme = programme_of(tmp_path, RULES)
    people = people_of(tmp_path, WRITERS[kind](tmp_path, database), programme)
    assert {Path(name).name: columns for name, columns in people.dropped.items()} == dropped


# A ledger that is missing or has another name

EARNING = RULES + "earning: [{name: Spending, kind: purchase, points: 1, per: 1}]\n"
NO_LEDGER = "holds no ledger: nobody has points or spend, expected ledger.csv or ledger.parquet or ledger.yaml"
UNREAD = "is not read, expected ledger.csv or ledger.parquet or ledger.yaml"
NO_VIEW = "has no table or view `portal_ledger`, expected one that README.md describes"


def warnings_of(folder: Path, address: str | None, rules: str = EARNING) -> list[str]:
    """Return the warnings of a source, without the place before the last folder."""
    people = people_of(folder, address, programme_of(folder, rules))
    return [str(warning).replace(f"{folder}", "club").rpartition("/")[2] for warning in people.warnings]


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (None, f"club: warning: {NO_LEDGER}"),
        ("badger.csv", f"club: warning: {NO_LEDGER}"),
        *((name, f"{name}: warning: {UNREAD}") for name in ("ledger (1).csv", "ledger.csv.txt", "ledgers.csv")),
        *((name, f"{name}: warning: {UNREAD}") for name in ("ledger .csv", "leger.csv", "old-Ledger.CSV")),
    ],
)
def test_a_folder_without_a_ledger_is_told(file: str | None, said: str, tmp_path: Path) -> None:
    in_csv(tmp_path, "")
    (tmp_path / "ledger.csv").rename(tmp_path / file) if file else (tmp_path / "ledger.csv").unlink()
    assert warnings_of(tmp_path, None) == [said]


def test_a_programme_without_rules_needs_no_ledger(tmp_path: Path) -> None:
    in_csv(tmp_path, "")
    (tmp_path / "ledger.csv").unlink()
    assert warnings_of(tmp_path, None, RULES) == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("bookings", ""),
        ("ledger", " (did you mean `ledger`?)"),
        ("portal_ledgers", " (did you mean `portal_ledgers`?)"),
        ("portal_leger", " (did you mean `portal_leger`?)"),
    ],
)
@pytest.mark.parametrize("write", [in_sqlite, in_postgresql])
def test_a_database_without_a_ledger_is_told(
    write: Callable[[Path, str], str | None], name: str, hint: str, tmp_path: Path, database: str
) -> None:
    address = write(tmp_path, database)
    change(address, f"alter table portal_ledger rename to {name}")
    assert [warning.partition("warning: ")[2] for warning in warnings_of(tmp_path, address)] == [NO_VIEW + hint]


def test_a_ledger_in_another_schema_is_named(tmp_path: Path, database: str) -> None:
    change(in_postgresql(tmp_path, database), "create schema shop", "alter table portal_ledger set schema shop")
    assert warnings_of(tmp_path, database)[0].endswith(f"{NO_VIEW} (did you mean `shop.portal_ledger`?)")


def test_a_ledger_in_other_case_is_an_error_in_a_database(tmp_path: Path, database: str) -> None:
    change(in_postgresql(tmp_path, database), 'alter table portal_ledger rename to "Portal_Ledger"')
    with pytest.raises(InvalidInput) as caught:
        warnings_of(tmp_path, database)
    assert str(caught.value).endswith(f"{NO_VIEW} (did you mean `Portal_Ledger`?)")


def change(address: str | None, *statements: str) -> None:
    """Change a database, and commit."""
    is_file = str(address).startswith("sqlite:")
    con = sqlite3.connect(str(address).removeprefix("sqlite:///")) if is_file else psycopg.connect(str(address))
    with con:
        for statement in statements:
            con.execute(statement)


# Tags in lists: a space within a tag is a hyphen, as in a cell with commas

LISTS: tuple[list[str], ...] = (["coffee", "Single origin"], [" to  go ", "a,b"], [])
LISTED = [["coffee", "single-origin"], ["to-go", "a", "b"], []]


def lists_in_yaml(folder: Path, database: str) -> str | None:
    """Write tags as lists."""
    in_yaml(folder, database)
    line = "- {{date: 2026-03-05, member: M-1, kind: event, reference: {}, tags: {}}}\n"
    (folder / "ledger.yaml").write_text("".join(line.format(*row) for row in enumerate(LISTS)), "utf-8")
    return None


def lists_in_parquet(folder: Path, database: str) -> str | None:
    """Write tags as lists."""
    in_csv(folder, database)
    (folder / "ledger.csv").unlink()
    with duckdb.connect() as con:
        con.execute("create table line (date date, member text, kind text, reference text, tags text[])")
        con.executemany("insert into line values ('2026-03-05', 'M-1', 'event', ?, ?)", list(enumerate(LISTS)))
        con.execute(f"copy line to '{folder}/ledger.parquet'")
    return None


def lists_in_postgresql(folder: Path, database: str) -> str | None:
    """Write tags as arrays."""
    in_postgresql(folder, database)
    with psycopg.connect(database) as con:
        con.execute("delete from portal_ledger")
        con.execute("alter table portal_ledger alter column tags type text[] using null")
        insert = "insert into portal_ledger (date, member, kind, line, tags) values ('2026-03-05', 'M-1', 'event',"
        con.cursor().executemany(f"{insert} %s, %s)", list(enumerate(LISTS)))
    return database


@pytest.mark.parametrize("write", [lists_in_yaml, lists_in_parquet, lists_in_postgresql])
def test_a_tag_of_a_list_may_hold_spaces(
    write: Callable[[Path, str], str | None], tmp_path: Path, database: str
) -> None:
    people = people_of(tmp_path, write(tmp_path, database), programme_of(tmp_path, RULES))
    assert sorted(line[-1] for line in lines(people)) == sorted(LISTED)
    assert people.warnings == ()
