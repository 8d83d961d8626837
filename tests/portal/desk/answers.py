"""Answers for tests of the desk."""

from __future__ import annotations

from datetime import date
from itertools import count

from members_portal.portal.desk.heard_answer import HeardAnswer

_numbers = count()


def said(day: str, member: str = "M-1", kind: str = "feedback", about: str = "", **values: str) -> HeardAnswer:
    """Make an answer of a day."""
    number = f"A-0000-0000-{next(_numbers):04}"
    return HeardAnswer(number, date.fromisoformat(day), kind, member, about, values)
