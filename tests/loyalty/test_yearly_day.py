"""Days of every year, with 29 February; in Python and in SQL."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.yearly_day import LEAP_YEAR, day_in_year, day_in_year_sql, next_anniversary, next_day

DAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("month", "day", "on", "following"),
    [
        (6, 24, date(2026, 6, 23), date(2026, 6, 24)),
        (6, 24, date(2026, 6, 24), date(2026, 6, 24)),
        (6, 24, date(2026, 6, 25), date(2027, 6, 24)),
        (1, 1, date(2026, 12, 31), date(2027, 1, 1)),
        (2, 29, date(2027, 1, 1), date(2027, 2, 28)),
        (2, 29, date(2027, 2, 28), date(2027, 2, 28)),
        (2, 29, date(2027, 3, 1), date(2028, 2, 29)),
        (2, 29, date(2028, 2, 28), date(2028, 2, 29)),
        (2, 29, date(2028, 3, 1), date(2029, 2, 28)),
        (2, 29, date(2099, 12, 1), date(2100, 2, 28)),
    ],
)
def test_a_yearly_day_comes_next_on(month: int, day: int, on: date, following: date) -> None:
    assert next_day(month, day, on) == following


@given(DAYS, DAYS)
def test_a_yearly_day_is_never_past_and_never_more_than_a_year_off(first: date, on: date) -> None:
    following = next_day(first.month, first.day, on)
    assert on <= following <= on + timedelta(days=366)
    assert following == day_in_year(first.month, first.day, following.year)


@given(st.integers(1900, 2199))
def test_someone_born_on_29_february_is_greeted_once_a_year_and_never_in_march(year: int) -> None:
    greeted = [
        day
        for day in (date(year, 2, 27) + timedelta(days=number) for number in range(4))
        if next_day(2, 29, day) == day
    ]
    assert len(greeted) == 1
    assert greeted[0].month == 2


def test_sql_and_python_agree_on_every_yearly_day_of_every_year() -> None:
    years = range(1900, 2200)
    leap = [date(LEAP_YEAR, 1, 1) + timedelta(days=number) for number in range(366)]
    sql = day_in_year_sql("m", "d", "y")
    with duckdb.connect() as con:
        found = con.execute(
            f"select y, m, d, {sql} from unnest(?::int[]) as t(y), (select unnest(?::int[]) m, unnest(?::int[]) d)",
            [list(years), [day.month for day in leap], [day.day for day in leap]],
        ).fetchall()
    assert len(found) == len(years) * len(leap)
    assert [row for row in found if row[3] != day_in_year(row[1], row[2], row[0])] == []


@pytest.mark.parametrize(
    ("first", "on", "following"),
    [
        (date(2024, 2, 29), date(2024, 2, 29), date(2025, 2, 28)),
        (date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 29)),
        (date(2024, 5, 30), date(2020, 1, 1), date(2025, 5, 30)),
        (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_the_first_day_is_not_an_anniversary(first: date, on: date, following: date) -> None:
    assert next_anniversary(first, on) == following
