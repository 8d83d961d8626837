"""Birthdays and anniversaries.

Someone born on 29 February is greeted on 28 February in common years: the day before March, so that the
greeting never comes late.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from members_portal.loyalty.member.member import Member

Kind = Literal["birthday", "anniversary"]


@dataclass(frozen=True)
class Occasion:
    """A day to greet a member on; `years` is 0 for a birthday (an age is nobody's business)."""

    kind: Kind
    on: date
    years: int = 0


def day_in_year(month: int, day: int, year: int) -> date:
    """Return a yearly day in a given year, 29 February being 28 February in common years."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, day - 1)


def next_day(month: int, day: int, on: date) -> date:
    """Return the first occurrence of a yearly day on or after a date."""
    this_year = day_in_year(month, day, on.year)
    return this_year if this_year >= on else day_in_year(month, day, on.year + 1)


def occasions(member: Member, on: date) -> list[Occasion]:
    """List a member's next birthday and next anniversary, on or after a date."""
    found: list[Occasion] = []
    if member.birthday:
        found.append(Occasion("birthday", next_day(member.birthday.month, member.birthday.day, on)))
    anniversary = next_day(member.joined.month, member.joined.day, max(on, member.joined + timedelta(days=1)))
    found.append(Occasion("anniversary", anniversary, anniversary.year - member.joined.year))
    return found
