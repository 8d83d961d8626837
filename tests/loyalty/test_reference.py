"""The independent reference: the examples of RULES.md computed by hand, and invariants of every ledger."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given

from tests.long_cases import quick_and_long
from tests.loyalty.account import Account, Ledger, Line
from tests.loyalty.example import Example, of_account, of_entry
from tests.loyalty.examples import EXAMPLES
from tests.loyalty.ledgers import LAST, Club, asked, clubs
from tests.loyalty.reference import account, rebate


def on(example: Example, day: str) -> Account:
    """Return the account of an example on a day."""
    return account(example.programme, example.lines, example.person, on=date.fromisoformat(day))


@pytest.mark.parametrize("example", quick_and_long(EXAMPLES, EXAMPLES[::5]), ids=lambda example: example.name)
def test_each_example_comes_to_what_was_worked_out_by_hand(example: Example) -> None:
    for day, stated in example.days.items():
        rebated = rebate(example.programme, example.lines, example.person.joined, on=date.fromisoformat(day))
        assert f"{day}: {of_account(on(example, day), rebated, stated)}" == f"{day}: {stated}"


@pytest.mark.parametrize("example", quick_and_long(EXAMPLES, EXAMPLES[::5]), ids=lambda example: example.name)
def test_each_line_of_an_example_does_what_was_worked_out_by_hand(example: Example) -> None:
    entries = on(example, "2050-01-01").entries
    found = [of_entry(entry, said) for entry, said in zip(entries, example.stated, strict=True) if said]
    assert found == [said for said in example.stated if said]


def test_every_example_has_a_name_of_its_own() -> None:
    names = [example.name for example in EXAMPLES]
    assert len(names) == len(set(names)) >= 60


def accounts(club: Club, day: date) -> dict[str, Account]:
    """Return the accounts of all members of a club on a day."""
    return {name: account(club.programme, club.lines[name], person, on=day) for name, person in club.members.items()}


@pytest.mark.long
@given(clubs(), asked())
def test_what_was_earned_is_all_accounted_for(club: Club, day: date) -> None:
    for found in accounts(club, day).values():
        assert found.earned == found.balance + found.spent + found.returned + found.taken + found.expired


@given(clubs(), asked())
def test_the_balance_is_what_is_left_of_lots_less_what_is_owed(club: Club, day: date) -> None:
    for found in accounts(club, day).values():
        assert found.balance == sum(lot.left for lot in found.lots) - found.owed
        assert found.owed >= 0
        assert all(0 <= lot.left <= lot.points for lot in found.lots)
        assert not found.owed or not any(lot.left for lot in found.lots if lot.available <= day)


@given(clubs(), asked())
def test_the_past_is_replayed_as_it_was(club: Club, day: date) -> None:
    before = Club(club.programme, club.members, {name: upto(lines, day) for name, lines in club.lines.items()})
    assert accounts(club, day) == accounts(before, day)
    for name, later in accounts(club, LAST).items():
        earlier = accounts(club, day)[name]
        assert later.entries[: len(earlier.entries)] == earlier.entries


def upto(lines: Ledger, day: date) -> list[Line]:
    """Return the lines up to a day."""
    return [line for line in lines if line.day <= day]
