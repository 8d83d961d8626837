"""Occasions for a greeting: birthdays and anniversaries of joining."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.yearly_day import next_anniversary, next_day

OccasionKind = Literal["birthday", "anniversary"]


@dataclass(frozen=True)
class Occasion:
    """A day to greet a member. `years` is 0 for a birthday: an age is private."""

    kind: OccasionKind
    on: date
    years: int = 0


def occasions(member: Member, on: date) -> list[Occasion]:
    """Return a member's next birthday and next anniversary, on or after a date."""
    found: list[Occasion] = []
    if member.birthday:
        found.append(Occasion("birthday", next_day(member.birthday.month, member.birthday.day, on)))
    anniversary = next_anniversary(member.joined, on)
    found.append(Occasion("anniversary", anniversary, anniversary.year - member.joined.year))
    return found
