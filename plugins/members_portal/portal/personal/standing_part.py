"""Standing parts: where a member stands, in parts of the front page that each end on a day of their own."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from members_portal.loyalty.period import DAY
from members_portal.loyalty.statement.statement import Statement


class StandingPart(NamedTuple):
    """A part of `slots/standing.html`, and the days on which it is true; None means without limit."""

    name: str
    first: date | None = None
    last: date | None = None


def standing_parts(statement: Statement | None) -> Iterator[StandingPart]:
    """Yield the parts for a member. A part ends with the date it names; the progress is replaced by a sentence."""
    yield StandingPart("begin")
    if statement is None:
        return
    if statement.ends_soon:
        yield StandingPart("soon", None, statement.ends_soon.on)
    if statement.available:
        yield StandingPart("available", None, statement.available[0].on - DAY)
    goal = statement.progress.goal
    by = goal.by if goal else None
    yield StandingPart("progress", None, by)
    if by:
        yield StandingPart("over", by + DAY)
