"""Calendars (RFC 5545) of events, for the calendar on a member's device."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from members_portal.loyalty.input.clock_time import is_whole_days
from members_portal.loyalty.period import DAY
from members_portal.portal.content.front.event import Event
from members_portal.portal.content.item import Shown

PRODUCT = "-//members-portal//events//EN"
CALENDAR_FILE = "calendar.ics"  # of all events to come, beside their list


@dataclass(frozen=True)
class CalendarWriter:
    """Writes events as calendars; `address` is that of the portal, `site` makes ids of events unique in the world."""

    address: str
    site: str
    timezone: ZoneInfo

    def write(self, events: Sequence[Shown]) -> bytes:
        """Return a calendar of some events; equal events give equal bytes, on whatever day."""
        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        for event in events:
            calendar.add_component(self._event(event))
        first, last = min(event.starts.year for event in events), max(event.ends.year for event in events)
        calendar.add_missing_timezones(date(first, 1, 1), date(last + 1, 1, 1))
        return calendar.to_ical()

    def _event(self, shown: Shown) -> CalendarEvent:
        event = CalendarEvent()
        event.add("uid", f"{shown.url.strip('/')}@{self.site}")
        # A day that stays: with that of the publish, each event would be another file, sealed anew, every day.
        event.add("dtstamp", datetime.combine(shown.since or shown.starts.date(), time(), UTC))
        starts, ends = self._span(shown)
        event.add("dtstart", starts)
        event.add("dtend", ends)
        event.add("summary", shown.title)
        event.add("description", shown.summary)
        event.add("location", shown.place)
        event.add("url", f"{self.address}{shown.url}")
        return event

    def _span(self, shown: Shown) -> tuple[date, date]:
        """Return beginning and end: moments, or for whole days the first one and the one after the last."""
        starts: datetime = shown.starts
        ends: datetime = shown.ends
        if is_whole_days(starts, ends):
            return starts.date(), ends.date() + DAY
        return starts.replace(tzinfo=self.timezone), ends.replace(tzinfo=self.timezone)


def calendar_files(items: Iterable[Shown], writer: CalendarWriter, on: date) -> Iterable[tuple[str, bytes]]:
    """Yield the address and content of each event's calendar, then those of the calendar of all events to come."""
    events = [shown for shown in items if isinstance(shown.item.front, Event)]
    for event in events:
        yield f"{event.url}{event.slug}.ics", writer.write([event])
    if coming := [event for event in events if event.last_day >= on]:
        yield f"{coming[0].item.kind.url}{CALENDAR_FILE}", writer.write(sorted(coming, key=lambda event: event.starts))
