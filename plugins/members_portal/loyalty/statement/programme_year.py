"""Years that needn't begin in January: of the calendar from a given day on, or of a member's anniversary."""

from dataclasses import dataclass
from datetime import date, timedelta

from members_portal.loyalty.member.occasion import day_in_year


@dataclass(frozen=True)
class Year:
    """A period of a year, both days included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


def year_around(on: date, month: int, day: int) -> Year:
    """Return the year that begins on a month and day and holds a date; 29 February is 28 in common years."""
    first = day_in_year(month, day, on.year)
    if first > on:
        first = day_in_year(month, day, on.year - 1)
    return Year(first, day_in_year(month, day, first.year + 1) - timedelta(days=1))
