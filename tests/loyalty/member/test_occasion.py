"""Birthdays and anniversaries."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from members_portal.loyalty.member.occasion import Occasion, occasions
from tests.loyalty.small_club import maya


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
