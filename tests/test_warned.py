"""Inputs with warnings: every warning is listed with its place, and `--strict` makes it an error.

The cases are in `tests/warned/*.txt`, described in `tests/warned/README.md`.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.invalid_cases import read_cases
from tests.test_invalid import BASE, check, lay_out_files, project

__all__ = ["project"]  # the fixture

SPELLING = "the reference differs from the order's in case, `#`, spaces or zeros"
OVERDRAFT = "a redemption of more points than the member could spend"

CASES = read_cases(Path(__file__).parent / "warned", BASE)


@pytest.mark.parametrize("case", CASES)
def test_every_warning_is_told_with_its_place(case: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lay_out_files(CASES[case].files, project)
    code, out, err = check(capsys)
    count = len(CASES[case].messages)
    assert err.splitlines() == CASES[case].messages
    assert out.endswith(f" members have {count} warning{'s' if count > 1 else ''}.\n")
    assert code == 0, err


@pytest.mark.parametrize("case", CASES)
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
