"""Birthdays and anniversaries, 29 February above all."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.member.occasion import Occasion, day_in_year, next_day, occasions
from tests.loyalty.small_club import maya

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


@pytest.mark.parametrize(
    ("joined", "on", "anniversary", "years"),
    [
        ("2021-05-30", date(2026, 5, 29), date(2026, 5, 30), 5),
        ("2021-05-30", date(2026, 5, 30), date(2026, 5, 30), 5),
        ("2021-05-30", date(2026, 5, 31), date(2027, 5, 30), 6),
        ("2021-05-30", date(2021, 5, 30), date(2022, 5, 30), 1),
        ("2021-05-30", date(2021, 1, 1), date(2022, 5, 30), 1),
        ("2024-02-29", date(2024, 2, 29), date(2025, 2, 28), 1),
        ("2024-02-29", date(2028, 1, 1), date(2028, 2, 29), 4),
        ("2024-02-28", date(2024, 2, 29), date(2025, 2, 28), 1),
        ("2023-12-31", date(2026, 12, 31), date(2026, 12, 31), 3),
        ("2199-12-31", date(2026, 1, 1), date(2200, 12, 31), 1),
    ],
)
def test_an_anniversary_counts_whole_years(
    tmp_path: Path, joined: str, on: date, anniversary: date, years: int
) -> None:
    member = maya(tmp_path, "language: en").model_copy(update={"joined": date.fromisoformat(joined)})
    assert occasions(member, on) == [Occasion("anniversary", anniversary, years)]


def test_a_birthday_is_greeted_without_an_age(tmp_path: Path) -> None:
    member = maya(tmp_path, "birthday: 1984-02-29")
    assert occasions(member, date(2026, 2, 1)) == [
        Occasion("birthday", date(2026, 2, 28), 0),
        Occasion("anniversary", date(2026, 5, 30), 5),
    ]
