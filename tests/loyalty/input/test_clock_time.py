"""Times of day as people write them, and the times of events."""

from __future__ import annotations

from datetime import datetime

import pytest

from members_portal.loyalty.input.clock_time import complete_times, is_whole_days, read_clock_time, read_day_and_time


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("18:30", "18:30"),
        ("18.30", "18:30"),
        ("18h30", "18:30"),
        ("18h", "18:00"),
        ("18:30:00", "18:30"),
        ("9:05", "09:05"),
        ("6pm", "18:00"),
        ("6 PM", "18:00"),
        ("6.30 pm", "18:30"),
        ("6:30 p.m.", "18:30"),
        ("6:30am", "06:30"),
        ("12am", "00:00"),
        ("12 pm", "12:00"),
        ("noon", "12:00"),
        ("00:00", "00:00"),
    ],
)
def test_a_time_of_day_is_read(text: str, clock: str) -> None:
    found = read_clock_time(text)
    assert found
    assert f"{found:%H:%M}" == clock


@pytest.mark.parametrize(
    "text", ["", "18", "24:00", "18:60", "13pm", "0am", "18:3", "6 o'clock", "pm", "-6pm", "18:30 pm"]
)
def test_other_texts_are_no_time(text: str) -> None:
    assert read_clock_time(text) is None


@pytest.mark.parametrize("text", ["2026-12-01 6pm", "2026-12-01  18.00", "2026-12-01 18:00:00"])
def test_a_day_and_a_time_are_read(text: str) -> None:
    assert read_day_and_time(text) == datetime(2026, 12, 1, 18)
    assert read_day_and_time("2026-02-30 6pm") is None


@pytest.mark.parametrize(
    ("starts", "ends", "completed"),
    [
        ("2026-12-05", None, ("2026-12-05 00:00", "2026-12-05 23:59")),
        ("2026-12-05", "2026-12-06", ("2026-12-05 00:00", "2026-12-06 23:59")),
        ("2026-12-05 6pm", "9.30 pm", ("2026-12-05 6pm", "2026-12-05 21:30")),
        ("2026-12-05 6pm", "00:30", ("2026-12-05 6pm", "2026-12-06 00:30")),
        ("2026-12-05 6pm", None, ("2026-12-05 6pm", None)),
        ("2026-12-05 6pm", "2026-12-06", ("2026-12-05 6pm", "2026-12-06")),
        ("2026-12-05 6pm", "midnight", ("2026-12-05 6pm", "2026-12-06 00:00")),
        ("2026-12-05 6pm", "24:00", ("2026-12-05 6pm", "2026-12-06 00:00")),
        ("2026-12-05", "21:00", ("2026-12-05", "2000-01-01 21:00")),  # only `starts` is wrong
        (None, "21:00", (None, "2000-01-01 21:00")),
        ("soon", "00:30", ("soon", "2000-01-01 00:30")),
        ("soon", "late", ("soon", "late")),
    ],
)
def test_the_times_of_an_event_are_completed(
    starts: str | None, ends: str | None, completed: tuple[str | None, str | None]
) -> None:
    found = complete_times({"starts": starts, "ends": ends})
    assert (found["starts"], found["ends"]) == completed


def test_whole_days_are_known_again() -> None:
    found = complete_times({"starts": "2026-12-05"})
    starts, ends = (read_day_and_time(found[key]) for key in ("starts", "ends"))
    assert starts
    assert ends
    assert is_whole_days(starts, ends)
    assert not is_whole_days(starts, ends.replace(hour=21))
