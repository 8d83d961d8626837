"""The parts of an order that each of its refunds gave back: nothing is lost, and each refund has its own amount."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members_portal.source.shop.refund_match import match_refunds
from tests.examples import examples

UNIT = Decimal("0.01")
CENTS = st.integers(1, 9999).map(lambda cents: Decimal(cents) / 100)


def matched(refunds: str, items: str, extras: str = "") -> list[list[tuple[int | None, str]]]:
    """Match amounts that are written in one line each."""
    back, bought, more = ([Decimal(number) for number in text.split()] for text in (refunds, items, extras))
    return [[(place, str(amount)) for place, amount in parts] for parts in match_refunds(back, bought, more, UNIT)]


@pytest.mark.parametrize(
    ("refunds", "items", "extras", "parts"),
    [
        ("50", "50 0", "", [[(0, "50")]]),
        ("50 30", "30 50", "", [[(1, "50")], [(0, "30")]]),
        ("80 20", "50 20 30", "", [[(0, "50"), (2, "30")], [(1, "20")]]),
        ("20 30", "50", "", [[(0, "20")], [(0, "30")]]),
        ("56 50", "50 50", "6", [[(0, "50"), (2, "6")], [(1, "50")]]),
        ("6 50", "50", "6", [[(1, "6")], [(0, "50")]]),
        ("4 50", "50", "6", [[(1, "4")], [(0, "50")]]),
        ("7 50", "50", "6", [[(None, "7")], [(0, "50")]]),
        ("9", "0", "6 3", [[(1, "6"), (2, "3")]]),
        ("3", "0", "6 3", [[(2, "3")]]),
        ("60.01 29.99", "60.00 30.00", "", [[(0, "60.00")], [(1, "30.00")]]),
        ("10", "10 5", "", [[(0, "10"), (1, "5")]]),
    ],
)
def test_a_refund_is_of_the_parts_that_make_up_its_amount(
    refunds: str, items: str, extras: str, parts: list[list[tuple[int | None, str]]]
) -> None:
    assert matched(refunds, items, extras) == parts


def test_without_a_refund_there_are_no_parts() -> None:
    assert matched("", "") == []


@given(st.lists(CENTS, max_size=6), st.lists(CENTS, max_size=2), st.lists(CENTS, min_size=1, max_size=4))
@settings(max_examples=examples(100, 2000))
def test_nothing_is_lost(items: list[Decimal], extras: list[Decimal], refunds: list[Decimal]) -> None:
    refunds[-1] += max(sum(items, Decimal(0)) - sum(refunds), Decimal(0))  # an export states no less
    found = match_refunds(refunds, items, extras, UNIT)
    for place, item in enumerate(items):
        assert sum(amount for parts in found for part, amount in parts if part == place) == item
    for place, extra in enumerate(extras, len(items)):
        assert sum(amount for parts in found for part, amount in parts if part == place) <= extra
    for refund, parts in zip(refunds[:-1], found, strict=False):
        assert abs(sum(amount for _, amount in parts) - refund) <= UNIT
