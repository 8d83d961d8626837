"""Rules with a first day: appended for a later day, they change no statement of an earlier day, whatever they are."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members_portal.loyalty.engine.engine import Engine
from members_portal.loyalty.ledger.ledger import load_ledger
from members_portal.loyalty.ledger.ledger_file import CsvLedger
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from members_portal.loyalty.programme.dated import DatedRate
from members_portal.loyalty.programme.earning import Multiplier
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.standings import take_standings
from members_portal.loyalty.statement.statement import Statement, make_statement
from tests.examples import examples
from tests.loyalty.account import Account, Given, Line, Person
from tests.loyalty.engine_adapter import as_member, digits_of, engine_accounts
from tests.loyalty.future import TODAY, climbers
from tests.loyalty.ledgers import Club
from tests.loyalty.programme.test_dated import raised
from tests.loyalty.reference import account
from tests.loyalty.reference_currency import Priced, Rates, in_currency
from tests.loyalty.reference_rules import DECIMALS

RATES: Rates = {"GBP": [(None, "1.17")], "USD": [(date(2023, 6, 15), "0.92"), (date(2024, 1, 1), "0.8877")]}
WORDS = (None, "GBP", None, "USD")  # the currencies of a member's lines, in turn
RULES = ("rate", "reach", "tier")


@st.composite
def clubs_abroad(draw: st.DrawFn) -> Club:
    """Draw members of whom some buy in other currencies, and a programme with factors for tiers."""
    club = draw(climbers())
    keys, first = st.sampled_from(club.programme.ladder), st.integers(0, 800).map(lambda days: TODAY - timedelta(days))
    last = st.none() | st.sampled_from([TODAY, TODAY + timedelta(days=40)])
    members = {
        name: replace(person, tier=draw(keys), tier_from=draw(first), tier_until=draw(last))
        if number % 4 < 2
        else person
        for number, (name, person) in enumerate(club.members.items())
    }
    factor = Multiplier.model_validate({"name": "More", "factor": "2", "tiers": [f"{club.programme.ladder[1]}+"]})
    programme = with_rates(club.programme.model_copy(update={"multipliers": (factor,)}), RATES)
    return Club(programme, members, {name: of_an_order(lines) for name, lines in club.lines.items()})


def of_an_order(lines: Sequence[Line]) -> list[Line]:
    """Return the lines without the refunds of orders that were not bought, which a ledger refuses."""
    bought = {line.reference for line in lines if line.kind == "purchase"}
    return [line for line in lines if line.kind == "purchase" or (line.reference and line.reference in bought)]


def with_rates(programme: Programme, rates: Rates) -> Programme:
    dated = {
        word: tuple(DatedRate.model_validate({"from": day and day.isoformat(), "rate": rate}) for day, rate in each)
        for word, each in rates.items()
    }
    return programme.model_copy(update={"exchange_rates": dated})


def changed(club: Club, since: date, rules: frozenset[str], factor: str, tier: int) -> tuple[Club, Rates]:
    """Append rules that hold from a day on: rates, the ladder, and a tier by hand of every second member."""
    programme, members = club.programme, dict(club.members)
    rates: Rates = RATES
    if "rate" in rules:
        rates = {word: [*each, (since, factor)] for word, each in RATES.items()}
        programme = with_rates(programme, rates)
    if "reach" in rules:
        programme = raised(programme, since, factor)
    if "tier" in rules:
        key = programme.ladder[tier % len(programme.ladder)]
        members |= {name: given_again(members[name], key, since) for name in list(members)[::2]}
    return Club(programme, members, club.lines), rates


def given_again(person: Person, key: str, since: date) -> Person:
    """Give a tier by hand from a day on; an earlier one stays in the list."""
    entry = (Given(person.tier, person.tier_from, person.tier_until),) if person.tier and person.tier_from else ()
    return replace(person, tier=key, tier_from=since, tier_until=None, given=(*person.given, *entry))


def converted(club: Club, rates: Rates) -> dict[str, list[Line]]:
    """Return the lines with their amounts in the programme's currency."""
    own = club.programme.currency
    return {
        name: in_currency([Priced(line, WORDS[n % 4] or own) for n, line in enumerate(lines)], own, rates)
        for name, lines in club.lines.items()
    }


def written(club: Club) -> str:
    """Return the ledger as a CSV file, with the amounts in the currencies of the lines."""
    rows = ["date,member,kind,amount,currency,reference"]
    for name, lines in club.lines.items():
        for number, line in enumerate(lines):
            word = WORDS[number % 4]
            digits = DECIMALS.get(word or club.programme.currency, 2)
            amount = Decimal(line.minor or 0).scaleb(-digits)
            rows.append(f"{line.day},{name},{line.kind},{amount:f},{word or ''},{line.reference or ''}")
    return "\n".join(rows) + "\n"


def stated(club: Club, on: date) -> tuple[list[Statement | None], dict[str, Account]]:
    """Load the ledger; return the statements of all members, and the engine's accounts."""
    con, members = duckdb.connect(), [as_member(name, person) for name, person in club.members.items()]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "ledger.csv")
        file.write_text(written(club), "utf-8")
        source = CsvLedger(file, LEDGER_COLUMNS, LEDGER_REQUIRED)
        load_ledger(source, club.programme, list(club.members), TODAY + timedelta(days=1000), con)
    standings = take_standings(club.programme, members, con, on)
    statements = [make_statement(member, standings) for member in standings.members]
    engine = Engine(con, club.programme, members, digits_of(club.programme))
    accounts = engine_accounts(engine, club.programme, club.lines, club.members, on)
    return statements, {name: found for name, (found, _) in accounts.items()}


def referred(club: Club, rates: Rates, on: date) -> dict[str, Account]:
    """Return the reference's accounts."""
    lines = converted(club, rates)
    return {name: account(club.programme, lines[name], person, on=on) for name, person in club.members.items()}


# All are long: tests/loyalty/programme/test_dated.py has quick tests of rules from a day on.


@pytest.mark.long
@settings(max_examples=examples(3, 300), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    clubs_abroad(),
    st.sampled_from([1, 2, 31, 366]),
    st.sampled_from([0, 1, 40, 400]),
    st.sets(st.sampled_from(RULES), min_size=1).map(frozenset),
    st.sampled_from(["0.5", "2"]),
    st.integers(0, 3),
)
def test_rules_appended_for_later_change_no_statement_of_an_earlier_day(
    club: Club, later: int, ago: int, rules: frozenset[str], factor: str, tier: int
) -> None:
    day = TODAY - timedelta(days=ago)
    (after, rates), before = changed(club, day + timedelta(days=later), rules, factor, tier), stated(club, day)
    assert stated(after, day) == before
    assert referred(after, rates, day) == referred(club, RATES, day) == before[1]


@pytest.mark.long
def test_the_same_rules_change_statements_from_their_first_day_on() -> None:
    """The property is not empty: each rule alone changes the statement of its first day."""
    programme = Programme.model_validate(
        {
            "name": "Club",
            "tiers": [
                {"key": key, "name": key, "colour": "#000000", "colour_dark": "#ffffff", "summary": "A rung."}
                | ({"reach": reach} if reach else {})
                for key, reach in (("member", None), ("silver", "50"), ("gold", "300"))
            ],
            "earning": [{"name": "Spend", "kind": "purchase", "points": "1", "per": "1"}],
            "qualifying": {"basis": "spend", "period": "rolling", "days": 365},
        }
    )
    lines = [Line(1, TODAY, "purchase", 4000), Line(2, TODAY, "purchase", 1000, None, "A")]
    club = Club(with_rates(programme, RATES), {"M-1": Person(date(2020, 1, 1))}, {"M-1": lines})
    plain = stated(club, TODAY)
    for rule in RULES:
        after, rates = changed(club, TODAY, frozenset({rule}), "2", 2)
        found = stated(after, TODAY)
        assert found != plain, rule
        assert found[1] == referred(after, rates, TODAY)
