"""The figures of a census: digests of lines as written, and points that other rules alone take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import duckdb
import pytest

from members_portal.loyalty.ledger.ledger import Ledger, load_ledger
from members_portal.loyalty.ledger.ledger_file import CsvLedger
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from members_portal.loyalty.standings import take_standings
from members_portal.publish.tripwire.census import LedgerDay, ledger_days
from tests.long_cases import quick_first
from tests.loyalty.small_club import PROGRAMME, members_of, programme_of

TODAY = date(2026, 11, 20)
HEADER = ",".join(LEDGER_COLUMNS)
EARNING = """
points: {pending days: 10, valid: {days: 100}}
earning: [{name: Spend, kind: purchase, points: 1, per: 1.00}]
"""
LINES = [
    {"date": "2026-10-01", "member": "M-1", "kind": "purchase", "amount": "80", "reference": "R-1", "tags": "tea oil"},
    {"date": "2026-10-01", "member": "M-2", "kind": "purchase", "amount": "50", "reference": "R-2", "item": "cup"},
    {"date": "2026-10-01", "member": "M-2", "kind": "purchase", "amount": "50", "reference": "R-2"},
    {"date": "2026-10-02", "member": "M-2", "kind": "refund", "amount": "10", "reference": "#r-2"},
    {"date": "2026-10-02", "member": "M-1", "kind": "redemption", "points": "20", "reference": "K-1"},
]

Lines = Sequence[Mapping[str, str]]


def stored(folder: Path, lines: Lines, former: Mapping[str, str] = {}, rules: str = EARNING) -> Ledger:
    """Read lines into DuckDB."""
    rows = (",".join(line.get(column, "") for column in LEDGER_COLUMNS) for line in lines)
    programme = programme_of(folder, PROGRAMME + rules)
    (folder / "ledger.csv").write_text("\n".join([HEADER, *rows, ""]), "utf-8")
    con = duckdb.connect()
    source = CsvLedger(folder / "ledger.csv", LEDGER_COLUMNS, LEDGER_REQUIRED)
    return load_ledger(source, programme, [f"M-{number}" for number in range(1, 5)], TODAY, con, former)


def days(folder: Path, lines: Lines, former: Mapping[str, str] = {}) -> dict[date, LedgerDay]:
    return ledger_days(stored(folder, lines, former), is_renumbered=bool(former))


def renumbered(lines: Lines, old: str, new: str) -> Lines:
    return [{**line, "member": new if line["member"] == old else line["member"]} for line in lines]


@pytest.mark.long
def test_a_former_number_changes_no_figure(tmp_path: Path) -> None:
    before = days(tmp_path, LINES)
    assert [(day, figures.lines, figures.minor) for day, figures in before.items()] == [
        (date(2026, 10, 1), 3, 18_000),
        (date(2026, 10, 2), 2, -1_000),
    ]
    assert days(tmp_path, LINES, {"M-2": "M-3"}) == before  # renumbered
    assert days(tmp_path, LINES, {"M-2": "M-1"}) == before  # merged
    assert days(tmp_path, LINES, {"M-2": "M-3", "M-1": "M-4"}) == before


def test_another_number_in_the_ledger_changes_the_figures(tmp_path: Path) -> None:
    before = days(tmp_path, LINES)
    for former in ({}, {"M-2": "M-3"}):
        after = days(tmp_path, renumbered(LINES, "M-2", "M-4"), former)
        assert [day for day in before if before[day] != after[day]] == list(before)


@pytest.mark.long
def test_members_exchanged_between_lines_of_a_day_change_the_figures(tmp_path: Path) -> None:
    first, second, third, *rest = LINES
    assert days(tmp_path, [third, second, first, *rest]) == days(tmp_path, LINES)
    exchanged = [{**first, "member": "M-2"}, {**second, "member": "M-1"}, third, *rest]
    assert days(tmp_path, exchanged)[date(2026, 10, 1)] != days(tmp_path, LINES)[date(2026, 10, 1)]


MEMBERS = [f"{{id: M-{number}, given name: A, formal name: Ms A, joined: 2020-01-01, tier: gold}}" for number in (1, 2)]


def points(folder: Path, lines: Lines, rules: str = EARNING, on: date = TODAY) -> int:
    members = members_of(folder, *MEMBERS)
    con = stored(folder, lines, rules=rules).con
    return take_standings(programme_of(folder, PROGRAMME + rules), members, con, on).usable


@pytest.mark.parametrize("lines", quick_first([LINES, LINES[:3]], 1))
def test_used_points_count(tmp_path: Path, lines: Lines) -> None:
    assert points(tmp_path, lines) == 180


@pytest.mark.parametrize(
    ("rules", "on", "expected"),
    quick_first(
        [
            (EARNING, date(2026, 10, 5), 10),  # pending, except for the ones given back
            (EARNING, date(2027, 6, 1), 30),  # expired, except for the used ones
            (EARNING.replace("days: 100", "days: 1"), TODAY, 10),
            (EARNING.replace("per: 1.00", "per: 10.00"), TODAY, 18),
            ("", TODAY, 0),
        ],
        2,
    ),
)
def test_pending_and_expired_points_do_not_count(tmp_path: Path, rules: str, on: date, expected: int) -> None:
    assert points(tmp_path, LINES, rules, on) == expected
