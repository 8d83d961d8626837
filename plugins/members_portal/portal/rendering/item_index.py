"""Index of the items of an edition by kind and day, so that an issue does not go through all items."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import islice
from typing import Any

from members_portal.portal.content.front.event import Event
from members_portal.portal.content.front.front import Page
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.front.promise import Promise
from members_portal.portal.content.item import Shown

UNLISTED = ("newsletter", "page")  # kinds that are in no issue


def order_key(shown: Shown) -> tuple[Any, ...]:
    """Return the sort key: events by start, offers by end, promises and pages by `Order:`, others newest first."""
    front = shown.item.front
    first: Any
    if isinstance(front, Promise | Page):
        first = front.order
    elif isinstance(front, Event):
        first = front.starts.toordinal()
    elif isinstance(front, Offer):
        first = front.ends.toordinal()
    else:
        first = -(shown.since or date.min).toordinal()
    return (first, shown.slug)


class ItemIndex:
    """The items of an edition that an issue can have. Promises and events are in the order of lists."""

    def __init__(self, items: Iterable[Shown]) -> None:
        listed = [shown for shown in items if shown.kind not in UNLISTED]
        self.promises = sorted((shown for shown in listed if isinstance(shown.item.front, Promise)), key=order_key)
        self._events = sorted((shown for shown in listed if isinstance(shown.item.front, Event)), key=order_key)
        self._events_left: dict[date | None, tuple[list[int], list[Shown]]] = {}
        offers = [(front.starts, front.ends, shown) for shown in listed if isinstance(front := shown.item.front, Offer)]
        self._offers = sorted(offers, key=lambda offer: offer[0])
        self._longest = max((ends - starts for starts, ends, _ in offers), default=timedelta(0))
        self._news = [shown for shown in listed if not isinstance(shown.item.front, Promise | Event | Offer)]
        self._by_reader: dict[str, tuple[list[date], list[Shown]]] = {}

    def events_after(self, day: date, today: date | None = None) -> Iterator[Shown]:
        """Yield the events that start after a day; with `today`, those that have not ended by then."""
        if today not in self._events_left:
            left = [shown for shown in self._events if not (today and shown.item.has_ended(today))]
            self._events_left[today] = [order_key(shown)[0] for shown in left], left
        days, events = self._events_left[today]
        return islice(events, bisect_right(days, day.toordinal()), None)

    def offers_on(self, day: date) -> Iterator[Shown]:
        """Yield the offers that are valid on a day."""
        start = bisect_left(self._offers, day - self._longest, key=lambda offer: offer[0])
        end = bisect_right(self._offers, day, key=lambda offer: offer[0])
        return (shown for _, ends, shown in self._offers[start:end] if ends >= day)

    def news(self, reader: str, first: date, last: date) -> list[Shown]:
        """Return the items that a reader sees since a day from `first` to `last`."""
        if reader not in self._by_reader:
            found = [(since, shown) for shown in self._news if (since := shown.item.visible_since(reader))]
            found.sort(key=lambda pair: pair[0])
            self._by_reader[reader] = [since for since, _ in found], [shown for _, shown in found]
        days, items = self._by_reader[reader]
        return items[bisect_left(days, first) : bisect_right(days, last)]
