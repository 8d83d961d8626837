"""The CDNOW log: every purchase of 23,570 customers who first bought in the first quarter of 1997, to mid-1998.

The file is in the wheel of `lifetimes` 0.11.3 on PyPI. It is fetched on first use, and is never part of this tree.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / ".build" / "cache" / "cdnow" / "CDNOW_master.txt"
MEMBER = "lifetimes/datasets/CDNOW_master.txt"  # its name in the wheel
SHA256 = "eff6889ed364c5199d6eacbbeb7a6d559971df4406ac876f322c373f00a072ef"
COMMAND = ("pip", "download", "lifetimes==0.11.3", "--no-deps")

PROGRAMME = """\
name: CDNOW
currency: USD
tiers:
  - {key: listener, name: Listener, colour: "#7a5532", colour dark: "#cfa679", summary: You buy from us.}
  - {key: collector, name: Collector, colour: "#59656d", colour dark: "#b9c4cb", summary: You buy often., reach: 100}
  - {key: curator, name: Curator, colour: "#876011", colour dark: "#e3bc58", summary: You buy a lot., reach: 500}
points: {pending days: 14, valid: {months: 12}}
earning:
  - {name: A point a dollar, kind: purchase, points: 1, per: 1}
multipliers:
  - {name: Collectors and up, factor: 1.5, tiers: [collector+]}
qualifying: {basis: spend, period: rolling, days: 365, downgrade: one-step, grace days: 30}
rebate: {bands: [{from: 200, percent: 1}, {from: 1000, percent: 2}]}
"""


class Unreachable(Exception):
    """Raised when the registry cannot be reached; the message names the command."""


@dataclass(frozen=True)
class Purchase:
    """One row of the log."""

    customer: str
    day: date
    amount: Decimal


def cdnow_file() -> Path:
    """Return the log, fetched once; raise Unreachable, or ValueError for another file."""
    if not FILE.exists():
        FILE.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=FILE.parent) as folder:
            fetched = Path(folder) / FILE.name
            fetched.write_bytes(_fetch(Path(folder)))
            fetched.replace(FILE)
    if sha256(FILE.read_bytes()).hexdigest() != SHA256:
        raise ValueError(f"{FILE} is not the log these figures are of; delete it to have it fetched again")
    return FILE


def _fetch(folder: Path) -> bytes:
    command = [sys.executable, "-m", *COMMAND, "--dest", str(folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise Unreachable(f"`{' '.join(COMMAND)}` failed: {ended.stderr.strip()[-200:]}")
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as parts:
        return parts.read(MEMBER)


def purchases(file: Path) -> list[Purchase]:
    """Read the log: customer, day, number of discs, dollars; the first line is the header."""
    rows = (line.split() for line in file.read_text("ascii").splitlines()[1:])
    return [Purchase(who, datetime.strptime(day, "%Y%m%d").date(), Decimal(paid)) for who, day, _, paid in rows]


def write_cdnow(folder: Path) -> None:
    """Write the log as a members folder: ledger.csv, members.csv (joined at the first purchase), programme.yaml."""
    bought = purchases(cdnow_file())
    joined: dict[str, date] = {}
    for row in bought:
        joined[row.customer] = min(row.day, joined.get(row.customer, row.day))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "programme.yaml").write_text(PROGRAMME, "utf-8")
    _write(
        folder / "ledger.csv",
        ["date", "member", "kind", "amount"],
        [[row.day, f"C-{row.customer}", "purchase", row.amount] for row in bought],
    )
    _write(
        folder / "members.csv",
        ["id", "given name", "formal name", "joined"],
        [[f"C-{who}", f"Customer {who}", f"Customer {who}", day] for who, day in sorted(joined.items())],
    )


CONTENT = {
    "offers/a-second-disc.md": (
        "Title: A second disc\nSummary: At half the price.\nAudience: members\nPublish: 1998-01-01\nType: percent\n"
        "Value: 50 %\nStarts: 1998-01-01\nEnds: 1998-12-31\nCoupon: true\n"
    ),
    "reports/what-sold.md": "Title: What sold\nSummary: And what did not.\nAudience: collector+\nPublish: 1998-06-01\n",
}


def write_cdnow_portal(project: Path, root: Path) -> None:
    """Create a project in `root` for the log: its members, two items, and the settings and theme of `project`."""
    write_cdnow(root / "members")
    for path, front in CONTENT.items():
        file = root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\n{front}---\nThere is little more to say.\n", "utf-8")
    for name in ("theme", "pelicanconf.py", "publishconf.py"):
        (root / name).symlink_to(project / name)


def _write(file: Path, head: list[str], rows: list[list[object]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([head, *rows])
