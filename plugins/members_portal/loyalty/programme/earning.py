"""The parts of programme.yaml about points: earning rules, multipliers, caps, validity.

RULES.md defines their meaning.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, WrapValidator, model_validator

from members_portal.loyalty.input.schema import (
    Count,
    Day,
    Days,
    Factor,
    Flag,
    Money,
    NonEmpty,
    PointsGiven,
    PositiveMoney,
    Record,
    Text,
    Words,
    in_order,
    misfit,
)
from members_portal.loyalty.tag import Tags

EarningKind = Literal["purchase", "referral", "review", "testimonial", "survey", "event", "birthday"]
Span = Literal["day", "week", "month", "year", "ever"]
RoundedTo = Literal["down", "up", "half-up"]
Start = Annotated[Day | None, Field(alias="from")]


class Validity(Record):
    """The validity of points: one of `days`, `months`, `end of` (with `after`), `until`."""

    days: Annotated[int, Field(ge=1, le=36_500)] | None = None
    months: Annotated[int, Field(ge=1, le=1200)] | None = None
    end_of: Literal["month", "year"] | None = None
    after: Annotated[int, Field(ge=0, le=1200)] = 0
    until: Day | None = None

    @model_validator(mode="after")
    def _one_way(self) -> "Validity":
        given = [way is not None for way in (self.days, self.months, self.end_of, self.until)]
        if sum(given) != 1:
            what = "`valid` says more than one end" if any(given) else "`valid` says no end"
            raise misfit(what, "one of `days`, `months`, `end of` and `until`")
        if self.after and not self.end_of:
            raise misfit("`after` without `end of`", "`end of: month` or `end of: year`", "after")
        return self


class Cap(Record):
    """The maximum of points that one rule gives one member in a span of time."""

    points: Count
    per: Span


class EarningRule(Record):
    """An earning rule. It gives `points` for each amount `per`, or without `per` for each line."""

    name: Text
    kind: EarningKind
    points: PointsGiven
    per: PositiveMoney | None = None
    tags: Tags = ()
    exclude_tags: Tags = ()
    minimum: Money | None = None
    from_: Start = None
    until: Day | None = None
    cap: Cap | None = None
    pending_days: Days | None = None
    valid: Validity | None = None

    @model_validator(mode="after")
    def _fits(self) -> "EarningRule":
        for key in ("per", "minimum"):
            if self.kind != "purchase" and getattr(self, key) is not None:
                raise misfit(f"`{key}` with `kind: {self.kind}`", f"no `{key}`: only a purchase has an amount", key)
        return in_order(self)  # type: ignore[no-any-return]


class Multiplier(Record):
    """A factor on earned points for tiers, tags or a time. `tiers` are audience words such as `gold+`."""

    name: Text
    factor: Factor
    kinds: Annotated[tuple[EarningKind, ...], NonEmpty] = ("purchase",)
    tiers: Words = ()
    tags: Tags = ()
    from_: Start = None
    until: Day | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Multiplier":
        return in_order(self)  # type: ignore[no-any-return]


class Rounding(Record):
    """The rounding of fractions of a point: its direction, and whether each line or the whole order is rounded."""

    to: RoundedTo = "down"
    per: Literal["line", "order"] = "line"


def _rounding(value: Any, handler: Callable[[Any], Any]) -> Any:
    """Read a direction alone, or a mapping."""
    if isinstance(value, dict | Rounding):
        return handler(value)
    if value not in get_args(RoundedTo):
        raise ValueError("`down`, `up` or `half-up`, or a mapping such as `{per: order}`")
    return Rounding(to=value)


class Points(Record):
    """The settings of all points. `worth` is the worth of one point in the programme's currency.

    With `before_joining`, orders from before the day of joining count.
    """

    name: Text = "points"
    pending_days: Days = 0
    valid: Validity | None = None
    rounding: Annotated[Rounding, WrapValidator(_rounding)] = Rounding()
    combine: Literal["best", "add"] = "best"
    before_joining: Flag = False
    worth: PositiveMoney | None = None
