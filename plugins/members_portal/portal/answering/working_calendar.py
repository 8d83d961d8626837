"""The working calendar: Monday to Friday, without the days off that the owner states."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date

from members_portal.loyalty.input.schema import read_day
from members_portal.loyalty.period import DAY
from members_portal.loyalty.yearly_day import LEAP_YEAR

SATURDAY = 5  # the number of the weekday


@dataclass(frozen=True)
class WorkingCalendar:
    """Days off are written `2026-12-24`, or `12-25` for each year."""

    days_off: frozenset[str] = frozenset()
    _off: dict[int, list[date]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def working_days(self, start: date, end: date) -> int:
        """Count the working days after `start`, up to and including `end`."""
        weeks, rest = divmod((end - start).days, 7)
        weekdays = 5 * weeks + sum((start + n * DAY).weekday() < SATURDAY for n in range(1, rest + 1))
        return weekdays - sum(self._off_between(year, start, end) for year in range(start.year, end.year + 1))

    def day_after(self, start: date, days: int) -> date:
        """Return the working day that is so many working days after `start`."""
        day = start
        while days:
            day += DAY
            days -= self.is_working(day)
        return day

    def is_working(self, day: date) -> bool:
        """Tell whether a day is a working day."""
        return day.weekday() < SATURDAY and day not in self._off_of(day.year)

    def _off_between(self, year: int, start: date, end: date) -> int:
        off = self._off_of(year) if self.days_off else []
        return bisect_right(off, end) - bisect_right(off, start)

    def _off_of(self, year: int) -> list[date]:
        """Return the days off among the weekdays of a year, in order."""
        if year not in self._off:
            days = {day for text in self.days_off if (day := _day_in(text, year))}
            self._off[year] = sorted(day for day in days if day.weekday() < SATURDAY)
        return self._off[year]


EVERY_WEEKDAY = WorkingCalendar()


def read_day_off(text: str) -> str:
    """Return a day off as it is written; raise ValueError."""
    read_day(text if text[4:5] == "-" else f"{LEAP_YEAR}-{text}")
    return text


def _day_in(text: str, year: int) -> date | None:
    """Return a day off in a year; None if it is none of it."""
    try:
        day = date.fromisoformat(text if text[4:5] == "-" else f"{year:04}-{text}")
    except ValueError:  # 29 February
        return None
    return day if day.year == year else None
