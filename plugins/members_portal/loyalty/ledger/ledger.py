"""The ledger: lines of member activity, read from any source into DuckDB and validated there.

    source = CsvLedger(folder / "ledger.csv")
    ledger = load_ledger(source, programme, ids, today, duckdb.connect())

creates in the connection the view that the engine reads: `line(n, member, day, kind, minor, points, reference, item,
tags)`. n numbers the lines of each member in the order of RULES.md, "Words", whatever their order in the source; minor
is the amount in the smallest unit of the programme's currency. DuckDB reads and types ten million lines in one pass.
Only when a line breaks a rule, Python reads the source again to locate it. The column `note` is never read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.csv_cell import TEXT_START, stated_text_sql
from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.loyalty.input.table_columns import Table
from members_portal.loyalty.input.zoned_time import day_at_site_sql
from members_portal.loyalty.ledger.ledger_note import located
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LedgerRules
from members_portal.loyalty.ledger.line_match import line_notes, match_lines
from members_portal.loyalty.ledger.line_order import number_lines
from members_portal.loyalty.ledger.pipe import csv_writer
from members_portal.loyalty.ledger.refund_currency import original_columns
from members_portal.loyalty.ledger.relation import Relation, csv_relation
from members_portal.loyalty.ledger.tag_set import TAGGED_LINES, create_tag_sets
from members_portal.loyalty.programme.programme import Programme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

READ = tuple(column for column in LEDGER_COLUMNS if column != "note")
MOST_LINES_SHOWN = 200  # invalid lines reported; others are only counted
STATED = ("member", "reference", "item")  # columns in which a spreadsheet may state a text
MEMORY = "1GB"
IDS_PER_INSERT = 100_000  # member ids in one insert
DAY_SQL = "case when date_text glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_cast(date_text as date) end"

LedgerLine = tuple[str, date, str, int | None, int | None, str | None, str | None, Sequence[str]]  # as in `line`


class LedgerSource(Table, Protocol):
    """A table of ledger lines, which DuckDB reads through `relation` where it can."""

    def relation(self) -> AbstractContextManager[Relation | None]:
        """Return a relation that a query can read once, or None; raise duckdb.Error."""


@dataclass(frozen=True)
class Ledger:
    """A ledger; `load` reads its lines into the view `line` of a connection to DuckDB, when they are asked for."""

    load: Callable[[], DuckDBPyConnection]
    name: str
    dropped: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()

    @cached_property
    def con(self) -> DuckDBPyConnection:
        """The connection with the lines."""
        return self.load()

    def rows(self, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query over the view `line`."""
        return self.con.execute(query, parameters).fetchall()


def open_store(spill: Path | None = None) -> DuckDBPyConnection:
    """Open an in-memory database for a ledger. With the private folder `spill`, memory is limited to a gigabyte.

    DuckDB creates a folder for this process in `spill` when it needs one, and removes it. By default it would spill
    into the working folder.
    """
    import duckdb  # imported late: an unchanged publish, or one without a ledger, does not need it

    con = duckdb.connect()
    con.execute("set temp_directory = ?", [str(spill / str(os.getpid())) if spill else ""])
    if spill:
        spill.mkdir(parents=True, exist_ok=True, mode=0o700)
        con.execute("set memory_limit = ?", [MEMORY])
    return con


def load_ledger(
    source: LedgerSource,
    programme: Programme,
    member_ids: Iterable[str] | None,
    today: date,
    con: DuckDBPyConnection,
    renumbered: Mapping[str, str] = {},
    *,
    warned: bool = False,
    zone: ZoneInfo | None = None,
) -> Ledger:
    """Read and validate a ledger; raise InvalidInput. Without `member_ids`, members are not checked.

    `renumbered` maps former member ids to present ones. `warned`: also find the warnings, which read the source again
    if there are any. `zone` is the time zone of the site, for dates that state a time with a time zone.
    """
    rules = LedgerRules(programme, today, renumbered, knows_members=member_ids is not None)
    header = source.header
    con.execute("set preserve_insertion_order = true")  # rowid is the position in the source
    _create_member_table(con, None if member_ids is None else chain(member_ids, renumbered))
    if not _read_with_duckdb(source, rules, con, zone):
        _read_with_python(source, rules, con, zone)
    warnings = tuple(located(source, line_notes(con, programme))) if warned else ()
    number_lines(con)
    return Ledger(lambda: con, source.name, header.dropped, warnings)


def _create_member_table(con: DuckDBPyConnection, member_ids: Iterable[str] | None) -> None:
    con.execute("create or replace temp table ledger_member (id varchar)")
    if member_ids is None:
        con.execute("drop table ledger_member")
        return
    ids = iter(member_ids)
    while batch := list(islice(ids, IDS_PER_INSERT)):
        con.execute("insert into ledger_member select unnest(?::varchar[])", [batch])


def _read_with_duckdb(source: LedgerSource, rules: LedgerRules, con: DuckDBPyConnection, zone: ZoneInfo | None) -> bool:
    """Read the source with DuckDB; return False when DuckDB cannot read it. Raise InvalidInput for invalid lines."""
    import duckdb

    try:
        with source.relation() as relation:
            if relation is None:
                return False
            invalid = _stage(con, relation, rules, zone)
    except duckdb.Error:
        return False
    problems = _located_problems(source, rules, con) if invalid else []
    if problems:
        raise InvalidInput(problems)
    return problems is not None


def _read_with_python(source: LedgerSource, rules: LedgerRules, con: DuckDBPyConnection, zone: ZoneInfo | None) -> None:
    """Read the source row by row, which finds unreadable rows; raise InvalidInput with all problems."""
    problems: list[Problem] = []
    columns, places = zip(*((name, place) for name, place in source.header.places.items() if name in READ), strict=True)
    rows = ([raw.cells[place] for place in places] for raw in source.raw_rows(problems))
    import duckdb

    try:
        with csv_relation(csv_writer(rows), columns) as relation:
            invalid = _stage(con, relation, rules, zone)
    except (duckdb.InvalidInputException, duckdb.ConversionException, duckdb.OutOfRangeException):
        unreadable = Problem(source.name, 0, 0, "can't be read")  # DuckDB's own message quotes the row
        raise InvalidInput([*problems, unreadable]) from None
    if invalid:
        problems += _located_problems(source, rules, con, same_order=True) or []
    if problems:
        raise InvalidInput(problems)


def _stage(con: DuckDBPyConnection, relation: Relation, rules: LedgerRules, zone: ZoneInfo | None) -> int:
    """Read typed lines into `ledger_line` with the rules that each breaks; return the number of invalid lines.

    The statement has no join: DuckDB would not keep the order of the rows.
    """
    cells = {column: _trimmed(relation, column) for column in READ}
    cells["date"] = day_at_site_sql(cells["date"], zone)
    texts = ", ".join(f"{cell} as {_text_name(column)}" for column, cell in cells.items())
    con.execute("drop view if exists line")
    con.execute("drop table if exists ledger_line")
    written = f"(select {texts}, {relation.empty} as is_empty from {relation.sql})"  # noqa: S608 - names and words are quoted
    typed = f"(select {rules.typed()}, {DAY_SQL} as day from {written})"  # noqa: S608
    original = original_columns(rules.programme)
    line = f"member, day, kind, {rules.minor()} as minor, points, reference, item, tags_text{original}"
    broken = f"case when is_empty then null else {rules.broken()} end::uinteger as broken"
    con.execute(f"create table ledger_line as select {line}, {broken} from {typed}")  # noqa: S608
    _drop_empty_rows(con)
    create_tag_sets(con)
    _read_stated_texts(con)
    _note_unknown_members(con, rules)
    _renumber(con, rules.renumbered)
    match_lines(con, rules)
    return int(_figure(con, "select count(*) from ledger_line where broken <> 0"))


def _drop_empty_rows(con: DuckDBPyConnection) -> None:
    """Write the table again without empty rows, which alone have no `broken`: a row id is a position in the source."""
    if _figure(con, "select count(*) from ledger_line where broken is null"):
        con.execute("create table filled_line as from ledger_line where broken is not null")
        con.execute("drop table ledger_line")
        con.execute("alter table filled_line rename to ledger_line")


def _trimmed(relation: Relation, column: str) -> str:
    return f"nullif(trim({relation.texts[column]}), '')" if column in relation.texts else "null::varchar"


def _text_name(column: str) -> str:
    return column if column in {"member", "currency", "reference", "item"} else f"{column}_text"


def _read_stated_texts(con: DuckDBPyConnection) -> None:
    """Read `="0012"` of a spreadsheet as `0012`. Few ledgers have such cells: an update of these is fast."""
    for column in STATED:
        stated = f"update ledger_line set {column} = {stated_text_sql(column)}"  # noqa: S608 - constants
        con.execute(f"{stated} where starts_with({column}, '{TEXT_START}')")


def _note_unknown_members(con: DuckDBPyConnection, rules: LedgerRules) -> None:
    if not _figure(con, "select count(*) from duckdb_tables() where table_name = 'ledger_member'"):
        return
    named = "(select member from ledger_line where member is not null)"
    if _figure(con, f"select count(*) from {named} anti join ledger_member on id = member"):  # noqa: S608
        unknown = "member is not null and not exists (from ledger_member where id = member)"
        con.execute(f"update ledger_line set broken = broken + {rules.unknown_bit} where {unknown}")  # noqa: S608


def _renumber(con: DuckDBPyConnection, renumbered: Mapping[str, str]) -> None:
    """Give the lines of former members to the present ones. The table `former_line` keeps them as written."""
    if renumbered:
        ids = [list(renumbered), list(renumbered.values())]
        con.execute(
            "create or replace temp table former_line as select member as former, present, day, kind::varchar as kind,"  # noqa: S608
            f" minor, points, tags from {TAGGED_LINES} join"
            " (select unnest(?::varchar[]) as former, unnest(?::varchar[]) as present) on member = former",
            ids,
        )
        con.execute(
            "update ledger_line set member = present from"
            " (select unnest(?::varchar[]) as former, unnest(?::varchar[]) as present) where member = former",
            ids,
        )


def _located_problems(
    source: Table, rules: LedgerRules, con: DuckDBPyConnection, *, same_order: bool = False
) -> list[Problem] | None:
    """Return the problems of the first invalid lines, with their places in the source.

    Return None when Python finds another member on such a line than DuckDB; not checked with `same_order`.
    """
    others, unknown = _report_once(con, rules.once_bits), _report_members_once(con, rules.unknown_bit)
    invalid = _figure(con, "select count(*) from ledger_line where broken <> 0")
    first = f"select rowid, broken, member from ledger_line where broken <> 0 order by rowid limit {MOST_LINES_SHOWN}"  # noqa: S608
    broken = {number: (rules_broken, member) for number, rules_broken, member in con.execute(first).fetchall()}
    problems: list[Problem] = []
    for number, raw in enumerate(islice(source.raw_rows([]), max(broken) + 1)):
        if number in broken:
            row, (rules_broken, member) = source.row(raw), broken.pop(number)
            if not same_order and rules.present(row.texts.get("member")) != member:
                return None
            problems += rules.problems(row, rules_broken, {**others, rules.unknown_bit: unknown.get(member, 0)})
    if invalid > MOST_LINES_SHOWN:
        problems.append(
            Problem(source.name, 0, 0, f"{invalid} lines don't fit; these are the first {MOST_LINES_SHOWN}")
        )
    return None if broken else problems


def _report_once(con: DuckDBPyConnection, bits: Iterable[int]) -> dict[int, int]:
    """Keep each of these bits in its first line only; return the number of the other lines by bit."""
    others = {}
    for bit in bits:
        has_bit = f"(broken & {bit}) <> 0"
        if (count := _figure(con, f"select count(*) from ledger_line where {has_bit}")) > 1:  # noqa: S608
            others[bit] = count - 1
            first = f"(select min(rowid) from ledger_line where {has_bit})"  # noqa: S608
            con.execute(f"update ledger_line set broken = broken - {bit} where {has_bit} and rowid > {first}")  # noqa: S608
    return others


def _report_members_once(con: DuckDBPyConnection, bit: int) -> dict[str, int]:
    """Keep the bit of unknown members in the first line of each; return the number of the other lines by member."""
    has_bit = f"(broken & {bit}) <> 0"
    lines = (
        f"select member, min(rowid) as first, count(*) - 1 as others from ledger_line where {has_bit} group by member"  # noqa: S608
    )
    others = dict(con.execute(f"select member, others from ({lines}) where others > 0").fetchall())  # noqa: S608
    if others:
        query = f"update ledger_line set broken = broken - {bit} from ({lines}) f"  # noqa: S608
        con.execute(f"{query} where f.member = ledger_line.member and {has_bit} and ledger_line.rowid > first")
    return others


def ledger_of(lines: Iterable[LedgerLine], con: DuckDBPyConnection) -> Ledger:
    """Create a ledger from valid lines, without validation."""
    con.execute(
        "create or replace table ledger_line (member varchar, day date, kind varchar, minor bigint, points bigint,"
        " reference varchar, item varchar, tags_text varchar, broken uinteger)"
    )
    for *cells, tags in lines:
        con.execute("insert into ledger_line values (?, ?, ?, ?, ?, ?, ?, ?, 0)", [*cells, " ".join(tags) or None])
    create_tag_sets(con)
    number_lines(con)
    return Ledger(lambda: con, "a list")


def _figure(con: DuckDBPyConnection, sql: str) -> int:
    (figure,) = con.execute(sql).fetchone() or (0,)
    return int(figure)
