"""Made-up members for benchmarks: N of them with five ledger lines each, under the sample's programme.

python -m tests.bench.people FOLDER COUNT    writes a project: the sample with these members

The same number gives the same members, whatever the count, so that two projects differ in their length only.
"""

from __future__ import annotations

import csv
import random
import shutil
import sys
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ON = date(2026, 11, 21)
GIVEN = "Maya Ines Aoife Tadhg Solveig Jonas Lena Pierre Nadia Yusuf Marta Emil Greta Luca Sofia Oskar".split()
FAMILY = "Okafor Brandt Lindqvist Moreau Castellani Novak Byrne Haddad Sorensen Kowalska Ferreira Meyer".split()
INTERESTS = "espresso filter decaf equipment origin classes".split()
MANAGERS = "ines tadhg solveig".split()
COLUMNS = (
    *("id", "given name", "family name", "formal name", "email", "birthday", "joined"),
    *("key customer", "account manager", "interests", "consent"),
)
LEDGER_COLUMNS = ("date", "member", "kind", "amount", "points", "reference", "tags", "note")
LINES = 5  # of a member


def member_id(number: int) -> str:
    """Return the id of a member."""
    return f"B-{number:07d}"


def member_row(number: int) -> dict[str, str]:
    """Return one row of members.csv. One member in 50 has an account manager."""
    chance = random.Random(f"member {number}")
    given, family, is_key = chance.choice(GIVEN), f"{chance.choice(FAMILY)}-{number}", number % 50 == 0
    row = {"id": member_id(number), "given name": given, "family name": family, "formal name": f"Dr {family}"}
    row |= {"email": f"{given.lower()}.{number}@post.example"}
    row["birthday"] = f"{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    row["joined"] = str(date(2016, 1, 1) + timedelta(days=chance.randrange(3400)))
    row["key customer"] = "true" if is_key else "false"
    row["account manager"] = chance.choice(MANAGERS) if is_key else ""
    row["interests"] = " ".join(chance.sample(INTERESTS, chance.randint(0, 3)))
    return row | {"consent": "email"}


def ledger_rows(number: int) -> Iterator[dict[str, str]]:
    """Yield the ledger lines of one member: mostly orders, and a review now and then."""
    chance = random.Random(f"ledger {number}")
    for _ in range(LINES):
        day = ON - timedelta(days=chance.randrange(1, 729))
        row = {"date": str(day), "member": member_id(number), "kind": "review"}
        if chance.random() < 0.9:
            row |= {"kind": "purchase", "amount": f"{chance.lognormvariate(3.6, 0.8) + 2:.2f}"}
            row |= {"reference": f"W-{number}-{chance.randrange(10**6)}", "tags": chance.choice(INTERESTS[:5])}
        yield row


def write_members(folder: Path, count: int) -> None:
    """Write the sample's programme, and members.csv and ledger.csv of so many members."""
    folder.mkdir(parents=True)
    shutil.copyfile(ROOT / "members" / "programme.yaml", folder / "programme.yaml")
    _write(folder / "members.csv", COLUMNS, map(member_row, range(1, count + 1)))
    _write(
        folder / "ledger.csv", LEDGER_COLUMNS, (row for number in range(1, count + 1) for row in ledger_rows(number))
    )


def buy(folder: Path, numbers: Iterable[int], day: date) -> None:
    """Add a ledger line to each of these members."""
    with open(folder / "ledger.csv", "a", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, LEDGER_COLUMNS, lineterminator="\n")
        for number in numbers:
            row = {"date": str(day), "member": member_id(number), "kind": "purchase", "amount": "24.00"}
            table.writerow(row | {"reference": f"X-{number}-{day:%Y%m%d}", "tags": "filter"})


def write_project(folder: Path, count: int) -> None:
    """Write a project: the sample's content, theme and settings, with made-up members.

    Its day is that of the clock, as in a real portal: PORTAL_NOW states it.
    """
    write_members(folder / "members", count)
    shutil.copytree(ROOT / "content", folder / "content")
    for name in ("theme", "publishconf.py"):
        (folder / name).symlink_to(ROOT / name)
    settings = (ROOT / "pelicanconf.py").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in settings if not line.startswith("PORTAL_TODAY")]
    (folder / "pelicanconf.py").write_text("".join(kept), "utf-8")


def _write(file: Path, columns: tuple[str, ...], rows: Iterator[dict[str, str]]) -> None:
    with open(file, "w", encoding="utf-8", newline="") as target:
        table = csv.DictWriter(target, columns, restval="", lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


if __name__ == "__main__":
    write_project(Path(sys.argv[1]), int(sys.argv[2]))
