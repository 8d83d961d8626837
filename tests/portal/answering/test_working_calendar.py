"""Working days: Monday to Friday, without the days off of the owner."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from members_portal.portal.answering.working_calendar import EVERY_WEEKDAY, WorkingCalendar, read_day_off

FRIDAY = date(2026, 11, 20)
CHRISTMAS = WorkingCalendar(frozenset({"12-25", "12-26", "2026-12-24", "02-29"}))


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (FRIDAY, FRIDAY, 0),
        (FRIDAY, date(2026, 11, 22), 0),  # Sunday
        (FRIDAY, date(2026, 11, 23), 1),
        (date(2026, 11, 21), date(2026, 11, 24), 2),  # from Saturday
        (FRIDAY, date(2026, 12, 4), 10),
    ],
)
def test_working_days_are_monday_to_friday(start: date, end: date, days: int) -> None:
    assert EVERY_WEEKDAY.working_days(start, end) == days


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 12, 23), date(2026, 12, 28), 1),  # Thursday and Friday are off, the 26th is a Saturday
        (date(2026, 12, 24), date(2026, 12, 25), 0),
        (date(2027, 12, 23), date(2027, 12, 28), 3),  # the 24th is a Friday at work, 25 and 26 are a weekend
        (date(2026, 1, 1), date(2027, 1, 1), 259),  # of 261 weekdays two are off
    ],
)
def test_days_off_are_no_working_days(start: date, end: date, days: int) -> None:
    counted = sum(CHRISTMAS.is_working(start + timedelta(n)) for n in range(1, (end - start).days + 1))
    assert CHRISTMAS.working_days(start, end) == counted == days


def test_a_wait_ends_on_a_working_day() -> None:
    assert CHRISTMAS.day_after(date(2026, 12, 23), 2) == date(2026, 12, 29)
    assert CHRISTMAS.day_after(date(2028, 2, 28), 1) == date(2028, 3, 1)  # 29 February is off
    assert EVERY_WEEKDAY.day_after(FRIDAY, 2) == date(2026, 11, 24)


@pytest.mark.parametrize("text", ["2026-02-30", "02-30", "25.12.", "", "2026", "12-25-2026"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="a day that exists"):
        read_day_off(text)
