"""Ledgers that a spreadsheet or a shop wrote: what they add to CSV is read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pytest

from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.problem import InvalidInput
from members_portal.loyalty.ledger import ledger as ledger_module
from members_portal.loyalty.ledger.ledger import load_ledger
from members_portal.loyalty.ledger.ledger_file import CsvLedger
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from tests.long_cases import quick_first
from tests.loyalty.small_club import programme_of

TODAY = date(2026, 11, 20)
PLAIN = "date,member,kind,amount,points,note\n2026-06-29,M-1,redemption,,50,\n2026-06-29,M-1,purchase,12.50,,x\n"
LINES = [("M-1", date(2026, 6, 29), "redemption", 50), ("M-1", date(2026, 6, 29), "purchase", None)]


def lines_of(folder: Path, text: str) -> list[tuple[object, ...]]:
    file = folder / "ledger.csv"
    file.write_text(text, "utf-8", newline="")
    con, source = duckdb.connect(), CsvLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED)
    programme = programme_of(folder / "members")
    load_ledger(source, programme, ["M-1"], TODAY, con, zone=ZoneInfo("Europe/Dublin"))
    return con.execute("select member, day, kind::varchar, points from line order by points").fetchall()


CHANGES: dict[str, Callable[[str], str]] = {
    "nothing": lambda text: text,
    "another delimiter is stated": lambda text: "sep=;\r\n" + text.replace(",", ";"),
    "a quoted statement": lambda text: '\ufeff"sep=\t"\n' + text.replace(",", "\t"),
    "a statement of the same delimiter": lambda text: "SEP=,\n" + text,
    "a long cell of a column that is not read": lambda text: text.replace(",x", f",{'x' * 200_000}"),
    "a longer cell": lambda text: text.replace(",x", f",{'x' * 3_000_000}"),
    "empty rows at the end": lambda text: text + ",,,,,\n\n , , ,,,\n,,\n\n",
    "whole numbers with decimals": lambda text: text.replace(",50,", ",50.0,"),
    "times with a time zone": lambda text: text.replace("2026-06-29", "2026-06-28T23:30:00Z"),
}


@pytest.mark.parametrize("change", quick_first(CHANGES, 2))
@pytest.mark.parametrize("reader", ["DuckDB", "Python"])
def test_a_ledger_of_a_spreadsheet_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str, reader: str
) -> None:
    if reader == "Python":
        monkeypatch.setattr(ledger_module, "_read_with_duckdb", lambda *_: False)
    assert lines_of(tmp_path, CHANGES[change](PLAIN)) == LINES


def test_places_count_the_line_that_states_the_delimiter(tmp_path: Path) -> None:
    text = "sep=;\n" + PLAIN.replace(",", ";").replace("purchase", "purchse")
    with pytest.raises(InvalidInput, match=r"ledger.csv:4:16: unknown kind `purchse`"):
        lines_of(tmp_path, text)


@pytest.mark.parametrize("points", quick_first(["50.5", "50.", "5e1", "50,0"], 1))
def test_another_number_of_points_is_refused(tmp_path: Path, points: str) -> None:
    with pytest.raises(InvalidInput, match="points"):
        lines_of(tmp_path, PLAIN.replace(",50,", f',"{points}",'))


def test_a_cell_without_end_is_an_unclosed_quote(tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text('id,note\nM-1,"' + "x\n" * 200_000, "utf-8")
    problems: list = []
    list(CsvTable(file, ("id",), ("id",)).raw_rows(problems))
    assert [problem.what for problem in problems] == ["a quote isn't closed, or a cell goes on after its closing quote"]
