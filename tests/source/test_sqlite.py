"""SQLite: one read transaction; the file is never written."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.publish.command.cli import app
from members_portal.source.open_source import open_source, sqlite_file
from members_portal.source.people import load_people
from members_portal.source.sqlite import open_sqlite
from members_portal.source.unreadable import Unreadable
from tests.loyalty.small_club import programme_of
from tests.source.small_ledger import LINES, RULES, in_sqlite
from tests.source.test_sources import TODAY, lines, people_of


def change(file: Path, *statements: str) -> None:
    """Change a file, and commit."""
    with sqlite3.connect(file) as con:
        for statement in statements:
            con.execute(statement)


def test_members_and_ledger_are_of_one_moment(tmp_path: Path) -> None:
    programme = programme_of(tmp_path, RULES)
    in_sqlite(tmp_path, "")
    change(tmp_path / "club.db", "pragma journal_mode = wal")
    with open_sqlite(tmp_path / "club.db") as source:
        members = list(source.members([], {}))
        change(tmp_path / "club.db", "delete from portal_ledger", "delete from portal_members")
        people = load_people(source, programme, TODAY)
    assert (len(members), len(people.members), lines(people)) == (3, 3, LINES)


def test_rows_that_do_not_fit_are_named_by_their_keys(tmp_path: Path) -> None:
    programme = programme_of(tmp_path, RULES)
    address = in_sqlite(tmp_path, "")
    change(
        tmp_path / "club.db",
        "update portal_members set id = 'maya@post.example', joined = 20210530 where id = 'M-1'",
        "update portal_members set family_name = cast(x'4ae9' as text) where id = 'M-2'",
        "update portal_ledger set tags = cast(x'e9' as text), line = null where line = 4",
        "update portal_ledger set amount = 0.1 + 0.2 where line = 2",
    )
    with pytest.raises(InvalidInput) as caught:
        people_of(tmp_path, address, programme)
    assert list(map(str, caught.value.problems)) == [
        "portal_ledger, line 2: amount: more decimals than GBP has, expected at most 2",
        "portal_ledger, row number 4: holds bytes that aren't UTF-8, expected text",
        "portal_members, row M-2: holds bytes that aren't UTF-8, expected text",
        "portal_members, row number 3: id: the value doesn't fit, expected up to 40 letters, digits and hyphens",
        "portal_members, row number 3: joined: the value doesn't fit, expected a day that exists, as YYYY-MM-DD",
    ]


@pytest.mark.parametrize("statement", ["drop table portal_members", "alter table portal_members drop column joined"])
def test_a_table_or_column_that_is_missing_is_named(tmp_path: Path, statement: str) -> None:
    address = in_sqlite(tmp_path, "")
    change(tmp_path / "club.db", statement)
    with pytest.raises(InvalidInput, match=r"`portal_members`|the column `joined` is missing"):
        people_of(tmp_path, address, programme_of(tmp_path, RULES))


def test_a_file_that_is_none_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    programme_of(tmp_path / "members")
    (tmp_path / "members" / "club.db").write_text("not a database, but a text that is long enough to look at " * 20)
    for address, said in (("club.db", "file is not a database"), ("gone.db", "unable to open database file")):
        result = CliRunner().invoke(app, ["code", "M-1", "--members", f"sqlite:///{address}"])
        assert (result.exit_code, result.stderr.splitlines()[0].endswith(f"{address}: {said}")) == (1, True)
    with pytest.raises(Unreadable, match="can't read from `mysql://`"), open_source(tmp_path, "mysql://x"):
        pass


def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "club.db")
    with (
        pytest.raises(Unreadable, match=r"club\.db: is not a regular file"),
        open_source(tmp_path, "sqlite:///club.db"),
    ):
        pass


def test_a_file_is_not_written_to(tmp_path: Path) -> None:
    in_sqlite(tmp_path, "")
    with pytest.raises(Unreadable, match="readonly"), open_sqlite(tmp_path / "club.db") as source:
        source.con.execute("delete from portal_ledger")


def test_three_slashes_begin_a_path_below_the_folder_or_of_the_machine(tmp_path: Path) -> None:
    (tmp_path / "a b.db").touch()
    assert sqlite_file("sqlite:///a%20b.db", tmp_path) == tmp_path / "a b.db"
    assert sqlite_file("sqlite:///c.db", tmp_path) == Path("/c.db")
    assert sqlite_file("sqlite:////a%20b.db", tmp_path) == Path("/a b.db")


def test_a_member_is_found_in_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    programme_of(tmp_path / "members", RULES)
    monkeypatch.setenv("PORTAL_SECRET", bytes(range(32)).hex())
    result = CliRunner().invoke(app, ["code", "M-2", "--members", str(in_sqlite(tmp_path, ""))])
    assert (result.exit_code, result.stderr) == (0, "")
    listed = CliRunner().invoke(app, ["fields", "--members", f"sqlite:///{tmp_path}/club.db"])
    assert listed.stdout.endswith("Columns that are not used, and were not read: shoe_size of portal_members\n")
