"""A portal for the 23,570 customers of the CDNOW purchase log: members' pages agree with the reference."""

from __future__ import annotations

import csv
import random
import subprocess
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from members_portal.loyalty.programme.programme_file import load_programme
from members_portal.seal import Secret, access_code
from tests.independent_reader import Release
from tests.loyalty.account import Line, Person
from tests.loyalty.cdnow import Unreachable, cdnow_file, write_cdnow_portal
from tests.loyalty.reference import account
from tests.publish.project import ROOT, SECRET, Project
from tests.publish.shown import read_html

ON = date(1998, 6, 30)
ASKED = 200  # members, a sample


@pytest.mark.long
def test_everybody_asked_reads_what_the_reference_says(warm: subprocess.Popen[str], tmp_path: Path) -> None:
    try:
        cdnow_file()
    except Unreachable as error:
        pytest.skip(str(error))
    write_cdnow_portal(ROOT, tmp_path)
    project = Project(tmp_path, warm)
    with project.start("publish", "--date", ON.isoformat()) as process:
        out, err = process.communicate(timeout=900)
    assert process.returncode == 0, out + err
    lines, joined = ledger_of(tmp_path / "members"), joined_in(tmp_path / "members")
    programme, secret = load_programme(tmp_path / "members"), Secret(bytes.fromhex(SECRET))
    for member in random.Random(3).sample(sorted(joined), ASKED):
        (statement,) = Release(project.output, access_code(secret, member, 1)).slots["statement"]
        shown = read_html(statement["html"]).text
        expected = account(programme, lines[member], Person(joined[member]), on=ON)
        assert f"{expected.active:,} points to spend" in shown or not expected.earned, member
        assert f"{expected.earned:,}" in shown, member
    print(f"cdnow_members_asked={ASKED}")


def ledger_of(folder: Path) -> dict[str, list[Line]]:
    """Return the ledger lines by member."""
    found: dict[str, list[Line]] = defaultdict(list)
    with (folder / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["date"])
    for n, row in enumerate(rows, 1):
        cents = int(Decimal(row["amount"]) * 100)
        found[row["member"]].append(Line(n, date.fromisoformat(row["date"]), row["kind"], cents))
    return found


def joined_in(folder: Path) -> dict[str, date]:
    """Return the joining date by member."""
    with (folder / "members.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: date.fromisoformat(row["joined"]) for row in csv.DictReader(file)}
