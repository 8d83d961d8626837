"""The interval between a member's orders, and the likely day of the next order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median_low
from typing import Literal

from members_portal.loyalty.engine.row import AccountLine

SOON = 3  # days before the likely day on which an order is due
FEWEST_ORDER_DAYS = 3  # order days needed for a forecast
RECENT = 9  # latest intervals that count, because habits change


@dataclass(frozen=True)
class OrderInterval:
    """Number of orders, last order day, usual interval and likely next order day; None with too few orders.

    `due` is `now` from SOON days before the likely day, and `late` more than one interval after it.
    """

    orders: int
    last: date | None
    days_between: int | None
    next: date | None
    due: Literal["later", "now", "late"] | None


def order_interval(lines: Sequence[AccountLine], on: date) -> OrderInterval:
    """Return the order interval on a day: the median of the recent ones. Purchases of one day are one order."""
    days = sorted({line.day for line in lines if line.is_order})
    if len(days) < FEWEST_ORDER_DAYS:
        return OrderInterval(len(days), days[-1] if days else None, None, None, None)
    between = median_low([(later - day).days for day, later in pairwise(days)][-RECENT:])
    likely = days[-1] + timedelta(days=between)
    due: Literal["later", "now", "late"] = "late" if (on - likely).days > between else "now"
    return OrderInterval(len(days), days[-1], between, likely, "later" if (likely - on).days > SOON else due)
