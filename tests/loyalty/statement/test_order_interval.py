"""The interval between orders, and the likely day of the next."""

from __future__ import annotations

from datetime import date

import pytest

from members_portal.loyalty.statement.order_interval import OrderInterval
from tests.long_cases import quick_first
from tests.loyalty.example import programme_of
from tests.loyalty.future import said


def rhythm(*days: str, more: str = "", joined: str = "2020-01-01") -> OrderInterval:
    ledger = "\n".join([*(f"{day} purchase 10.00" for day in days), more])
    return said(programme_of("points: {}"), ledger, "2026-11-21", joined).rhythm


@pytest.mark.parametrize(
    ("days", "orders", "between", "following"),
    quick_first(
        [
            ((), 0, None, None),
            (("2026-01-01",), 1, None, None),
            (("2026-01-01", "2026-01-11"), 2, None, None),
            (("2026-01-01", "2026-01-11", "2026-01-21"), 3, 10, "2026-01-31"),
            # Two lines of one day are one order.
            (("2026-01-01", "2026-01-11", "2026-01-11"), 2, None, None),
            # The middle one of the intervals, and of two middle ones the shorter; one long pause changes nothing.
            (("2026-01-01", "2026-01-11", "2026-06-30", "2026-07-12"), 4, 12, "2026-07-24"),
            (("2026-01-01", "2026-01-11", "2026-01-31"), 3, 10, "2026-02-10"),
            # Across 29 February.
            (("2024-02-08", "2024-02-22", "2024-03-07"), 3, 14, "2024-03-21"),
        ],
        2,
    ),
)
def test_the_next_order(days: tuple[str, ...], orders: int, between: int | None, following: str | None) -> None:
    last = date.fromisoformat(days[-1]) if days else None
    found = rhythm(*days)
    likely = date.fromisoformat(following) if following else None
    assert (found.orders, found.last, found.days_between, found.next) == (orders, last, between, likely)


@pytest.mark.parametrize(
    ("on", "due"),
    [("2026-01-27", "later"), ("2026-01-28", "now"), ("2026-02-10", "now"), ("2026-02-11", "late")],
)
def test_an_order_is_due_from_three_days_before_it_until_another_would_be(on: str, due: str) -> None:
    ledger = "2026-01-01 purchase 10.00\n2026-01-11 purchase 10.00\n2026-01-21 purchase 10.00"
    assert said(programme_of("points: {}"), ledger, on, "2020-01-01").rhythm.due == due


def test_only_the_last_nine_intervals_count() -> None:
    monthly = [f"2025-{month:02}-01" for month in range(1, 13)]
    weekly = [f"2026-{month}-{day:02}" for month in ("01", "02") for day in (1, 8, 15, 22)]
    assert rhythm(*monthly, *weekly).days_between == 7


def test_nothing_but_purchases_since_joining_is_an_order() -> None:
    more = "2026-03-01 refund 5.00\n2026-03-02 event\n2026-03-03 redemption 0"
    assert rhythm("2026-01-01", "2026-01-11", more=more).orders == 2
    assert rhythm("2026-01-01", "2026-01-11", joined="2026-01-05").orders == 1


def test_a_returned_order_is_none() -> None:
    days = ("2026-01-01", "2026-01-11", "2026-01-31")
    returned = "2026-02-20 purchase 10.00 Z\n2026-02-25 refund 10.00 Z"
    assert rhythm(*days, more=returned) == rhythm(*days)
    assert rhythm(*days, more=returned.replace("refund 10.00", "refund 9.00")).orders == 4
