"""Periods: years that begin on any day, and the last days up to a day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.period import Period, last_days, leaves_on, year_around

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("on", "month", "day", "first", "last"),
    [
        ("2026-01-01", 1, 1, "2026-01-01", "2026-12-31"),
        ("2026-12-31", 1, 1, "2026-01-01", "2026-12-31"),
        ("2026-04-05", 4, 6, "2025-04-06", "2026-04-05"),
        ("2026-04-06", 4, 6, "2026-04-06", "2027-04-05"),
        ("2025-02-27", 2, 29, "2024-02-29", "2025-02-27"),
        ("2025-02-28", 2, 29, "2025-02-28", "2026-02-27"),
        ("2028-02-28", 2, 29, "2027-02-28", "2028-02-28"),
        ("2028-02-29", 2, 29, "2028-02-29", "2029-02-27"),
    ],
)
def test_the_year_that_a_day_lies_in(on: str, month: int, day: int, first: str, last: str) -> None:
    year = year_around(date.fromisoformat(on), month, day)
    assert (str(year.first), str(year.last)) == (first, last)


@given(DAYS, DAYS)
def test_years_follow_each_other_without_a_gap(starts: date, on: date) -> None:
    year = year_around(on, starts.month, starts.day)
    assert on in year
    assert year_around(year.last, starts.month, starts.day) == year
    assert year_around(year.last + timedelta(days=1), starts.month, starts.day).first == year.last + timedelta(days=1)
    assert 365 <= (year.last - year.first).days + 1 <= 366


@pytest.mark.parametrize(
    ("on", "count", "first"),
    [("2026-03-01", 1, "2026-03-01"), ("2026-03-01", 2, "2026-02-28"), ("2028-03-01", 365, "2027-03-03")],
)
def test_the_last_days_end_on_the_day_itself(on: str, count: int, first: str) -> None:
    period = last_days(date.fromisoformat(on), count)
    assert (period, period.days) == (Period(date.fromisoformat(first), date.fromisoformat(on)), count)


@given(DAYS, st.integers(1, 3660))
def test_a_day_is_in_the_rolling_period_until_it_leaves(day: date, count: int) -> None:
    gone = leaves_on(day, count)
    assert day in last_days(gone - timedelta(days=1), count)
    assert day not in last_days(gone, count)
