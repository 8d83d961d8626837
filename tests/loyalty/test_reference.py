"""The independent reference: the examples of RULES.md worked by hand, and what holds of every ledger."""

from __future__ import annotations

from datetime import date

import pytest

from tests.loyalty.account import Account
from tests.loyalty.example import Example, of_account, of_entry
from tests.loyalty.examples import EXAMPLES
from tests.loyalty.reference import account, rebate


def on(example: Example, day: str) -> Account:
    """Compute an example's account on a day."""
    person = example.person
    return account(
        example.programme, example.lines, person.joined, person.tier, person.tier_until, on=date.fromisoformat(day)
    )


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_each_example_comes_to_what_was_worked_out_by_hand(example: Example) -> None:
    for day, stated in example.days.items():
        rebated = rebate(example.programme, example.lines, example.person.joined, on=date.fromisoformat(day))
        assert f"{day}: {of_account(on(example, day), rebated, stated)}" == f"{day}: {stated}"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_each_line_of_an_example_does_what_was_worked_out_by_hand(example: Example) -> None:
    entries = on(example, "2050-01-01").entries
    found = [of_entry(entry, said) for entry, said in zip(entries, example.stated, strict=True) if said]
    assert found == [said for said in example.stated if said]


def test_every_example_has_a_name_of_its_own() -> None:
    names = [example.name for example in EXAMPLES]
    assert len(names) == len(set(names)) >= 60
