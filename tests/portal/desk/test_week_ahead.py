"""Birthdays and anniversaries of the next seven days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from members_portal.portal.desk.week_ahead import days_to_birthday, week_ahead
from tests.loyalty.small_club import maya

ON = date(2026, 11, 28)


def test_the_week_begins_today_and_has_seven_days(tmp_path: Path) -> None:
    days = {
        day: days_to_birthday(maya(tmp_path, f"birthday: {day}"), ON) for day in ("11-27", "11-28", "12-04", "12-05")
    }
    assert days == {"11-27": -1, "11-28": 0, "12-04": 6, "12-05": -1}


def test_anniversaries_are_told_with_their_years(tmp_path: Path) -> None:
    member = maya(tmp_path, "birthday: 11-30").model_copy(update={"joined": date(2021, 12, 1)})
    found = [(one.occasion.kind, one.occasion.on.day, one.occasion.years) for one in week_ahead([member], ON)]
    assert found == [("birthday", 30, 0), ("anniversary", 1, 5)]
