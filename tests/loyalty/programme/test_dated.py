"""Values that change on a day: what holds when, and that a later value changes no earlier day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members_portal.loyalty.engine.engine import Engine
from members_portal.loyalty.input.problem import InvalidInput
from members_portal.loyalty.ledger.ledger import load_ledger
from members_portal.loyalty.ledger.ledger_file import CsvLedger
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from members_portal.loyalty.programme.dated import DatedRate, DatedReach, in_force
from members_portal.loyalty.programme.programme import Programme
from tests.examples import examples
from tests.long_cases import quick_first
from tests.loyalty.account import Person
from tests.loyalty.engine_adapter import as_member
from tests.loyalty.example import LADDER, programme_of
from tests.loyalty.future import TODAY, climbers, statements
from tests.loyalty.ledgers import Club
from tests.loyalty.small_club import PROGRAMME
from tests.loyalty.small_club import programme_of as small_programme

DAY = timedelta(days=1)
RATES = "exchange rates: {GBP: [{from: 2026-01-01, rate: 1.17}, {from: 2027-01-01, rate: 1.10}], JPY: 0.0061}\n"
LINES = """\
date,member,kind,amount,currency,reference
2025-06-01,M-1,purchase,900,GBP,A
2026-12-31,M-1,purchase,900,GBP,B
2027-01-01,M-1,purchase,900,GBP,C
2027-01-01,M-1,purchase,1000,JPY,D
"""


def amounts(folder: Path, programme: Programme) -> list[int]:
    """Load LINES; return the amounts in the order of the references."""
    (folder / "ledger.csv").write_text(LINES, "utf-8")
    con = duckdb.connect()
    source = CsvLedger(folder / "ledger.csv", LEDGER_COLUMNS, LEDGER_REQUIRED)
    load_ledger(source, programme, ["M-1"], date(2027, 6, 1), con)
    return [minor for (minor,) in con.execute("select minor from line order by reference").fetchall()]


def test_an_amount_is_converted_by_the_rate_of_its_day(tmp_path: Path) -> None:
    assert amounts(tmp_path, small_programme(tmp_path, PROGRAMME + RATES)) == [105300, 105300, 99000, 610]


def test_next_years_rate_leaves_earlier_lines_as_they_were(tmp_path: Path) -> None:
    before = amounts(tmp_path, small_programme(tmp_path, PROGRAMME + "exchange rates: {GBP: 1.17, JPY: 0.0061}\n"))
    assert amounts(tmp_path, small_programme(tmp_path, PROGRAMME + RATES))[:2] == before[:2]


SPENT = """\
date,member,kind,amount,currency,points,reference
2026-06-01,M-1,purchase,{amount},{currency},,A
2026-06-02,M-1,redemption,,,{points},
"""


@pytest.mark.parametrize(
    ("currency", "amount", "rate", "later", "points"),
    quick_first(
        [
            ("GBP", "900", "1.17", "1.10", 1053),
            ("JPY", "100000", "0.0061", "0.0075", 610),
            ("USD", "250.50", "0.92", "0.5", 230),  # 230.46 euros
        ],
        1,
    ),
)
def test_points_that_were_spent_stay_spent_at_another_rate(
    tmp_path: Path, currency: str, amount: str, rate: str, later: str, points: int
) -> None:
    """The balance is 0 before and after the rate changes, also on a day after the change."""
    (tmp_path / "ledger.csv").write_text(SPENT.format(amount=amount, currency=currency, points=points), "utf-8")
    earning = "earning: [{name: Spend, kind: purchase, points: 1, per: 1}]\n"
    for rates in (rate, f"[{{rate: {rate}}}, {{from: 2027-01-01, rate: {later}}}]"):
        rules = f"{PROGRAMME}{earning}exchange rates: {{{currency}: {rates}}}\n"
        con, programme = duckdb.connect(), small_programme(tmp_path, rules)
        source = CsvLedger(tmp_path / "ledger.csv", LEDGER_COLUMNS, LEDGER_REQUIRED)
        load_ledger(source, programme, ["M-1"], date(2027, 6, 1), con)
        engine = Engine(con, programme, [as_member("M-1", Person(date(2020, 1, 1)))], 2)
        for day in (date(2026, 6, 2), date(2027, 6, 1)):
            (found,) = engine.accounts(day)
            assert (found.balance.earned, found.balance.total, found.owed) == (points, 0, 0)


def test_the_first_value_holds_before_its_day() -> None:
    rates = [DatedRate.model_validate({"from": "2026-01-01", "rate": "1.17"}),
             DatedRate.model_validate({"from": "2027-01-01", "rate": "1.1"})]  # fmt: skip
    days = ["1999-01-01", "2026-12-31", "2027-01-01", "2030-01-01"]
    found = [in_force(rates, date.fromisoformat(day)).rate for day in days]
    assert found == [Decimal("1.17"), Decimal("1.17"), Decimal("1.1"), Decimal("1.1")]


@pytest.mark.parametrize(("reach", "problem"), [
    ("[]", "the list is empty, expected at least one value"),
    ("[{reach: 100}, {reach: 200}]", "`from` is missing, expected the first day of this value"),
    ("[{from: 2027-01-01, reach: 100}, {from: 2027-01-01, reach: 200}]", "`from` is not after the one before"),
    ("[{reach: 100}, {from: 2027-01-01, reach: 300}]", "reach: `300` is not above the tier before from 2027-01-01 on"),
    ("[{reach: a lot}]", "reach: `a lot` doesn't fit, expected an amount such as 12.50"),
    ("[{reach: 100, until: 2027-01-01}]", "unknown key `until`"),
])  # fmt: skip
def test_a_ladder_that_does_not_fit_is_refused(reach: str, problem: str) -> None:
    rules = LADDER.replace("reach: 100", f"reach: {reach}").partition("\n")[2]
    with pytest.raises(InvalidInput) as caught:
        programme_of(f"{rules}qualifying: {{basis: spend}}")
    assert problem in " ".join(map(str, caught.value.problems))


@pytest.mark.long
@settings(max_examples=examples(3, 300), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(climbers(), st.sampled_from([1, 2, 31, 366]), st.sampled_from(["0.5", "2"]), st.sampled_from([0, 1, 40, 400]))
def test_a_ladder_added_for_later_changes_no_statement_of_an_earlier_day(
    club: Club, later: int, factor: str, ago: int
) -> None:
    day = TODAY - timedelta(days=ago)
    assert list(
        statements(Club(raised(club.programme, day + later * DAY, factor), club.members, club.lines), day)
    ) == list(statements(club, day))


def raised(programme: Programme, since: date, factor: str) -> Programme:
    """Return a programme with another ladder from a day on."""
    tiers = [
        tier.model_copy(
            update={"reach": (*tier.reach, DatedReach.model_validate({"from": since.isoformat(), "reach": later}))}
        )
        if tier.reach and (later := f"{tier.reach[0].reach * Decimal(factor):.4f}")
        else tier
        for tier in programme.tiers
    ]
    return programme.model_copy(update={"tiers": tuple(tiers)})
