"""Segments: rules that select members, for example members without a recent order.

A member belongs to a segment when all its conditions hold; `interests`, `tiers` and `countries` hold when one of their
words does.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from members_portal.loyalty.input.schema import (
    Country,
    Day,
    Flag,
    Key,
    Money,
    NonEmpty,
    Record,
    Text,
    Words,
    in_order,
    misfit,
)

KEY_CUSTOMERS = "key-customers"  # members with an account manager; used like the key of a segment

SegmentDays = Annotated[int, Field(ge=0, le=3660)]


class SpendRange(Record):
    """Spend over the last `days` days: at least `from`, less than `below`."""

    days: Annotated[int, Field(ge=1, le=3660)] = 365
    from_: Annotated[Money | None, Field(alias="from")] = None
    below: Money | None = None

    @model_validator(mode="after")
    def _is_a_range(self) -> "SpendRange":
        if self.from_ is None and self.below is None:
            raise misfit("`spend` says no amount", "`from`, `below`, or both")
        if self.from_ is not None and self.below is not None and self.below <= self.from_:
            raise misfit("nothing lies between `from` and `below`", f"more than {self.from_}", "below")
        return self


class Joined(Record):
    """A range of joining days, both included. `within days` counts back from the day of the standings."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    within_days: SegmentDays | None = None

    @model_validator(mode="after")
    def _is_a_time(self) -> "Joined":
        if self.from_ is None and self.until is None and self.within_days is None:
            raise misfit("`joined` says no time", "`from`, `until` or `within days`")
        return in_order(self)  # type: ignore[no-any-return]


class Segment(Record):
    """A named rule that selects members; it has at least one condition."""

    key: Key
    name: Text
    lapsed_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    birthday_within_days: SegmentDays | None = None
    birthday_month: Flag | None = None
    anniversary_within_days: SegmentDays | None = None
    interests: Annotated[Words, NonEmpty] = ()
    tiers: Annotated[Words, NonEmpty] = ()
    spend: SpendRange | None = None
    joined: Joined | None = None
    key_customer: Flag | None = None
    countries: Annotated[tuple[Country, ...], NonEmpty] = ()
    orders: Literal["none", "some"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Segment":
        if not self.model_fields_set - {"key", "name"}:
            raise misfit("no condition", "at least one")
        return self
