"""The CDNOW log through the engine, and a portal published from it: seconds and memory, and totals that tie out."""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

import duckdb

from members_portal.loyalty.engine.engine import Engine
from members_portal.loyalty.ledger.ledger import load_ledger
from members_portal.loyalty.ledger.ledger_file import CsvLedger
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from members_portal.loyalty.programme.programme_file import load_programme
from tests.bench.bench_ledger import Person
from tests.loyalty.cdnow import Unreachable, cdnow_file, write_cdnow_portal

ROOT = Path(__file__).parents[2]
ON = date(1998, 6, 30)


def main() -> None:
    """Print the figures, or why there are none."""
    try:
        cdnow_file()
    except Unreachable as error:
        print(f"cdnow  not measured: {error}")
        return
    with tempfile.TemporaryDirectory(prefix="bench-cdnow-") as name:
        write_cdnow_portal(ROOT, Path(name))
        measure(Path(name) / "members")
        publish(Path(name))


def measure(folder: Path) -> None:
    """Load the ledger and compute every account, with the story of each line."""
    people, programme = customers(folder), load_programme(folder)
    start = time.perf_counter()
    with duckdb.connect() as con:
        source = CsvLedger(folder / "ledger.csv", LEDGER_COLUMNS, LEDGER_REQUIRED)
        ledger = load_ledger(source, programme, (person.id for person in people), ON, con)
        loaded = time.perf_counter()
        lines = cents = accounts = 0
        for account in Engine(con, programme, people, 2).accounts(ON):  # type: ignore[arg-type]
            accounts, lines = accounts + 1, lines + len(account.lines)
            cents += sum(line.minor or 0 for line in account.lines)
    ended = time.perf_counter()
    print(f"cdnow.load     {loaded - start:.2f} s ({ledger.rows('select count(*) from line')[0][0]} lines)")
    print(f"cdnow.compute  {ended - loaded:.2f} s ({accounts} customers, {lines} lines, {cents / 100:.2f} dollars)")
    print(f"cdnow.memory   {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB", flush=True)


def publish(project: Path) -> None:
    """Publish a portal for all of them, in a process of its own."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "members_portal", "publish", "--date", ON.isoformat()]
    run = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    for line in run.stdout.splitlines():
        if line[:2] in {f"{number} " for number in range(1, 8)} or line.startswith("Release"):
            print(f"cdnow.publish  {line}")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    members = len(customers(project / "members"))
    print(f"cdnow.publish  {seconds:.1f} s, {peak:.0f} MB for {members} members", flush=True)


def customers(folder: Path) -> list[Person]:
    """Read members.csv."""
    with (folder / "members.csv").open(encoding="utf-8", newline="") as stream:
        return [Person(row["id"], date.fromisoformat(row["joined"])) for row in csv.DictReader(stream)]


if __name__ == "__main__":
    main()
