"""Days of every year, such as a birthday. In common years 29 February counts as 28 February.

This rule has one place, in Python and in SQL: here. The day is never later than in a leap year, so no greeting and no
period comes late.
"""

from datetime import date, timedelta

COMMON_YEAR = 2001  # stands in for the year of a day that every year has
LEAP_YEAR = 2000  # stands in for the year of a day that may be 29 February


def day_in_year(month: int, day: int, year: int) -> date:
    """Return a yearly day in a year."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)


def day_in_year_sql(month: str, day: str, year: str) -> str:
    """Return `day_in_year` as SQL; all three are SQL expressions."""
    leap = f"({year} % 4 = 0 and ({year} % 100 <> 0 or {year} % 400 = 0))"
    return f"make_date({year}, {month}, case when {month} = 2 and {day} = 29 and not {leap} then 28 else {day} end)"


def next_day(month: int, day: int, on: date) -> date:
    """Return the first occurrence of a yearly day on or after a date."""
    this_year = day_in_year(month, day, on.year)
    return this_year if this_year >= on else day_in_year(month, day, on.year + 1)


def next_anniversary(first: date, on: date) -> date:
    """Return the first anniversary of `first` on or after a date; `first` itself is not an anniversary."""
    return next_day(first.month, first.day, max(on, first + timedelta(days=1)))
