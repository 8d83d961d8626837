"""Refunds in another currency: each is worth what it returns, in the ledger and in the reference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members_portal.loyalty.engine.engine import Engine
from members_portal.loyalty.ledger.ledger import load_ledger
from members_portal.loyalty.ledger.ledger_file import CsvLedger
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from members_portal.loyalty.programme.programme import Programme
from tests.examples import examples
from tests.long_cases import quick_first
from tests.loyalty.account import Line, Person
from tests.loyalty.engine_adapter import as_member
from tests.loyalty.reference_currency import Priced, Rates, in_currency
from tests.loyalty.reference_orders import place
from tests.loyalty.reference_rules import DECIMALS
from tests.loyalty.small_club import PROGRAMME, programme_of

RATES: Rates = {
    "GBP": [(date(2026, 1, 1), "1.17"), (date(2026, 2, 1), "1.10")],
    "JPY": [(None, "0.0061"), (date(2026, 2, 1), "0.0070")],
}
YAML = """exchange rates:
  GBP: [{from: 2026-01-01, rate: 1.17}, {from: 2026-02-01, rate: 1.10}]
  JPY: [{rate: 0.0061}, {from: 2026-02-01, rate: 0.0070}]
"""
TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def programme() -> Programme:
    """The small club with exchange rates that change."""
    with TemporaryDirectory() as folder:
        return programme_of(Path(folder), PROGRAMME + YAML)


def priced(row: str) -> Priced:
    """Read `2026-01-05 purchase 100 GBP A #coffee @1`."""
    day, kind, amount, currency, reference, *more = row.split()
    minor = int(Decimal(amount) * 10 ** DECIMALS.get(currency, 2))
    tags = tuple(word[1:] for word in more if word[0] == "#")
    item = next((word[1:] for word in more if word[0] == "@"), None)
    return Priced(Line(0, date.fromisoformat(day), kind, minor, None, reference, tags, item), currency)


def loaded(lines: Sequence[Priced], programme: Programme) -> tuple[list[tuple[Any, ...]], list[str]]:
    """Load lines as a CSV file; return day, kind and amount of each in order, and the warnings."""
    rows = ["date,member,kind,amount,currency,reference,item,tags"]
    for each in lines:
        line, digits = each.line, DECIMALS.get(each.currency, 2)
        amount = f"{Decimal(line.minor or 0).scaleb(-digits):f}"
        cells = (
            str(line.day),
            "M-1",
            line.kind,
            amount,
            each.currency,
            line.reference,
            line.item or "",
            " ".join(line.tags),
        )
        rows.append(",".join(map(str, cells)))
    con = duckdb.connect()
    with TemporaryDirectory() as folder:
        file = Path(folder, "ledger.csv")
        file.write_text("\n".join(rows) + "\n", "utf-8")
        source = CsvLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED)
        ledger = load_ledger(source, programme, ["M-1"], TODAY, con, warned=True)
    found = con.execute("select day, kind, minor, reference, item, tags from line order by n").fetchall()
    return found, [warning.what for warning in ledger.warnings]


def referred(lines: Sequence[Priced]) -> list[tuple[Any, ...]]:
    found = sorted(in_currency(lines, "EUR", RATES), key=place)
    return [(line.day, line.kind, line.minor, line.reference, line.item, list(line.tags)) for line in found]


BEYOND = "more is given back than was bought"
AGAIN = "the order was already given back in full"
CASES = {
    "the rate has changed before the refund": (
        ["2026-01-05 purchase 100 GBP A", "2026-02-06 refund 100 GBP A"], [117_00, 117_00], []),
    "a half before and a half after the change": (
        ["2026-01-05 purchase 100 GBP A", "2026-01-06 refund 50 GBP A", "2026-02-06 refund 50 GBP A"],
        [117_00, 58_50, 58_50], []),
    "three rounded lines of which the sum is returned": (
        [*["2026-01-05 purchase 0.37 GBP A"] * 3, "2026-01-06 refund 1.11 GBP A"], [43, 43, 43, 129], []),
    "three lines rounded down of which the sum is returned": (
        [*["2026-01-05 purchase 0.33 GBP A"] * 3, "2026-01-06 refund 0.99 GBP A"], [39, 39, 39, 117], []),
    "rounded lines returned one by one": (
        [*["2026-01-05 purchase 0.37 GBP A"] * 3, *["2026-02-06 refund 0.37 GBP A"] * 3], [43, 43, 43, 43, 43, 43], []),
    "an order bought at two rates: an item is worth its own line": (
        ["2026-01-05 purchase 100 GBP A @1", "2026-02-05 purchase 100 GBP A @2",
         "2026-02-06 refund 100 GBP A @1", "2026-02-07 refund 100 GBP A @2"], [117_00, 110_00, 117_00, 110_00], []),
    "an order bought at two rates, without an item: in proportion": (
        ["2026-01-05 purchase 100 GBP A", "2026-02-05 purchase 100 GBP A", "2026-02-06 refund 100 GBP A"],
        [117_00, 110_00, 113_50], []),
    "a tag matches, then the other lines": (
        ["2026-01-05 purchase 100 GBP A #tea", "2026-02-05 purchase 100 GBP A #cup",
         "2026-02-06 refund 150 GBP A #cup"],
        [117_00, 110_00, 110_00 + 58_50], []),
    "the part beyond has the rate of the order": (
        ["2026-01-05 purchase 100 GBP A", "2026-02-06 refund 110 GBP A"], [117_00, 117_00 + 11_70], [BEYOND]),
    "a second refund of a whole order": (
        ["2026-01-05 purchase 0.37 GBP A", "2026-02-06 refund 0.37 GBP A", "2026-02-07 refund 0.37 GBP A"],
        [43, 43, 43], [AGAIN]),
    "a currency without decimals": (
        ["2026-01-05 purchase 1000 JPY A", "2026-02-06 refund 333 JPY A", "2026-02-07 refund 667 JPY A"],
        [610, 203, 407], []),
    "an order in euros, refunded in pounds, has the rate of its day": (
        ["2026-01-05 purchase 200 EUR A", "2026-02-06 refund 100 GBP A"], [200_00, 117_00], []),
    "an order in pounds, half of it refunded in euros, the rest in pounds": (
        ["2026-01-05 purchase 100 GBP A", "2026-02-06 refund 58.50 EUR A", "2026-02-07 refund 50 GBP A"],
        [117_00, 58_50, 58_50], []),
    "a refund in euros written with its currency": (
        ["2026-01-05 purchase 100 EUR A", "2026-02-06 refund 100 EUR A"], [100_00, 100_00], []),
}  # fmt: skip


@pytest.mark.parametrize("case", quick_first(CASES, 3))
def test_a_refund_is_worth_what_it_returns(case: str, programme: Programme) -> None:
    rows, amounts, warnings = CASES[case]
    lines = [priced(row) for row in rows]
    found, told = loaded(lines, programme)
    assert ([row[2] for row in found], told) == (amounts, warnings)
    assert found == referred(lines)


@pytest.mark.parametrize(("basis", "reach"), quick_first([("orders", "2"), ("spend", "1"), ("points", "1")], 1))
def test_a_returned_order_leaves_no_figure_and_no_points(tmp_path: Path, basis: str, reach: str) -> None:
    """Three lines of 0.37 GBP are 1.29 EUR; 1.11 GBP by the rate of another day would be 1.22."""
    rules = f"qualifying: {{basis: {basis}}}\nearning: [{{name: All, kind: purchase, points: 1, per: 0.01}}]\n"
    tiers = PROGRAMME.replace("key: silver,", f"key: silver, reach: {reach},").replace(
        "key: gold,", "key: gold, reach: 5000,"
    )
    programme = programme_of(tmp_path, tiers + YAML + rules)
    file = tmp_path / "ledger.csv"
    rows = [*["2026-01-05,M-1,purchase,0.37,GBP,A"] * 3, "2026-02-06,M-1,refund,1.11,GBP,A"]
    file.write_text("\n".join(["date,member,kind,amount,currency,reference", *rows]) + "\n", "utf-8")
    con = duckdb.connect()
    load_ledger(CsvLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED), programme, ["M-1"], TODAY, con)
    (found,) = Engine(con, programme, [as_member("M-1", Person(date(2025, 1, 1)))], 2).accounts(TODAY)
    assert (found.figure, found.rung, found.balance.total, found.balance.returned) == (0, 0, 0, 129)


@pytest.mark.parametrize("lines", [1, 2])
def test_a_refund_worth_nothing_has_its_purchase(tmp_path: Path, lines: int) -> None:
    """A refund of 1 JPY is worth 0.001 EUR: it takes nothing, yet its order is in the books."""
    programme = programme_of(tmp_path, PROGRAMME + "exchange rates: {JPY: 0.001}\n")
    file = tmp_path / "ledger.csv"
    rows = [*["2026-01-05,M-1,purchase,1,EUR,A"] * lines, "2026-02-06,M-1,refund,1,JPY,A"]
    file.write_text("\n".join(["date,member,kind,amount,currency,reference", *rows]) + "\n", "utf-8")
    con = duckdb.connect()
    load_ledger(CsvLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED), programme, ["M-1"], TODAY, con)
    (found,) = Engine(con, programme, [as_member("M-1", Person(date(2025, 1, 1)))], 2).accounts(TODAY)
    assert [line.reason for line in found.lines if line.kind == "refund"] == ["returned"]


@st.composite
def orders(draw: st.DrawFn) -> list[Priced]:
    """Draw an order of some lines, most often in one currency, and refunds of it."""
    most = draw(st.sampled_from(["GBP", "JPY"]))
    words = st.sampled_from([most] * 7 + ["EUR", "GBP"])
    days = st.integers(0, 60).map(lambda after: date(2026, 1, 5) + timedelta(days=after))
    tags, items = st.sampled_from([(), ("tea",), ("tea", "cup")]), st.sampled_from([None, None, "1", "2"])

    def line(kind: str, least: int) -> Priced:
        minor = draw(st.sampled_from([least, 1, 2, 33, 37, 100, 999]) | st.integers(least, 3000))
        return Priced(Line(0, draw(days), kind, minor, None, "A", draw(tags), draw(items)), draw(words))

    bought = [line("purchase", 0) for _ in range(draw(st.integers(1, 4)))]
    return [*bought, *(line("refund", 1) for _ in range(draw(st.integers(1, 4))))]


@pytest.mark.long
@settings(max_examples=examples(8, 1000))
@given(orders())
def test_the_reference_agrees_on_random_orders(programme: Programme, lines: list[Priced]) -> None:
    assert loaded(lines, programme)[0] == referred(lines)


@settings(max_examples=examples(3, 500))
@given(orders(), st.integers(1, 60))
def test_a_whole_refund_in_the_currency_of_its_order_leaves_nothing(
    programme: Programme, lines: list[Priced], after: int
) -> None:
    """Whatever the lines, the parts already returned and the day."""
    word = lines[0].currency
    bought = [Priced(each.line, word) for each in lines if each.line.kind == "purchase"]
    total = sum(each.line.minor or 0 for each in bought)
    first = max(each.line.day for each in bought) + timedelta(days=after)
    parts = [total - total // 3, total // 3]
    back = [
        Priced(Line(0, first + timedelta(days=n), "refund", part, None, "A"), word)
        for n, part in enumerate(parts)
        if part
    ]
    found, warnings = loaded([*bought, *back], programme)
    sums = {kind: sum(row[2] for row in found if row[1] == kind) for kind in ("purchase", "refund")}
    assert (sums["refund"], warnings) == (sums["purchase"], [])
