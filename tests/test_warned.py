"""Inputs with warnings: every warning is listed with its place, and `--strict` makes it an error.

The cases are in `tests/warned/*.txt`, described in `tests/warned/README.md`.
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from members_portal.publish.command.cli import app
from tests.invalid_cases import one_of_each_message, read_cases
from tests.long_cases import quick_and_long
from tests.publish.project import SECRET
from tests.test_invalid import BASE, TODAY, check, lay_out_files, project

__all__ = ["project"]  # the fixture

SPELLING = "the reference differs from the order's in case, `#`, spaces or zeros"
OVERDRAFT = "a redemption of more points than the member could spend"

CASES = read_cases(Path(__file__).parent / "warned", BASE)
ONE_OF_EACH = {case.partition("-")[0]: case for case in reversed(CASES)}.values()  # of the ledger, of members and so on


@pytest.mark.parametrize("case", quick_and_long(CASES, one_of_each_message(CASES)))
def test_every_warning_is_told_with_its_place(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out_files(CASES[case].files, project)
    code, out, err = check(capsys)
    count = len(CASES[case].messages)
    assert err.splitlines() == CASES[case].messages
    assert out.endswith(f" have {count} warning{'s' if count > 1 else ''}.\n")
    assert code == 0, err


@pytest.mark.parametrize("case", quick_and_long(CASES, list(ONE_OF_EACH)[::5]))
def test_a_strict_check_refuses_every_warning(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out_files(CASES[case].files, project)
    code, out, err = check(capsys, "--strict")
    *problems, total = err.splitlines()
    assert problems == [message.replace(": warning: ", ": ") for message in CASES[case].messages]
    assert total == f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
    assert (code, out) == (3, "")


def test_the_rows_of_a_database_are_named(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out_files(BASE, project)
    with sqlite3.connect(project / "members" / "club.db") as con:
        con.execute("create table portal_members (id, given_name, formal_name, joined, tier)")
        con.execute("insert into portal_members values ('M-1', 'Maya', 'Ms Okafor', '2021-05-30', 'gold')")
        con.execute("create table portal_ledger (line, date, member, kind, amount, points, reference)")
        con.executemany(
            "insert into portal_ledger values (?, ?, 'M-1', ?, ?, ?, ?)",
            [
                (71, "2026-03-05", "purchase", "10.00", None, "#7"),
                (72, "2026-03-05", "refund", "5.00", None, "007"),
                (73, "2026-03-06", "refund", "5.01", None, "#7"),
                (74, "2026-03-07", "redemption", None, 60, None),
            ],
        )
    code, _, err = check(capsys, "--members", "sqlite:///club.db")
    assert code == 0, err
    assert [line.partition(": warning: ")[::2] for line in err.splitlines()] == [
        ("portal_ledger, line 72", f"{SPELLING}, expected the reference as in the purchase"),
        ("portal_ledger, line 73", "more is given back than was bought, expected at most the rest of the order"),
        ("portal_ledger, line 74", f"{OVERDRAFT}, expected at most the balance of that day"),
    ]


SHOP = {
    "members/shop.yaml": b"shop: woocommerce\ncustomers: c.csv\norders: o.csv\n",
    "members/c.csv": b"customer_id,first_name,last_name,email,date_registered\n",
    "members/o.csv": b"order_number,date,customer_id,status,item_total,item_total_tax\n5,2026-03-05,0,completed,3,0\n",
}


@pytest.mark.parametrize("options", [(), ("--strict",)])
def test_what_is_left_out_is_listed_and_is_no_warning(
    options: tuple[str, ...], project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lay_out_files(BASE | SHOP, project)
    code, out, err = check(capsys, *options)
    assert err == "members/o.csv:2:14: left out: 1 order of customers who are no members in members/c.csv\n"
    assert out.endswith(" have no problems.\n")
    assert code == 0


STATED = """\
2026-03-05,M-1,purchase,100.00,,,#1001,coffee
2026-03-05,M-1,purchase,10.00,,,#1001,Postage
2026-03-07,M-1,refund,110.00,,,1001,
2026-03-08,M-1,purchase,10.00,,,#1002,"POSTAGE, single origin"
2026-03-09,M-1,purchase,30.00,,,#1003,Single-Origin
"""


def test_what_is_read_counts(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the last line earns: 30 points, and 30 more for its tag. The first order was returned."""
    rule = "{name: Spending, kind: purchase, points: 1, per: 1, exclude tags: [postage]}"
    rules = f'earning: [{rule}]\nmultipliers: [{{name: Farms, factor: 2, tags: ["single origin"]}}]\n'
    ledger = f"date,member,kind,amount,currency,points,reference,tags\n{STATED}"
    files = BASE | {"members/ledger.csv": ledger.encode()}
    files["members/programme.yaml"] += rules.encode()
    lay_out_files(files, project)
    monkeypatch.setenv("PORTAL_SECRET", SECRET)
    with pytest.raises(SystemExit) as end:
        app(["statement", "M-1", "--json", "--date", TODAY])
    assert end.value.code == 0
    balance = json.loads(capsys.readouterr().out)["balance"]
    assert (balance["active"], balance["returned"]) == (60, 100)
