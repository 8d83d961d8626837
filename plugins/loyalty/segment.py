"""Segments: rules that say which members somebody means, such as those who have gone quiet.

All conditions that a segment states must hold; `interests`, `tiers` and `countries` hold when one of their words does.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from plugins.loyalty.schema import Day, Flag, Key, Money, Record, Text, Words

Days = Annotated[int, Field(ge=0, le=3660)]


class SpendRange(Record):
    """Spend over the last `days` days: at least `from`, less than `below`."""

    days: Annotated[int, Field(ge=1, le=3660)] = 365
    from_: Annotated[Money | None, Field(alias="from")] = None
    below: Money | None = None


class Joined(Record):
    """When somebody joined; both days count. `within days` is counted back from the day asked about."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None
    within_days: Days | None = None


class Segment(Record):
    """A named rule over members; RULES.md says what each condition means."""

    key: Key
    name: Text
    lapsed_days: Annotated[int, Field(ge=1, le=3660)] | None = None
    birthday_within_days: Days | None = None
    anniversary_within_days: Days | None = None
    interests: Words = ()
    tiers: Words = ()
    spend: SpendRange | None = None
    joined: Joined | None = None
    key_customer: Flag | None = None
    countries: Words = ()
    orders: Literal["none", "some"] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Segment":
        if not self.model_fields_set - {"key", "name"}:
            raise ValueError("at least one condition")
        return self
