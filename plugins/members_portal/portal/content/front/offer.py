"""The front matter of an offer."""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from members_portal.loyalty.input.schema import Count, Day, Flag, Money, Record, Text, Words
from members_portal.portal.content.front.front import Front
from members_portal.portal.content_check.other_keys import OFFER_KEYS


def _use_limit(value: Any) -> Any:
    """Convert a plain number of uses to a mapping."""
    if isinstance(value, str) and re.fullmatch("[1-9][0-9]*", value):
        return {"uses": value}
    if not isinstance(value, dict):
        raise ValueError("a whole number such as 1, or `{uses: 1, per: year}`")
    return value


class UseLimit(Record):
    """The number of uses for one member, in each calendar period `per`."""

    uses: Count = 1
    per: Literal["day", "month", "quarter", "year", "ever"] = "ever"


class Offer(Front):
    """An offer. `limit` is the number of uses per member, `capacity` of all members together; `points` is the price.

    `segments` restricts the offer to members of these segments. `coupon` gives each member a personal coupon code.
    """

    other_names = OFFER_KEYS

    type: Literal["percent", "amount", "extra", "gift", "service"]
    value: Text
    starts: Day
    ends: Day
    capacity: Count | None = None
    limit: Annotated[UseLimit, BeforeValidator(_use_limit)] = UseLimit()
    minimum_spend: Money | None = None
    points: Count | None = None
    segments: Words = ()
    coupon: Flag = False
    terms: str = ""
    redeem: str = ""

    @property
    def last_day(self) -> date:
        """The last day on which it is in lists."""
        return self.ends
