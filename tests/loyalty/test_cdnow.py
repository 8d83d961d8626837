"""A real log of purchases: the totals of accounts equal those of the file."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from members_portal.loyalty.programme.programme_file import load_programme
from tests.loyalty.account import Line, Person
from tests.loyalty.cdnow import Purchase, Unreachable, cdnow_file, purchases, write_cdnow
from tests.loyalty.engine_adapter import engine_accounts, engine_of
from tests.loyalty.reference import account, rebate

ROWS, CUSTOMERS, DOLLARS = 69_659, 23_570, Decimal("2500315.63")
FIRST, LAST = date(1997, 1, 1), date(1998, 6, 30)


@pytest.fixture(scope="module")
def log() -> list[Purchase]:
    """The log, or a skip with the command that failed."""
    try:
        return purchases(cdnow_file())
    except Unreachable as error:
        pytest.skip(str(error))


@pytest.fixture(scope="module")
def members_folder(log: list[Purchase], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The members folder written from the log."""
    written = tmp_path_factory.mktemp("cdnow")
    write_cdnow(written)
    return written


@pytest.mark.long
def test_the_log_is_the_one_that_is_known(log: list[Purchase]) -> None:
    assert (len(log), len({row.customer for row in log})) == (ROWS, CUSTOMERS)
    assert sum(row.amount for row in log) == DOLLARS
    assert (min(row.day for row in log), max(row.day for row in log)) == (FIRST, LAST)


@pytest.mark.long
def test_the_ledger_written_from_it_ties_out(members_folder: Path) -> None:
    ledger = rows_of(members_folder / "ledger.csv")
    assert (len(ledger), len({row["member"] for row in ledger})) == (ROWS, CUSTOMERS)
    assert sum(Decimal(row["amount"]) for row in ledger) == DOLLARS
    assert {row["kind"] for row in ledger} == {"purchase"}
    assert ledger[0] == {"date": "1997-01-01", "member": "C-00001", "kind": "purchase", "amount": "11.77"}


@pytest.mark.long
def test_everybody_joined_on_the_day_of_their_first_purchase(members_folder: Path) -> None:
    joined = {row["id"]: row["joined"] for row in rows_of(members_folder / "members.csv")}
    assert len(joined) == CUSTOMERS
    first: dict[str, str] = {}
    for row in rows_of(members_folder / "ledger.csv"):
        first[row["member"]] = min(row["date"], first.get(row["member"], row["date"]))
    assert joined == first


@pytest.mark.long
def test_its_programme_is_a_valid_one(members_folder: Path) -> None:
    assert load_programme(members_folder).ladder == ("listener", "collector", "curator")


@pytest.mark.long
def test_the_engine_ties_out_and_agrees_on_every_hundredth_customer(members_folder: Path) -> None:
    programme = load_programme(members_folder)
    members = {row["id"]: Person(date.fromisoformat(row["joined"])) for row in rows_of(members_folder / "members.csv")}
    lines: dict[str, list[Line]] = {member: [] for member in members}
    for n, row in enumerate(sorted(rows_of(members_folder / "ledger.csv"), key=lambda row: row["date"]), 1):
        cents = int(Decimal(row["amount"]) * 100)
        lines[row["member"]].append(Line(n, date.fromisoformat(row["date"]), "purchase", cents))
    found = engine_accounts(engine_of(programme, lines, members), programme, lines, members, LAST)
    assert sum(len(own.entries) for own, _ in found.values()) == ROWS
    assert sum(sum(entry.figure for entry in own.entries) for own, _ in found.values()) == DOLLARS * 100
    for member in list(members)[::100]:
        joined = members[member].joined
        own, rebated = found[member]
        assert own == account(programme, lines[member], Person(joined), on=LAST)
        assert rebated == rebate(programme, lines[member], joined, on=LAST)


def rows_of(file: Path) -> list[dict[str, str]]:
    """Read a CSV file with a header."""
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
