"""The week ahead: the birthdays and anniversaries of members in the next seven days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.member.occasion import Occasion, occasions

WEEK = 7  # days, with the day of the publish


@dataclass(frozen=True)
class ComingOccasion:
    """A member and the day to greet them."""

    member: Member
    occasion: Occasion


def week_ahead(members: Iterable[Member], on: date) -> list[ComingOccasion]:
    """Return the occasions of the next seven days, by day."""
    found = [ComingOccasion(member, each) for member in members for each in _coming(member, on)]
    return sorted(found, key=lambda one: (one.occasion.on, one.occasion.kind, one.member.id))


def days_to_birthday(member: Member, on: date) -> int:
    """Return the days until a member's birthday if it is in the next seven days, else -1."""
    days = [(each.on - on).days for each in _coming(member, on) if each.kind == "birthday"]
    return days[0] if days else -1


def _coming(member: Member, on: date) -> Iterator[Occasion]:
    return (each for each in occasions(member, on) if (each.on - on).days < WEEK)
