"""Segments: rules that say which members somebody means, such as those who have gone quiet.

All conditions that a segment states must hold; `interests`, `tiers` and `countries` hold when one of their words does.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from members_portal.loyalty.input.schema import (
    Country,
    Day,
    Flag,
    Key,
    Money,
    Record,
    Some,
    Text,
    Words,
    in_order,
    misfit,
)

Days = Annotated[int, Field(ge=0, le=3660)]


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
    """When somebody joined; both days count. `within days` is counted back from the day asked about."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    within_days: Days | None = None

    @model_validator(mode="after")
    def _is_a_time(self) -> "Joined":
        if self.from_ is None and self.until is None and self.within_days is None:
            raise misfit("`joined` says no time", "`from`, `until` or `within days`")
        return in_order(self)  # type: ignore[no-any-return]


class Segment(Record):
    """A named rule over members; RULES.md says what each condition means."""

    key: Key
    name: Text
    lapsed_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    birthday_within_days: Days | None = None
    anniversary_within_days: Days | None = None
    interests: Annotated[Words, Some] = ()
    tiers: Annotated[Words, Some] = ()
    spend: SpendRange | None = None
    joined: Joined | None = None
    key_customer: Flag | None = None
    countries: Annotated[tuple[Country, ...], Some] = ()
    orders: Literal["none", "some"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Segment":
        if not self.model_fields_set - {"key", "name"}:
            raise misfit("no condition", "at least one: who is meant?")
        return self
