"""The front matter of a promise, with its results."""

from typing import Annotated

from pydantic import Field

from members_portal.loyalty.input.schema import Count, Day, Flag, Record, Text
from members_portal.portal.content.front.front import Front


class Result(Record):
    """The result of a promise in one period. It is published on the day `told`."""

    period: Text
    value: Text
    kept: Flag
    note: str = ""
    told: Day | None = None


class AnswersWithin(Record):
    """A promise that the share (percent) of messages is answered within so many working days."""

    days: Annotated[int, Field(ge=1, le=60)]
    share: Annotated[int, Field(ge=1, le=100)] = 100


class Promise(Front):
    """A promise. With `answers_within`, its results are computed from the answers of members."""

    publish: Day | None = None
    order: Count = 100
    measure: Text
    target: Text
    results: tuple[Result, ...] = ()
    answers_within: AnswersWithin | None = None
