"""Calendars (RFC 5545) of events, for the calendar on a member's device."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.clock_time import is_whole_days
from members_portal.loyalty.period import DAY
from members_portal.portal.content.front.event import Event
from members_portal.portal.content.item import Shown
from members_portal.work_record import WorkRecord, digest_of

PRODUCT = "-//members-portal//events//EN"
CALENDAR_FILE = "calendar.ics"  # of all events to come, beside their list
CALENDAR = "calendar"  # the kind of work


class CalendarEntry(NamedTuple):
    """What a calendar says of one event."""

    url: str
    stamped: date
    starts: datetime
    ends: datetime
    title: str
    summary: str
    place: str


@dataclass(frozen=True)
class CalendarWriter:
    """Writes events as calendars; `address` is that of the portal, `site` makes ids of events unique in the world.

    The record keeps the calendars of earlier runs; `base` is the digest of the code that makes them.
    """

    address: str
    site: str
    timezone: ZoneInfo
    record: WorkRecord = field(default_factory=WorkRecord)
    base: bytes = b""

    def write(self, events: Sequence[Shown]) -> bytes:
        """Return a calendar of some events; equal events give equal bytes, on whatever day."""
        entries = [_entry(event) for event in events]
        key = digest_of(self._key, repr(entries))
        data = self.record.find(CALENDAR, key)
        if data is None:
            data = self._made(entries)
            self.record.keep(CALENDAR, key, data)
        return data

    @cached_property
    def _key(self) -> bytes:
        """The digest of all that a calendar is made from but its events."""
        return digest_of(self.base, self.address, self.site, str(self.timezone), _zone_data(self.timezone))

    def _made(self, entries: Sequence[CalendarEntry]) -> bytes:
        from icalendar import Calendar  # imported here: most publishes make no calendar
        from icalendar import Event as CalendarEvent

        calendar = Calendar()
        calendar.add("prodid", PRODUCT)
        calendar.add("version", "2.0")
        for entry in entries:
            event = CalendarEvent()
            for name, value in self._properties(entry).items():
                event.add(name, value)
            calendar.add_component(event)
        first, last = min(entry.starts.year for entry in entries), max(entry.ends.year for entry in entries)
        calendar.add_missing_timezones(date(first, 1, 1), date(last + 1, 1, 1))
        return calendar.to_ical()

    def _properties(self, entry: CalendarEntry) -> dict[str, str | date]:
        starts, ends = self._span(entry)
        return {
            "uid": f"{entry.url.strip('/')}@{self.site}",
            "dtstamp": datetime.combine(entry.stamped, time(), UTC),
            "dtstart": starts,
            "dtend": ends,
            "summary": entry.title,
            "description": entry.summary,
            "location": entry.place,
            "url": f"{self.address}{entry.url}",
        }

    def _span(self, entry: CalendarEntry) -> tuple[date, date]:
        """Return beginning and end: moments, or for whole days the first one and the one after the last."""
        if is_whole_days(entry.starts, entry.ends):
            return entry.starts.date(), entry.ends.date() + DAY
        return entry.starts.replace(tzinfo=self.timezone), entry.ends.replace(tzinfo=self.timezone)


def _entry(shown: Shown) -> CalendarEntry:
    # `stamped` is a day that stays: with that of the publish, each event would be another file, sealed anew, every day.
    stamped = shown.since or shown.starts.date()
    return CalendarEntry(shown.url, stamped, shown.starts, shown.ends, shown.title, shown.summary, shown.place)


def _zone_data(timezone: ZoneInfo) -> bytes:
    """Return the data of a time zone on this machine; nothing where the package tzdata has them."""
    files = (Path(folder, timezone.key) for folder in zoneinfo.TZPATH)
    return next((file.read_bytes() for file in files if file.is_file()), b"")


def calendar_files(items: Iterable[Shown], writer: CalendarWriter, on: date) -> Iterable[tuple[str, bytes]]:
    """Yield the address and content of each event's calendar, then those of the calendar of all events to come."""
    events = [shown for shown in items if isinstance(shown.item.front, Event)]
    for event in events:
        yield f"{event.url}{event.slug}.ics", writer.write([event])
    if coming := [event for event in events if event.last_day >= on]:
        yield f"{coming[0].item.kind.url}{CALENDAR_FILE}", writer.write(sorted(coming, key=lambda event: event.starts))
