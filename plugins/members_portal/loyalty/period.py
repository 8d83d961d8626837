"""Periods of days: a year that begins on any day, and the last days up to a day."""

from dataclasses import dataclass
from datetime import date, timedelta

from members_portal.loyalty.yearly_day import day_in_year

YEARS = range(1900, 2200)  # any other year is taken for a typing error
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """A period, both days included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1


def year_around(on: date, month: int, day: int) -> Period:
    """Return the year that begins on a month and day and contains `on`."""
    first = day_in_year(month, day, on.year)
    if first > on:
        first = day_in_year(month, day, on.year - 1)
    return Period(first, day_in_year(month, day, first.year + 1) - DAY)


def last_days(on: date, count: int) -> Period:
    """Return the rolling period of `count` days that ends on `on`."""
    return Period(on - timedelta(days=count - 1), on)


def calendar_period(day: date, per: str) -> tuple[int, ...]:
    """Return the calendar `day`, `month`, `quarter` or `year` of a day: the same for all its days; `ever` is one."""
    numbers = {"day": (day.month, day.day), "month": (day.month,), "quarter": ((day.month - 1) // 3,), "year": ()}
    return () if per == "ever" else (day.year, *numbers[per])


def last_of_month(day: date) -> date:
    """Return the last day of the month of a day."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - DAY


def leaves_on(day: date, count: int) -> date:
    """Return the first day on which a rolling period of `count` days no longer contains `day`."""
    return day + timedelta(days=count)
