"""The ledger: lines of what members did, read from anywhere into DuckDB and checked there, all of them together.

    source = CsvLedger(folder / "ledger.csv")
    ledger = load_ledger(source, programme, ids, today, duckdb.connect())

leaves in the connection what the engine reads: `line(n, member, day, kind, minor, points, reference, tags)`.
n counts the lines by day and, within a day, as they stand in the source; minor is the amount in the smallest unit of the
programme's currency. Ten million lines pass once, typed as they come; only if one of them is wrong are they read again,
slowly, to say where it stands. Notes are never read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Protocol

from plugins.loyalty.expression import quoted
from plugins.loyalty.ledger_rule import COLUMNS, LedgerRules
from plugins.loyalty.pipe import Write, csv_writer, piped
from plugins.loyalty.problem import InvalidInput, Problem
from plugins.loyalty.programme import Programme
from plugins.loyalty.table import Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READ = tuple(column for column in COLUMNS if column != "note")
MOST_SHOWN = 200  # lines that don't fit; what is wrong with the others is likely the same
BATCH = 100_000  # member ids handed over together
LINE = "member, day, kind, minor, points, reference, tags"

Entry = tuple[str, date, str, int | None, int | None, str | None, Sequence[str]]  # the columns of LINE


@dataclass(frozen=True)
class Relation:
    """What a query can read rows from: SQL to stand behind `from`, and SQL for the text of each column it has."""

    sql: str
    texts: Mapping[str, str]


class LedgerSource(Table, Protocol):
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


def load_ledger(
    source: LedgerSource, programme: Programme, member_ids: Iterable[str] | None, today: date, con: DuckDBPyConnection
) -> Ledger:
    """Read and check a ledger; raise InvalidInput. Without `member_ids` (they couldn't be read) members aren't checked."""
    rules = LedgerRules(programme, today)
    header = source.header
    con.execute("set preserve_insertion_order = true")  # a row's number in the table is its place in the source
    _enter_members(con, member_ids)
    if not _read_quickly(source, rules, con):
        _read_carefully(source, rules, con)
    lines = _settle(con)
    return Ledger(con, source.name, lines, header.dropped)


def _enter_members(con: DuckDBPyConnection, member_ids: Iterable[str] | None) -> None:
    con.execute("create or replace temp table ledger_member (id varchar)")
    if member_ids is None:
        con.execute("drop table ledger_member")
        return
    ids = iter(member_ids)
    while batch := list(islice(ids, BATCH)):
        con.execute("insert into ledger_member select unnest(?::varchar[])", [batch])


def _read_quickly(source: LedgerSource, rules: LedgerRules, con: DuckDBPyConnection) -> bool:
    """Let DuckDB read; tell whether it could, and every line is right."""
    import duckdb

    try:
        with source.relation() as relation:
            return relation is not None and _stage(con, relation, rules) == 0
    except duckdb.Error:
        return False


def _read_carefully(source: LedgerSource, rules: LedgerRules, con: DuckDBPyConnection) -> None:
    """Read row by row, in the very order in which problems are placed; raise InvalidInput with what is wrong."""
    problems: list[Problem] = []
    with _rows_piped(source, problems) as relation:
        wrong = _stage(con, relation, rules)
    if wrong:
        problems += _explained(source, rules, con, wrong)
    if problems:
        raise InvalidInput(problems)


@contextmanager
def _rows_piped(source: Table, problems: list[Problem]) -> Iterator[Relation]:
    columns = [column for column in READ if column in source.header.places]
    rows = ([row.texts.get(column) for column in columns] for row in source.rows(problems))
    with csv_relation(csv_writer(rows), columns) as relation:
        yield relation


@contextmanager
def csv_relation(write: Write, columns: Sequence[str]) -> Iterator[Relation]:
    """Make CSV of these columns, without a header, readable once."""
    with piped(write) as path:
        yield Relation(read_csv(path, columns, ",", header=False), {name: quoted_name(name) for name in columns})


def read_csv(path: str, columns: Sequence[str], delimiter: str, *, header: bool) -> str:
    """Write the call that reads CSV strictly and guesses nothing; every cell is text."""
    named = ", ".join(f"{quoted(name)}: 'varchar'" for name in columns)
    return (
        f"read_csv({quoted(path)}, auto_detect = false, columns = {{{named}}}, header = {str(header).lower()},"
        f" delim = {quoted(delimiter)}, quote = '\"', escape = '\"', nullstr = '', strict_mode = true,"
        " null_padding = false, ignore_errors = false)"
    )


def quoted_name(name: str) -> str:
    """Write a column's name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _stage(con: DuckDBPyConnection, relation: Relation, rules: LedgerRules) -> int:
    """Read typed lines into `ledger_line`, each with the rules it breaks; return how many break one.

    No join may stand in this statement: DuckDB keeps the order of rows through all else.
    """
    texts = ", ".join(f"{_trimmed(relation, column)} as {_text_name(column)}" for column in READ)
    con.execute("drop view if exists line")
    con.execute(
        f"create or replace table ledger_line as select member, day, kind, {rules.minor()} as minor, points, reference,"
        f" {TAGS} as tags, ({rules.broken()})::uinteger as broken"
        f" from (select {rules.typed()}, {DAY} as day from (select {texts} from {relation.sql}))"
    )
    _note_unknown_members(con, rules)
    return int(_figure(con, "select count(*) from ledger_line where broken <> 0"))


DAY = (
    "case when date_text glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_cast(date_text as date) end"
)
TAGS = (
    "case when tags_text is null then [] when contains(tags_text, '  ')"
    " then string_split(regexp_replace(tags_text, ' +', ' ', 'g'), ' ') else string_split(tags_text, ' ') end"
)


def _trimmed(relation: Relation, column: str) -> str:
    return f"nullif(trim({relation.texts[column]}), '')" if column in relation.texts else "null::varchar"


def _text_name(column: str) -> str:
    return column if column in {"member", "currency", "reference"} else f"{column}_text"


def _note_unknown_members(con: DuckDBPyConnection, rules: LedgerRules) -> None:
    if not _figure(con, "select count(*) from duckdb_tables() where table_name = 'ledger_member'"):
        return
    stranger = "member is not null and not exists (from ledger_member where id = member)"
    if _figure(con, f"select count(*) from ledger_line where {stranger}"):
        con.execute(f"update ledger_line set broken = broken + {rules.unknown_bit} where {stranger}")


def _explained(source: Table, rules: LedgerRules, con: DuckDBPyConnection, wrong: int) -> Iterator[Problem]:
    """Say what is wrong with the first lines that don't fit, and how many there are."""
    found = con.execute(
        f"select rowid, broken from ledger_line where broken <> 0 order by rowid limit {MOST_SHOWN}"
    ).fetchall()
    broken, last = dict(found), found[-1][0]
    for number, row in enumerate(islice(source.rows([]), last + 1)):
        if number in broken:
            yield from rules.problems(row, broken[number])
    if wrong > MOST_SHOWN:
        yield Problem(source.name, 0, 0, f"{wrong} lines don't fit; these are the first {MOST_SHOWN}")


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
