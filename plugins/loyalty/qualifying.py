"""What programme.yaml says of reaching and keeping a tier, and of the rebate. RULES.md says what it means."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from plugins.loyalty.schema import Money, Percent, Record, Text, Words

COMMON_YEAR = 2001


def _month_and_day(value: Any) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"{COMMON_YEAR}-{value}")
        return day.month, day.day
    except ValueError:
        raise ValueError('a day of every year, as "MM-DD"') from None


YearlyDay = Annotated[tuple[int, int], BeforeValidator(_month_and_day)]  # month, day


class Qualifying(Record):
    """What is counted towards a tier, over which time, and what happens when it is no longer reached."""

    basis: Literal["spend", "points", "orders"]
    period: Literal["calendar", "anniversary", "rolling"] = "calendar"
    starts: YearlyDay = (1, 1)
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    downgrade: Literal["none", "one-step", "by-balance"] = "by-balance"
    grace_days: Annotated[int, Field(ge=0, le=300)] = 0
    exclude_tags: Words = ()

    @model_validator(mode="after")
    def _fits(self) -> "Qualifying":
        if (self.period == "rolling") != (self.days is not None):
            raise ValueError("`days` with `period: rolling`, and only there")
        return self


class Band(Record):
    """A rebate of so many percent from so much spend on."""

    from_: Annotated[Money, Field(alias="from")]
    percent: Percent


class Rebate(Record):
    """A discount on what was spent over a year, given afterwards. `paid` says how and when, in words."""

    name: Text = "Rebate"
    period: Literal["calendar", "anniversary"] = "calendar"
    starts: YearlyDay = (1, 1)
    of: Literal["whole", "band"] = "whole"
    bands: Annotated[tuple[Band, ...], Field(min_length=1)]
    exclude_tags: Words = ()
    paid: str = ""

    @model_validator(mode="after")
    def _ascending(self) -> "Rebate":
        starts = [band.from_ for band in self.bands]
        if starts != sorted(set(starts)):
            raise ValueError("bands in ascending order")
        return self


