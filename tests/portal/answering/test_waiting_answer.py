"""Feedback that waits, and until when a promise allows that."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from members_portal.portal.answering.received_answers import AnsweredDay, ReceivedAnswers
from members_portal.portal.answering.waiting_answer import WaitingAnswer, waiting_answers
from members_portal.portal.answering.working_calendar import EVERY_WEEKDAY, WorkingCalendar
from tests.portal.small_portal import library_of, text

FRIDAY = date(2026, 11, 20)
RECEIVED = ReceivedAnswers(
    feedback=(
        AnsweredDay("A-2", FRIDAY),
        AnsweredDay("A-1", date(2026, 11, 18)),
        AnsweredDay("A-3", date(2026, 11, 18), date(2026, 11, 19)),  # is answered
        AnsweredDay("A-4", date(2026, 11, 18)),  # of a member who is gone
    ),
    member_of={"A-1": "M-1", "A-2": "M-2", "A-3": "M-1"},
)


def waiting(folder: Path, on: date, promise: str, calendar: WorkingCalendar = EVERY_WEEKDAY) -> list[WaitingAnswer]:
    item = text("A person answers", "public", f"Measure: Letters\nTarget: 90 %\n{promise}")
    return waiting_answers(library_of(folder, {"promise/answers.md": item})[0], RECEIVED, on, calendar)


def test_what_waits_is_late_once_the_promised_days_are_over(tmp_path: Path) -> None:
    within = "Answers within: {days: 2}"
    assert waiting(tmp_path, date(2026, 11, 23), within) == [
        WaitingAnswer("A-1", "M-1", date(2026, 11, 18), 3, FRIDAY, is_late=True),
        WaitingAnswer("A-2", "M-2", FRIDAY, 1, date(2026, 11, 24)),
    ]
    calendar = WorkingCalendar(frozenset({"2026-11-23"}))
    assert [each.is_late for each in waiting(tmp_path, date(2026, 11, 23), within, calendar)] == [False, False]


def test_without_a_promise_nothing_is_late(tmp_path: Path) -> None:
    found = waiting(tmp_path, date(2027, 11, 23), "")
    assert [(each.number, each.due, each.is_late) for each in found] == [("A-1", None, False), ("A-2", None, False)]
