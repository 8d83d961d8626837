"""The same few members and lines, written as YAML, CSV, Parquet, SQLite and PostgreSQL."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import psycopg

from tests.loyalty.small_club import PROGRAMME

RULES = PROGRAMME + "exchange rates: {GBP: 1.17, JPY: 0.0061}\n"
MEMBERS_YAML = """\
- {id: M-1, given name: Maya, family name: Okafor, formal name: Ms Okafor, salutation: formal, email: maya@post.example,
   phone: "+353 20 915 0201", birthday: 02-29, joined: 2021-05-30, tier: gold, tier until: 2027-01-31,
   key customer: true, account manager: ines, interests: [espresso, decaf],
   address: {lines: [The Old Dispensary, Chapel Lane], postcode: "0123", city: Bø, country: NO},
   consent: {post: true, email: true}, code version: 2, language: pt-BR}
- {id: M-2, given name: Rui, formal name: Senhor Costa, joined: 2024-02-29, tier: member}
- {id: M-3, given name: "Ann, \\"Nan\\"", formal name: Ms Null, joined: 2020-01-01, staff: true, birthday: 1984-12-31}
"""
MEMBER_COLUMNS = (
    "id,given_name,family_name,formal_name,salutation,email,phone,birthday,joined,tier,tier_until,staff,key_customer,"
    "account_manager,interests,address_lines,postcode,city,country,consent,code_version,language,shoe_size"
).split(",")
MEMBER_ROWS: list[tuple[Any, ...]] = [
    (
        *("M-1", "Maya", "Okafor", "Ms Okafor", "formal", "maya@post.example", "+353 20 915 0201", "02-29"),
        *("2021-05-30", "gold", "2027-01-31", None, True, "ines", "espresso, decaf"),
        *("The Old Dispensary / Chapel Lane", "0123", "Bø", "NO", "post email", 2, "pt-BR", 38),
    ),
    ("M-2", "Rui", None, "Senhor Costa", None, None, None, None, "2024-02-29", "member", *[None] * 12, 44),
    ("M-3", 'Ann, "Nan"', "", "Ms Null", *[None] * 3, "1984-12-31", "2020-01-01", None, None, True, *[None] * 10, 40),
]
LEDGER_COLUMNS = ("line", "date", "member", "kind", "amount", "currency", "points", "reference", "tags", "note")
LEDGER_ROWS: list[tuple[Any, ...]] = [  # in the order of a file, which isn't that of the days
    (1, "2026-03-05", "M-1", "purchase", "20.00", None, None, "R-1", "beans decaf", "at the till"),
    (2, "2026-03-04", "M-2", "purchase", "0.5", "GBP", None, None, None, None),
    (3, "2026-03-05", "M-1", "refund", "5", "EUR", None, "R-1", None, None),
    (4, "2026-03-05", "M-2", "purchase", "1050", "JPY", None, "R-2", "équipement", None),
    (5, "2026-03-04", "M-1", "adjustment", None, None, -50, None, None, "gave too many"),
    (6, "2026-03-07", "M-1", "redemption", None, None, 0, "cafe", None, None),
    (7, "2024-02-29", "M-3", "review", None, None, None, None, None, None),
]
LINES = [  # what comes of them; 0.50 GBP are 0.585 EUR and 1050 JPY 6.405: halves are rounded up
    (1, "M-1", "2026-03-04", "adjustment", None, -50, None, None, []),
    (2, "M-1", "2026-03-05", "purchase", 2000, None, "R-1", None, ["beans", "decaf"]),
    (3, "M-1", "2026-03-05", "refund", 500, None, "R-1", None, []),
    (4, "M-1", "2026-03-07", "redemption", None, 0, "cafe", None, []),
    (5, "M-2", "2026-03-04", "purchase", 59, None, None, None, []),
    (6, "M-2", "2026-03-05", "purchase", 641, None, "R-2", None, ["équipement"]),
    (7, "M-3", "2024-02-29", "review", None, None, None, None, []),
]


def in_yaml(folder: Path, database: str) -> str | None:
    """Write members.yaml and ledger.yaml."""
    (folder / "members.yaml").write_text(MEMBERS_YAML, "utf-8")
    named = [zip(LEDGER_COLUMNS[1:], row[1:], strict=True) for row in LEDGER_ROWS]
    lines = [", ".join(f"{name}: {value}" for name, value in row if value is not None) for row in named]
    (folder / "ledger.yaml").write_text("".join(f"- {{{line}}}\n" for line in lines), "utf-8")
    return None


def in_csv(folder: Path, database: str) -> str | None:
    """Write members.csv as a spreadsheet exports it, and ledger.csv plainly."""
    with (folder / "members.csv").open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(name.replace("_", " ").title() for name in MEMBER_COLUMNS)
        writer.writerows([_plain(value) for value in row] for row in MEMBER_ROWS)
    with (folder / "ledger.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([LEDGER_COLUMNS[1:], *(row[1:] for row in LEDGER_ROWS)])
    return None


def in_parquet(folder: Path, database: str) -> str | None:
    """Write members.csv, and ledger.parquet with typed columns."""
    in_csv(folder, database)
    source, file = folder / "ledger.csv", folder / "ledger.parquet"
    with duckdb.connect() as con:
        con.execute(
            "copy (select date::timestamp as date, member, kind, amount::decimal(12, 3) as amount, currency,"
            " points::int as points, reference, string_split(tags, ' ') as tags"
            f" from read_csv('{source}', all_varchar = true)) to '{file}'"
        )
    source.unlink()
    return None


def in_sqlite(folder: Path, database: str) -> str | None:
    """Write a file with two tables."""
    with sqlite3.connect(folder / "club.db") as con:
        con.execute(f"create table portal_members ({', '.join(MEMBER_COLUMNS)})")
        con.executemany(f"insert into portal_members values ({', '.join('?' * 23)})", MEMBER_ROWS)
        con.execute(f"create table portal_ledger ({', '.join(LEDGER_COLUMNS)})")
        con.executemany(f"insert into portal_ledger values ({', '.join('?' * 10)})", LEDGER_ROWS)
    return f"sqlite:///{folder}/club.db"


def in_postgresql(folder: Path, database: str) -> str | None:
    """Write typed tables, and the members as a view over one of them."""
    with psycopg.connect(database) as con:
        texts = ", ".join(f"{name} text" for name in MEMBER_COLUMNS[:8])
        con.execute(
            f"create table person ({texts}, joined date, tier text, tier_until timestamp, staff boolean,"
            " key_customer boolean, account_manager text, interests text, address_lines text, postcode char(8),"
            " city text, country text, consent text, code_version int, language text, shoe_size numeric)"
        )
        con.cursor().executemany(f"insert into person values ({', '.join(['%s'] * 23)})", MEMBER_ROWS)
        con.execute(
            "create view portal_members as select string_to_array(interests, ', ') as interests,"
            " string_to_array(address_lines, ' / ') as address_lines, string_to_array(consent, ' ') as consent,"
            ' given_name as "Given Name", '
            + ", ".join(set(MEMBER_COLUMNS) - {"interests", "address_lines", "consent", "given_name"})
            + " from person"
        )
        con.execute(
            "create table portal_ledger (line bigint primary key, date date, member text, kind text,"
            " amount numeric(12, 4), currency char(3), points int, reference text, tags text, note text)"
        )
        con.cursor().executemany(f"insert into portal_ledger values ({', '.join(['%s'] * 10)})", LEDGER_ROWS)
    return database


def _plain(value: Any) -> Any:
    return str(value).lower() if isinstance(value, bool) else value


WRITERS: dict[str, Callable[[Path, str], str | None]] = {
    "yaml": in_yaml,
    "csv": in_csv,
    "parquet": in_parquet,
    "sqlite": in_sqlite,
    "postgresql": in_postgresql,
}
