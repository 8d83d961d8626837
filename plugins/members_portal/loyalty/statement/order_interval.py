"""When somebody orders: the last time, how often, and when the next order is likely."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import median_low
from typing import Literal

from members_portal.loyalty.engine.account import Entry

SOON = 3  # days before a likely order
FEWEST = 3  # orders before anything is said of the next
RECENT = 9  # intervals that count: habits change


@dataclass(frozen=True)
class Rhythm:
    """A member's orders, how many days apart they usually are, and when the next is likely (None: can't be said).

    An order is `due` now from some days before it is likely, and late when another one would be.
    """

    orders: int
    last: date | None
    days_between: int | None
    next: date | None
    due: Literal["later", "now", "late"] | None


def rhythm_of(entries: Sequence[Entry], on: date) -> Rhythm:
    """Find the rhythm in a member's purchases up to a day; those of one day are one order."""
    days = sorted({entry.day for entry in entries if entry.kind == "purchase" and entry.reason != "before joining"})
    if len(days) < FEWEST:
        return Rhythm(len(days), days[-1] if days else None, None, None, None)
    between = median_low([(later - day).days for day, later in pairwise(days)][-RECENT:])
    likely = days[-1] + timedelta(days=between)
    due: Literal["later", "now", "late"] = "late" if (on - likely).days > between else "now"
    return Rhythm(len(days), days[-1], between, likely, "later" if (likely - on).days > SOON else due)
