"""Day check: days in front matter that contradict each other in part, or look like a mistyped year."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from members_portal.loyalty.input.clock_time import read_clock_time
from members_portal.loyalty.input.located_yaml import Path_
from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.programme.audience import STAFF
from members_portal.portal.content.front.announcement import Announcement
from members_portal.portal.content.front.event import Event
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.front_matter import Document
from members_portal.portal.content.item import Item
from members_portal.portal.content.library import Library

FAR_AHEAD = timedelta(days=2 * 366)  # `Publish:` and `Starts:` beyond are taken for a mistyped year
LONG_EVENT = timedelta(days=183)
DayFault = tuple[str, str, str]  # key, problem, expected


def day_problems(library: Library, on: date) -> Iterator[Problem]:
    """Yield a warning for each day of an item that an editor probably does not mean."""
    for path, item in library.items.items():
        document = library.documents[path]
        faults = (*_far(item, on), *_own_problems(item), *_embargo_problems(item), *_long_night(item, document))
        for key, what, expected in faults:
            at: Path_ = tuple(key.split("."))
            yield document.front.problem(at, what, expected).as_warning()


def _far(item: Item, on: date) -> Iterator[DayFault]:
    """Find first days that are years ahead."""
    front = item.front
    days = {
        "publish": item.publish,
        "starts": getattr(front, "starts", None),
        "reply_by": getattr(front, "reply_by", None),
    }
    days |= {f"embargo.{tier}": day for tier, day in item.embargo.items()}
    for key, value in days.items():
        day = _day(value)
        if day and day > on + FAR_AHEAD:
            yield key, f"{day} is {(day - on).days // 365} years ahead", "the year of this item"


def _own_problems(item: Item) -> Iterator[DayFault]:
    front, publish = item.front, item.visible_since(STAFF)  # before `publish` with an embargo
    if isinstance(front, Offer):
        if publish and front.ends < publish:
            yield "ends", f"the offer ends before it is published on {publish}", "a later day"
        yield from _early_expiry("offer", front.starts, front.ends, item.expires)
    elif isinstance(front, Event):
        yield from _event_problems(front, publish, item.expires)
    elif isinstance(front, Announcement) and front.first_option and publish and front.first_option.until < publish:
        yield "first_option.until", f"ends before the item is published on {publish}", "a later day"


def _event_problems(front: Event, publish: date | None, expires: date | None) -> Iterator[DayFault]:
    if publish and front.last_day < publish:
        yield "ends", f"the event is over before it is published on {publish}", "a later day"
    yield from _early_expiry("event", front.starts.date(), front.last_day, expires)
    if front.ends == front.starts:
        yield "ends", "the event ends when it starts", "a later time"
    if front.ends - front.starts > LONG_EVENT:
        yield "ends", f"the event lasts {(front.ends - front.starts).days} days", "the last day of the event"
    if front.reply_by and front.reply_by > front.starts.date():
        yield "reply_by", f"replies until after the event starts on {front.starts.date()}", "an earlier day"
    elif front.reply_by and publish and front.reply_by < publish:
        yield "reply_by", f"replies until before the event is published on {publish}", "a later day"


def _long_night(item: Item, document: Document) -> Iterator[DayFault]:
    """Find events with the same time in `Starts:` and `Ends:`, and no day in `Ends:`. They last 24 hours."""
    front = item.front
    if not isinstance(front, Event) or front.ends - front.starts != timedelta(days=1):
        return
    if read_clock_time(document.front.value.get("ends") or ""):
        yield "ends", "the event lasts 24 hours: it ends at the time when it starts", "a later time, or day and time"


def _early_expiry(noun: str, starts: date, ends: date, expires: date | None) -> Iterator[DayFault]:
    if expires and expires < ends:
        what = f"starts on {starts}" if expires < starts else f"ends on {ends}"
        yield "expires", f"the {noun} expires before it {what}", "a day on or after `Ends:`"


def _embargo_problems(item: Item) -> Iterator[DayFault]:
    """Find tiers that see an item only after it has expired, or an event or offer after its end."""
    last: date | None = getattr(item.front, "last_day", None)
    for tier, day in item.embargo.items():
        if item.expires and item.expires < day:
            yield f"embargo.{tier}", f"the item expires on {item.expires}, before `{tier}` sees it", "an earlier day"
        elif last and last < day:
            yield f"embargo.{tier}", f"its last day is {last}, before `{tier}` sees it", "an earlier day"


def _day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value
