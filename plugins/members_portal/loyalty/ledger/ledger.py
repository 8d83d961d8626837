"""The ledger: lines of what members did, read from anywhere into DuckDB and checked there, all of them together.

    source = CsvLedger(folder / "ledger.csv")
    ledger = load_ledger(source, programme, ids, today, duckdb.connect())

leaves in the connection what the engine reads: `line(n, member, day, kind, minor, points, reference, tags)`.
n counts the lines by day and, within a day, as they stand in the source; minor is the amount in the smallest unit of
the programme's currency. Ten million lines pass once, typed as they come; only if one of them is wrong are they read
again, slowly, to say where it stands. Notes are never read.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.input.table import Found, Table
from members_portal.loyalty.ledger.ledger_rule import COLUMNS, LedgerRules
from members_portal.loyalty.ledger.pipe import csv_writer
from members_portal.loyalty.ledger.relation import Relation, csv_relation
from members_portal.loyalty.programme.programme import Programme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READ = tuple(column for column in COLUMNS if column != "note")
MOST_SHOWN = 200  # lines that don't fit; what is wrong with the others is likely the same
MEMORY = "1GB"
BATCH = 100_000  # member ids handed over together
DAY = "case when date_text glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_cast(date_text as date) end"
TAGS = (
    "case when tags_text is null then [] when contains(tags_text, '  ')"
    " then string_split(regexp_replace(tags_text, ' +', ' ', 'g'), ' ') else string_split(tags_text, ' ') end"
)
LINE = "member, day, kind, minor, points, reference, tags"

Entry = tuple[str, date, str, int | None, int | None, str | None, Sequence[str]]  # the columns of LINE


class LedgerSource(Table[Found], Protocol[Found]):
    """A table of ledger lines; `relation` is how DuckDB reads it fast, where it can."""

    def relation(self) -> AbstractContextManager[Relation | None]:
        """Give what a query can read once, or None; may raise duckdb.Error."""


@dataclass(frozen=True)
class Ledger:
    """A ledger that was read: its lines are in `line` of the connection."""

    con: DuckDBPyConnection
    name: str
    lines: int
    dropped: tuple[str, ...] = ()


def open_store(spill: Path | None = None) -> DuckDBPyConnection:
    """Open a database in memory for a ledger; with a private folder to `spill` into, it holds no more than a gigabyte.

    DuckDB makes a folder of this process in it when it is needed, and removes it. Left alone, it would spill into the
    working folder.
    """
    import duckdb  # only now: an unchanged publish, and a programme without a ledger, do without it

    con = duckdb.connect()
    con.execute("set temp_directory = ?", [str(spill / str(os.getpid())) if spill else ""])
    if spill:
        spill.mkdir(parents=True, exist_ok=True, mode=0o700)
        con.execute("set memory_limit = ?", [MEMORY])
    return con


def load_ledger(
    source: LedgerSource[Found],
    programme: Programme,
    member_ids: Iterable[str] | None,
    today: date,
    con: DuckDBPyConnection,
) -> Ledger:
    """Read and check a ledger; raise InvalidInput. Without `member_ids` (they couldn't be read) nobody is unknown."""
    rules = LedgerRules(programme, today)
    header = source.header
    con.execute("set preserve_insertion_order = true")  # a row's number in the table is its place in the source
    _enter_members(con, member_ids)
    if not _read_quickly(source, rules, con):
        _read_carefully(source, rules, con)
    return Ledger(con, source.name, _settle(con), header.dropped)


def _enter_members(con: DuckDBPyConnection, member_ids: Iterable[str] | None) -> None:
    con.execute("create or replace temp table ledger_member (id varchar)")
    if member_ids is None:
        con.execute("drop table ledger_member")
        return
    ids = iter(member_ids)
    while batch := list(islice(ids, BATCH)):
        con.execute("insert into ledger_member select unnest(?::varchar[])", [batch])


def _read_quickly(source: LedgerSource[Found], rules: LedgerRules, con: DuckDBPyConnection) -> bool:
    """Let DuckDB read, and tell whether it could; raise InvalidInput where it could and lines are wrong."""
    import duckdb

    try:
        with source.relation() as relation:
            if relation is None:
                return False
            wrong = _stage(con, relation, rules)
    except duckdb.Error:
        return False
    problems = _explained(source, rules, con, wrong) if wrong else []
    if problems:
        raise InvalidInput(problems)
    return problems is not None


def _read_carefully(source: LedgerSource[Found], rules: LedgerRules, con: DuckDBPyConnection) -> None:
    """Read row by row, to find those that aren't any; raise InvalidInput with all that is wrong."""
    problems: list[Problem] = []
    columns, places = zip(*((name, place) for name, place in source.header.places.items() if name in READ), strict=True)
    rows = ([record.cells[place] for place in places] for record in source.records(problems))
    import duckdb

    try:
        with csv_relation(csv_writer(rows), columns) as relation:
            wrong = _stage(con, relation, rules)
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.OutOfRangeException):
        raise InvalidInput([*problems, Problem(source.name, 0, 0, "can't be read")]) from None  # they quote whole rows
    if wrong:
        problems += _explained(source, rules, con, wrong, sure=True) or []
    if problems:
        raise InvalidInput(problems)


def _stage(con: DuckDBPyConnection, relation: Relation, rules: LedgerRules) -> int:
    """Read typed lines into `ledger_line`, each with the rules it breaks; return how many break one.

    No join may stand in this statement: DuckDB keeps the order of rows through all else.
    """
    texts = ", ".join(f"{_trimmed(relation, column)} as {_text_name(column)}" for column in READ)
    con.execute("drop view if exists line")
    con.execute("drop table if exists ledger_line")
    written = f"(select {texts} from {relation.sql})"  # noqa: S608 - names and words are quoted
    typed = f"(select {rules.typed()}, {DAY} as day from {written})"  # noqa: S608
    line = f"member, day, kind, {rules.minor()} as minor, points, reference, {TAGS} as tags"
    con.execute(f"create table ledger_line as select {line}, ({rules.broken()})::uinteger as broken from {typed}")  # noqa: S608
    _note_unknown_members(con, rules)
    return int(_figure(con, "select count(*) from ledger_line where broken <> 0"))


def _trimmed(relation: Relation, column: str) -> str:
    return f"nullif(trim({relation.texts[column]}), '')" if column in relation.texts else "null::varchar"


def _text_name(column: str) -> str:
    return column if column in {"member", "currency", "reference"} else f"{column}_text"


def _note_unknown_members(con: DuckDBPyConnection, rules: LedgerRules) -> None:
    if not _figure(con, "select count(*) from duckdb_tables() where table_name = 'ledger_member'"):
        return
    stranger = "member is not null and not exists (from ledger_member where id = member)"
    if _figure(con, f"select count(*) from ledger_line where {stranger}"):  # noqa: S608
        con.execute(f"update ledger_line set broken = broken + {rules.unknown_bit} where {stranger}")  # noqa: S608


def _explained(
    source: Table[Found], rules: LedgerRules, con: DuckDBPyConnection, wrong: int, *, sure: bool = False
) -> list[Problem] | None:
    """Say what is wrong with the first lines that don't fit.

    Unless it is `sure` that both count alike, return None when they don't stand where DuckDB saw them.
    """
    first = f"select rowid, broken, member from ledger_line where broken <> 0 order by rowid limit {MOST_SHOWN}"  # noqa: S608
    broken = {number: (rules_broken, member) for number, rules_broken, member in con.execute(first).fetchall()}
    problems: list[Problem] = []
    for number, record in enumerate(islice(source.records([]), max(broken) + 1)):
        if number in broken:
            row, (rules_broken, member) = source.row(record), broken.pop(number)
            if not sure and row.texts.get("member") != member:
                return None
            problems += rules.problems(row, rules_broken)
    if wrong > MOST_SHOWN:
        problems.append(Problem(source.name, 0, 0, f"{wrong} lines don't fit; these are the first {MOST_SHOWN}"))
    return None if broken else problems


def _settle(con: DuckDBPyConnection) -> int:
    """Put the lines in the order of their days and number them; return how many there are."""
    con.execute("drop table if exists ledger_member")
    con.execute("alter table ledger_line drop column broken")
    unsorted = "select count(*) from (select day < lag(day) over () as back from ledger_line) where back"
    if _figure(con, unsorted):
        con.execute("create or replace table ledger_sorted as from ledger_line order by day, rowid")
        con.execute("drop table ledger_line")
        con.execute("alter table ledger_sorted rename to ledger_line")
    con.execute(
        "create or replace view line as select rowid + 1 as n, member, day, kind::varchar as kind, minor, points,"
        " reference, tags from ledger_line"
    )
    return int(_figure(con, "select count(*) from ledger_line"))


def ledger_of(entries: Iterable[Entry], con: DuckDBPyConnection) -> Ledger:
    """Make a ledger of lines that are known to be right, such as a test's."""
    con.execute(
        "create or replace table ledger_line (member varchar, day date, kind varchar, minor bigint, points bigint,"
        " reference varchar, tags varchar[], broken uinteger)"
    )
    for entry in entries:
        con.execute("insert into ledger_line values (?, ?, ?, ?, ?, ?, ?, 0)", [*entry[:-1], list(entry[-1])])
    return Ledger(con, "a list", _settle(con))


def _figure(con: DuckDBPyConnection, sql: str) -> int:
    (figure,) = con.execute(sql).fetchone() or (0,)
    return int(figure)
