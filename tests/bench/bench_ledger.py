"""A ledger of ten million lines of a million members: seconds and memory to load it and to say where everybody stands.

python -m tests.bench.bench_ledger [lines] [members]

The lines are made by DuckDB from their numbers alone, the same ones each time: 85 in 100 are purchases, a fifth of the
members redeem. CSV and Parquet are each measured in a process of their own; the floor is DuckDB adding up amounts over
the same file.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

from members_portal.loyalty.engine.engine import Engine
from members_portal.loyalty.ledger.ledger import load_ledger, open_store
from members_portal.loyalty.ledger.ledger_file import CsvLedger, ParquetLedger
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from members_portal.loyalty.member.given_tier import GivenTier
from members_portal.loyalty.programme.programme_file import load_programme

MODULE = "tests.bench.bench_ledger"
LINES, MEMBERS = 10_000_000, 1_000_000
SECONDS, MEGABYTES = 30, 2048  # for loading and computing together, on two cores
FIRST, ON = date(2024, 11, 1), date(2026, 11, 21)
DAYS = 730

PROGRAMME = """\
name: A large club
tiers:
  - {key: member, name: Member, colour: "#7a5532", colour dark: "#cfa679", summary: You buy from us.}
  - {key: silver, name: Silver, colour: "#59656d", colour dark: "#b9c4cb", summary: You buy often., reach: 150}
  - {key: gold, name: Gold, colour: "#876011", colour dark: "#e3bc58", summary: You tell others., reach: 400}
points: {pending days: 14, valid: {end of: year, after: 1}}
earning:
  - {name: Spending, kind: purchase, points: 1, per: 1, exclude tags: [gift-card], minimum: 5}
  - {name: Review, kind: review, points: 15, cap: {points: 45, per: month}}
  - {name: Evening, kind: event, points: 40}
  - {name: Referral, kind: referral, points: 150, pending days: 30}
  - {name: Birthday, kind: birthday, points: 50, valid: {months: 3}}
multipliers:
  - {name: Single farms, factor: 2, tags: [origin]}
  - {name: Gold and up, factor: 1.25, tiers: [gold]}
qualifying: {basis: spend, period: calendar, downgrade: one-step, grace days: 60, exclude tags: [gift-card]}
rebate: {bands: [{from: 250, percent: 1}, {from: 500, percent: 2}]}
"""

# Line i belongs to the order of line `root`: itself, or a line before it. `dice` is a fixed
# shuffle of 32 bits, so that two columns of a line have nothing to do with each other.
LEDGER = """
with dice as (
    select i, (i * 2654435761 + 97) % 4294967296 // 7919 as a, i % 10 as place from range($lines) lines(i)
), rolled as (
    select i, place, a % 1000 as luck,
           case when place in (1, 9) then i - 1 else i end as root
    from dice
), kinds as (
    select i, root, (root * 2246822519 + 3) % 4294967296 as b, (root * 3266489917 + 7) % 4294967296 as c,
           (i * 668265263 + 1) % 4294967296 as d,
           case
               when place = 9 and luck < 500 then 'refund'
               when place in (0, 1, 8, 9) or luck < 830 then 'purchase'
               when luck < 930 then 'redemption'
               when luck < 975 then 'event'
               when luck < 985 then 'review'
               when luck < 990 then 'birthday'
               when luck < 994 then 'referral'
               when luck < 998 then 'survey'
               else 'adjustment'
           end as what
    from rolled
)
select date '2024-11-01' + (c // 101 % {days} + case when what = 'refund' then d % 20 else 0 end)::integer as date,
       'M-' || lpad((case when what = 'redemption' then b // 13 % $members // 5 * 5 else b // 13 % $members end)
           ::varchar, 7, '0') as member,
       what as kind,
       case what
           when 'purchase' then ((d // 17 % 6000 + 150) / 100)::decimal(9, 2)
           when 'refund' then ((d // 17 % 2000 + 50) / 100)::decimal(9, 2)
       end as amount,
       null::varchar as currency,
       case what when 'redemption' then d // 17 % 60 + 5 when 'adjustment' then d // 17 % 50 + 1 end::bigint as points,
       case
           when what in ('purchase', 'refund') then 'R-' || root
           when what = 'redemption' then 'cup-for-eighty'
       end as reference,
       case
           when what <> 'purchase' then null
           when d % 100 < 10 then 'origin'
           when d % 100 < 13 then 'gift-card'
           when d % 100 < 40 then 'beans filter'
       end as tags,
       null::varchar as note
from kinds
order by 1, i
"""


class Person(NamedTuple):
    """What the engine asks of a member."""

    id: str
    joined: date
    tier: str | None = None
    tier_from: date | None = None
    tier_until: date | None = None
    tiers_given: tuple[GivenTier, ...] = ()


def main(lines: int = LINES, members: int = MEMBERS) -> None:
    """Make the ledger, measure each form of it, print the figures."""
    with tempfile.TemporaryDirectory(prefix="bench-ledger-") as name:
        folder = Path(name)
        (folder / "programme.yaml").write_text(PROGRAMME, "utf-8")
        in_process("make", folder, str(lines), str(members))
        for file in ("ledger.csv", "ledger.parquet"):
            print(f"{file}.size  {(folder / file).stat().st_size / 1e6:.0f} MB", flush=True)
            in_process("measure", folder / file, str(members))


def in_process(step: str, *arguments: Path | str) -> None:
    """Run a step of this module by itself, so that its memory is its own."""
    subprocess.run([sys.executable, "-m", MODULE, step, *map(str, arguments)], check=True)


def make(folder: str, lines: str, members: str) -> None:
    """Write the ledger as CSV and Parquet."""
    con = duckdb.connect()
    con.execute(f"set temp_directory = '{folder}/spill'")
    query = LEDGER.format(days=DAYS)
    con.execute(f"create table ledger as {query}", {"lines": int(lines), "members": int(members)})
    con.execute(f"copy ledger to '{folder}/ledger.csv' (header, delimiter ',')")
    con.execute(f"copy ledger to '{folder}/ledger.parquet' (format parquet)")
    for kind, count in con.execute("select kind, count(*) from ledger group by 1 order by 2 desc").fetchall():
        print(f"ledger.{kind}  {count} lines", flush=True)


class Clock(NamedTuple):
    """A reading: seconds passed, and CPU seconds of this process. On a busy machine only the latter are comparable."""

    wall: float
    cpu: float

    @classmethod
    def now(cls) -> Clock:
        """Read both clocks."""
        return cls(time.perf_counter(), time.process_time())

    def since(self) -> Clock:
        """Return what has passed since this reading."""
        now = Clock.now()
        return Clock(now.wall - self.wall, now.cpu - self.cpu)


def floor(file: Path) -> Clock:
    """Time DuckDB adding up each member's amounts in the file, with nothing around."""
    start = Clock.now()
    read = f"read_parquet('{file}')" if file.suffix == ".parquet" else f"read_csv('{file}')"
    duckdb.connect().execute(f"select member, sum(amount) from {read} group by member").fetchall()
    return start.since()


def measure(file: str, members: str) -> None:
    """Print what loading and computing take."""
    con = open_store(Path(file).parent / "spill")
    people = [Person(f"M-{number:07}", FIRST - timedelta(days=number % 900)) for number in range(int(members))]
    start = Clock.now()
    lines = load(con, Path(file), people)
    report(Path(file).name, "load", start.since(), f"{lines} lines")
    loaded = Clock.now()
    count = balance = 0
    for total in balances(con, Path(file).parent, people):
        count, balance = count + 1, balance + total
    report(Path(file).name, "compute", loaded.since(), f"{count} members, balance {balance}")
    both = start.since()
    report(Path(file).name, "all", both, f"target below {SECONDS} s and {MEGABYTES} MB")
    bare = floor(Path(file))
    times = f"{both.wall / bare.wall:.1f} times as long, {both.cpu / bare.cpu:.1f} times the CPU"
    report(Path(file).name, "floor", bare, f"all is {times}")


def load(con: duckdb.DuckDBPyConnection, file: Path, people: list[Person]) -> int:
    """Load a ledger as the product does; return its lines."""
    source = ParquetLedger(file) if file.suffix == ".parquet" else CsvLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED)
    ids = (person.id for person in people)
    ledger = load_ledger(source, load_programme(file.parent), ids, ON, con)
    return int(ledger.rows("select count(*) from line")[0][0])


def balances(con: duckdb.DuckDBPyConnection, folder: Path, people: list[Person]) -> Iterator[int]:
    """Let the product say where everybody stands; give each balance."""
    engine = Engine(con, load_programme(folder), people, 2)  # type: ignore[arg-type]
    for standing in engine.standings(ON):
        yield standing.balance.total


def report(file: str, step: str, taken: Clock, note: str) -> None:
    """Print one figure with the most memory this process has held so far."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{file}.{step}  {taken.wall:.2f} s, CPU {taken.cpu:.2f} s, {peak:.0f} MB ({note})", flush=True)


STEPS: dict[str, Callable[..., None]] = {"make": make, "measure": measure}

if __name__ == "__main__":
    if sys.argv[1:2] and sys.argv[1] in STEPS:
        STEPS[sys.argv[1]](*sys.argv[2:])
    else:
        main(*map(int, sys.argv[1:3]))
