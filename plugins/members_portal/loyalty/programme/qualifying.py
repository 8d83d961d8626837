"""The `qualifying` and `rebate` parts of programme.yaml. RULES.md defines their meaning."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from members_portal.loyalty.input.schema import Money, NonEmpty, Percent, Record, Text, misfit
from members_portal.loyalty.period import Period, year_around
from members_portal.loyalty.tag import Tags
from members_portal.loyalty.yearly_day import COMMON_YEAR


def _month_and_day(value: Any) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"{COMMON_YEAR}-{value}")
        return day.month, day.day
    except ValueError:
        raise ValueError('a day of every year, as "MM-DD"') from None


def _check_starts(record: Any) -> Any:
    """Refuse `starts` without `period: calendar`: an anniversary year starts on the day the member joined."""
    if "starts" in record.model_fields_set and record.period != "calendar":
        raise misfit(f"`starts` with `period: {record.period}`", "`period: calendar`, or no `starts`", "starts")
    return record


YearlyDay = Annotated[tuple[int, int], BeforeValidator(_month_and_day)]  # month, day


class Qualifying(Record):
    """The figure that counts towards a tier, its period, and the downgrade when a tier is no longer reached."""

    basis: Literal["spend", "points", "orders"]
    period: Literal["calendar", "anniversary", "rolling"] = "calendar"
    starts: YearlyDay = (1, 1)
    days: Annotated[int, Field(ge=1, le=3660)] | None = None
    downgrade: Literal["none", "one-step", "by-balance"] = "by-balance"
    grace_days: Annotated[int, Field(ge=0, le=300)] = 0
    exclude_tags: Tags = ()

    @model_validator(mode="after")
    def _fits(self) -> "Qualifying":
        if self.period == "rolling" and self.days is None:
            raise misfit("`period: rolling` without `days`", "a number of days", "period")
        if self.period != "rolling" and self.days is not None:
            raise misfit(f"`days` with `period: {self.period}`", "`period: rolling`, or no `days`", "days")
        return _check_starts(self)  # type: ignore[no-any-return]


class RebateBand(Record):
    """A band of the rebate: `percent` from the spend `from` on."""

    from_: Annotated[Money, Field(alias="from")]
    percent: Percent


class Rebate(Record):
    """A discount on the spend of a year, paid afterwards. `paid` is the text that says how and when."""

    name: Text = "Rebate"
    period: Literal["calendar", "anniversary"] = "calendar"
    starts: YearlyDay = (1, 1)
    of: Literal["whole", "band"] = "whole"
    bands: Annotated[tuple[RebateBand, ...], NonEmpty]
    exclude_tags: Tags = ()
    paid: str = ""

    @model_validator(mode="after")
    def _ascending(self) -> "Rebate":
        for index, (before, band) in enumerate(pairwise(self.bands), start=1):
            if band.from_ <= before.from_:
                what = f"from: `{band.from_}` is not above the band before"
                raise misfit(what, f"more than {before.from_}", "bands", index, "from")
            if band.percent <= before.percent:
                what = f"percent: `{band.percent}` is not above the band before"
                raise misfit(what, f"more than {before.percent}", "bands", index, "percent")
        return _check_starts(self)  # type: ignore[no-any-return]


def year_of(rule: Qualifying | Rebate, joined: date, on: date) -> Period:
    """Return the calendar or anniversary year of a rule that contains `on`, for a member who joined on `joined`."""
    month, day = (joined.month, joined.day) if rule.period == "anniversary" else rule.starts
    return year_around(on, month, day)
