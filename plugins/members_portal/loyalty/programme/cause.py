"""Causes: points that members give, and a share of what they spend, for something outside the shop."""

from typing import Annotated

from pydantic import Field, model_validator

from members_portal.loyalty.input.schema import Day, Key, Percent, PositiveMoney, Record, Text, Words, in_order, misfit


class Cause(Record):
    """What is given, from when on. `share` is a percentage of spend; `worth` is what a point given is worth to it.

    A member gives points by a redemption whose reference is the cause's key.
    """

    key: Key
    name: Text
    summary: str = ""
    share: Percent | None = None
    tags: Words = ()  # only spend with one of them gives a share
    worth: PositiveMoney | None = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    until: Day | None = None

    @model_validator(mode="after")
    def _gives(self) -> "Cause":
        if self.share is None and self.worth is None:
            raise misfit("gives nothing", "`share` of spend, `worth` of a point, or both")
        if self.tags and self.share is None:
            raise misfit("`tags` without `share`", "a share of what is spent on them, or no `tags`", "tags")
        return in_order(self)  # type: ignore[no-any-return]
