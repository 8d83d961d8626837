"""The engine against the independent reference: the examples of RULES.md, and random programmes and ledgers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members_portal.loyalty.engine import engine
from members_portal.loyalty.engine.engine import Engine
from members_portal.loyalty.statement.statement import balance_on
from tests.examples import examples
from tests.long_cases import quick_and_long
from tests.loyalty.account import Account, Rebated
from tests.loyalty.engine_adapter import engine_accounts, engine_of
from tests.loyalty.example import Example
from tests.loyalty.examples import EXAMPLES
from tests.loyalty.ledgers import LAST, Club, asked, clubs
from tests.loyalty.reference import account, rebate

FAST, LONG, FEW = 3, 1000, examples(3, 200)  # random clubs
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


def together() -> list[list[Example]]:
    """Group the examples by their rules: each engine run takes as long for many members as for one."""
    groups: dict[str, list[Example]] = {}
    for example in EXAMPLES:
        groups.setdefault(example.programme.model_dump_json(), []).append(example)
    return list(groups.values())


def names_of(group: list[Example]) -> str:
    return f"{group[0].name}, {len(group)}"


@pytest.mark.parametrize("group", quick_and_long(together(), together()[::20]), ids=names_of)
def test_the_engine_agrees_on_each_example(group: list[Example]) -> None:
    last = {date.fromisoformat(max(example.days)) for example in group}
    assert not "\n".join(differences(club_of(group), sorted(last)))


@pytest.mark.long
@pytest.mark.parametrize("group", together(), ids=names_of)
def test_the_engine_agrees_on_each_day_of_each_example(group: list[Example]) -> None:
    assert not "\n".join(differences(club_of(group), days_of(group)))


@pytest.mark.long
@pytest.mark.parametrize("group", together(), ids=names_of)
def test_the_engine_agrees_on_each_example_400_days_later(group: list[Example]) -> None:
    assert not "\n".join(differences(club_of(group), [days_of(group)[-1] + timedelta(days=400)]))


def club_of(group: list[Example]) -> Club:
    """Return a club with one member for each example, whose id is the example's name."""
    people = {example.name: example.person for example in group}
    return Club(group[0].programme, people, {example.name: example.lines for example in group})


def days_of(group: list[Example]) -> list[date]:
    """Return the days for which one of the examples states figures."""
    return sorted({date.fromisoformat(day) for example in group for day in example.days})


def test_the_engine_agrees_on_random_ledgers() -> None:
    compare(FAST)


@pytest.mark.long
def test_the_engine_agrees_on_many_random_ledgers() -> None:
    compare(LONG)


@settings(max_examples=FEW, suppress_health_check=SLOW)
@given(clubs(fewest=6, members=12), asked())
def test_standings_are_the_figures_of_the_accounts(club: Club, day: date) -> None:
    engine = engine_of(club.programme, club.lines, club.members)
    accounts = {found.member: (found.rung, found.figure, found.balance) for found in engine.accounts(day)}
    assert {found.member: (found.rung, found.figure, found.balance) for found in engine.standings(day)} == accounts


@pytest.mark.long
@settings(max_examples=FEW, suppress_health_check=SLOW)
@given(clubs(fewest=6, members=12), st.lists(asked(), min_size=3, max_size=3))
def test_an_account_knows_the_balances_of_the_past(club: Club, days: list[date]) -> None:
    for found in engine_of(club.programme, club.lines, club.members).accounts(LAST):
        person, lines = club.members[found.member], club.lines[found.member]
        for day in days:
            then = account(club.programme, lines, person, on=day)
            assert balance_on(found, day) == then.balance


@pytest.mark.long
@settings(max_examples=FEW, suppress_health_check=SLOW)
@given(clubs(fewest=3, members=6), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_nothing(club: Club, chance: Random) -> None:
    newest_first = {name: list(reversed(lines)) for name, lines in club.lines.items()}
    shuffled = {name: chance.sample(lines, len(lines)) for name, lines in newest_first.items()}
    accounts = list(engine_of(club.programme, club.lines, club.members).accounts(LAST))
    for lines in (newest_first, shuffled):
        assert list(engine_of(club.programme, lines, club.members).accounts(LAST)) == accounts


def compare(examples: int) -> None:
    """Compare engine and reference on random clubs of six to twelve members, each on up to three days."""
    compared: Counter[str] = Counter()

    @settings(max_examples=examples, suppress_health_check=SLOW)
    @given(clubs(fewest=6, members=12), st.lists(asked(), min_size=1, max_size=3, unique=True))
    def agree(club: Club, days: list[date]) -> None:
        compared["clubs"] += 1
        assert not "\n".join(differences(club, days))
        for day in days:
            compared["accounts"] += len(club.members)
            compared["lines"] += sum(line.day <= day for lines in club.lines.values() for line in lines)

    agree()
    for name, count in sorted(compared.items()):
        print(f"engine_{name}_compared={count}")


def differences(club: Club, days: list[date]) -> Iterator[str]:
    """Yield the differences between engine and reference, day by day and member by member."""
    made = engine_of(club.programme, club.lines, club.members)
    for day in days:
        yield from differences_on(made, club, day)


def differences_on(made: Engine, club: Club, day: date) -> Iterator[str]:
    computed = engine_accounts(made, club.programme, club.lines, club.members, day)
    for name, person in club.members.items():
        lines, joined = club.lines[name], person.joined
        expected = account(club.programme, lines, person, on=day)
        found, rebated = computed[name]
        for what in (*unlike(expected, found), *unlike(rebate(club.programme, lines, joined, on=day), rebated)):
            yield f"{name} on {day}: {what}"


def unlike(expected: Account | Rebated, found: Account | Rebated) -> Iterator[str]:
    """Yield each field that differs; for entries and lots, each item."""
    for field in fields(expected):
        one, other = getattr(expected, field.name), getattr(found, field.name)
        if isinstance(one, tuple) and len(one) == len(other):
            yield from (f"expected {a}, found {b}" for a, b in zip(one, other, strict=True) if a != b)
        elif one != other:
            yield f"{field.name}: expected {one}, found {other}"


@pytest.mark.long
@pytest.mark.parametrize("period", ["calendar", "anniversary", "rolling"])
def test_it_makes_no_difference_how_many_members_are_acted_out_together(
    period: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = (example.programme for example in EXAMPLES)
    programme = next(rule for rule in rules if rule.qualifying and rule.qualifying.period == period)
    members = {
        f"M-{n}": replace(example.person, tier=None, tier_until=None, tier_from=None, given=())
        for n, example in enumerate(EXAMPLES)
    }
    lines = {f"M-{n}": example.lines for n, example in enumerate(EXAMPLES)}
    made, day = engine_of(programme, lines, members), date(2026, 12, 31)
    together = list(made.accounts(day)), list(made.standings(day))
    monkeypatch.setattr(engine, "LINES_PER_BATCH", 50)
    assert (list(made.accounts(day)), list(made.standings(day))) == together
    assert len(together[0]) == len(EXAMPLES)
