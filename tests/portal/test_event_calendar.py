"""Calendars of events: what another program reads from them, and what they don't tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from members_portal.portal.event_calendar import CalendarWriter, calendar_files
from members_portal.work_record import WorkRecord
from tests.loyalty.small_club import MAYA
from tests.portal.small_portal import ON, edition_of, listing, render, text

DUBLIN = ZoneInfo("Europe/Dublin")
WRITER = CalendarWriter("https://lantern.example/club/", "0123456789abcdef", DUBLIN)


def event(title: str, times: str, audience: str = "members") -> str:
    """Write an event."""
    return text(title, audience, f"{times}\nPlace: The long table, Inverskea\n")


FILES = {
    "events/night.md": event("Night; shift, and more", "Starts: 2026-12-11 19:00\nEnds: 2026-12-12 00:30"),
    "events/fair.md": event("The fair", "Starts: 2027-06-05\nEnds: 2027-06-06"),
    "events/over.md": event("Long ago", "Starts: 2026-11-10 18:00\nEnds: 2026-11-10 20:00"),
    "events/gold.md": event("Golden evening", "Starts: 2026-12-20 18:00\nEnds: 2026-12-20 20:00", "gold"),
}


def calendars(folder: Path, reader: str = "silver", on: date = ON, writer: CalendarWriter = WRITER) -> dict[str, bytes]:
    """Write the calendars of an edition."""
    return dict(calendar_files(edition_of(folder, FILES, reader).items.values(), writer, on))


def only_event(data: bytes) -> Any:
    """Read the one event of a calendar."""
    [found] = Calendar.from_ical(data).events
    return found


def test_each_event_has_a_calendar_and_there_is_one_of_those_to_come(tmp_path: Path) -> None:
    found = calendars(tmp_path)
    names = {"night", "fair", "over"}
    assert set(found) == {f"events/{name}/{name}.ics" for name in names} | {"events/calendar.ics"}
    coming = Calendar.from_ical(found["events/calendar.ics"]).events
    assert [str(each["summary"]) for each in coming] == ["Night; shift, and more", "The fair"]


def test_a_calendar_says_when_where_and_what(tmp_path: Path) -> None:
    found = only_event(calendars(tmp_path)["events/night/night.ics"])
    assert found["dtstart"].dt == datetime(2026, 12, 11, 19, tzinfo=DUBLIN)
    assert found["dtend"].dt == datetime(2026, 12, 12, 0, 30, tzinfo=DUBLIN)
    assert found["dtstart"].params["tzid"] == "Europe/Dublin"
    assert {name: str(found[name]) for name in ("summary", "description", "location", "url", "uid")} == {
        "summary": "Night; shift, and more",
        "description": "About Night; shift, and more.",
        "location": "The long table, Inverskea",
        "url": "https://lantern.example/club/events/night/",
        "uid": "events/night@0123456789abcdef",
    }
    assert found["dtstamp"].dt == datetime(2026, 11, 1, tzinfo=UTC)
    assert not found.walk("VALARM")


def test_whole_days_have_no_times_and_end_before_the_next(tmp_path: Path) -> None:
    data = calendars(tmp_path)["events/fair/fair.ics"]
    assert (only_event(data)["dtstart"].dt, only_event(data)["dtend"].dt) == (date(2027, 6, 5), date(2027, 6, 7))
    assert b"VTIMEZONE" not in data


@pytest.mark.parametrize(
    ("month", "hours"), [(date(2026, 1, 20), 0), (date(2026, 7, 20), 1), (date(2026, 12, 11), 0), (date(2027, 7, 1), 1)]
)
def test_the_time_zone_in_the_file_is_that_of_the_site(tmp_path: Path, month: date, hours: int) -> None:
    [zone] = Calendar.from_ical(calendars(tmp_path)["events/calendar.ics"]).timezones
    assert zone.tz_name == "Europe/Dublin"
    offset = zone.to_tz(lookup_tzid=False).utcoffset(datetime(month.year, month.month, month.day, 12))
    assert offset is not None
    assert offset.total_seconds() == hours * 3600


def test_a_calendar_of_an_earlier_run_is_made_again_only_when_something_in_it_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = WorkRecord()
    kept = replace(WRITER, record=record)
    first = calendars(tmp_path, writer=kept)
    made: list[Calendar] = []

    def counted() -> Calendar:
        made.append(Calendar())
        return made[-1]

    monkeypatch.setattr("icalendar.Calendar", counted)
    assert calendars(tmp_path, writer=kept) == first
    assert not made
    others = [
        replace(kept, base=b"other code"),
        replace(kept, site="club"),
        replace(kept, address="https://b.example/"),
    ]
    for number, other in enumerate([*others, replace(kept, timezone=ZoneInfo("Europe/Paris"))], start=1):
        calendars(tmp_path, writer=other)
        assert len(made) == number * len(first)
    renamed = FILES | {"events/night.md": FILES["events/night.md"].replace("Night; shift", "Night: shift")}
    shown = edition_of(tmp_path, renamed, "silver").items.values()
    assert len(dict(calendar_files(shown, kept, ON))) == len(first)
    assert len(made) == 4 * len(first) + 2, "its own calendar, and the one of those to come"


def test_a_site_in_utc_needs_no_time_zone(tmp_path: Path) -> None:
    writer = CalendarWriter("https://lantern.example/", "club", ZoneInfo("UTC"))
    data = calendars(tmp_path, writer=writer)["events/night/night.ics"]
    assert b"DTSTART:20261211T190000Z" in data


def test_the_files_are_the_same_on_another_day(tmp_path: Path) -> None:
    today, later = calendars(tmp_path), calendars(tmp_path, on=date(2026, 12, 1))
    assert today == later


def test_an_edition_without_events_to_come_has_no_calendar_of_them(tmp_path: Path) -> None:
    assert "events/calendar.ics" not in calendars(tmp_path, on=date(2028, 1, 1))
    assert dict(calendar_files([], WRITER, ON)) == {}


def test_lines_are_folded_as_the_standard_says(tmp_path: Path) -> None:
    for data in calendars(tmp_path).values():
        assert data.endswith(b"\r\n")
        assert max(len(line) for line in data.split(b"\r\n")) <= 75


def test_a_calendar_has_only_events_of_its_edition(tmp_path: Path) -> None:
    tree = render(tmp_path, FILES, f"- {MAYA}\n")
    files = {name: (tree / name).read_bytes() for name in listing(tree) if name.endswith(".ics")}
    assert {name.split("/")[1] for name, data in files.items() if b"Golden" in data} == {"gold", "staff"}
    assert "editions/gold/events/gold/gold.ics" in files
    assert "editions/silver/events/calendar.ics" in files
    assert not any(name.startswith("public/") for name in files)
