"""Causes: projects outside the shop that receive members' points and a share of their spend."""

from decimal import ROUND_DOWN, Decimal
from typing import Annotated

from pydantic import Field, model_validator

from members_portal.loyalty.input.schema import Day, Key, Percent, PositiveMoney, Record, Text, in_order, misfit
from members_portal.loyalty.tag import Tags


class Cause(Record):
    """A cause. It receives `share` percent of spend, and `worth` in money for each point given.

    A redemption with the cause's key as its reference gives points.
    """

    key: Key
    name: Text
    summary: str = ""
    share: Percent | None = None
    tags: Tags = ()  # only spend with one of these tags counts for the share
    worth: PositiveMoney | None = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None

    def gift_of(self, points: int, spend: int, unit: Decimal) -> tuple[Decimal, Decimal]:
        """Return what the points that a member gave are worth, and the share of the member's spend.

        `spend` is in the currency's smallest unit, which is `unit`.
        """
        nothing = unit * 0
        worth = (points * self.worth).quantize(unit, ROUND_DOWN) if points and self.worth else nothing
        share = (spend * self.share * unit / 100).quantize(unit, ROUND_DOWN) if spend > 0 and self.share else nothing
        return worth, share

    @model_validator(mode="after")
    def _gives(self) -> "Cause":
        if self.share is None and self.worth is None:
            raise misfit("gives nothing", "`share` of spend, `worth` of a point, or both")
        if self.tags and self.share is None:
            raise misfit("`tags` without `share`", "a share of what is spent on them, or no `tags`", "tags")
        return in_order(self)  # type: ignore[no-any-return]
