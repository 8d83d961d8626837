"""The results of a promise to answer in time: by quarter, from the feedback that the inbox has taken in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from members_portal.portal.answering.answer_promise import (
    feedback_days,
    promised_days,
    with_answer_results,
)
from members_portal.portal.answering.received_answers import AnsweredDay, ReceivedAnswers
from members_portal.portal.answering.working_calendar import WorkingCalendar
from members_portal.portal.content.front.promise import Promise
from members_portal.portal.content.library import Library
from tests.portal.small_portal import library_of, text

PROMISE = "Measure: Letters\nTarget: 90 %\nAnswers within: {days: 2, share: 90}"
FRIDAY = date(2026, 11, 20)
NUMBERS = [f"A-{n:04d}-0000-0000" for n in range(30)]


def library(folder: Path, promise: str = PROMISE, feedback: str = "") -> Library:
    items = {"promise/answers.md": text("A person answers", "public", promise)}
    if feedback:
        items["feedback/bags.md"] = text("The bags", "members", f"Said: Bags.\nState: done\n{feedback}")
    return library_of(folder, items)[0]


def results(found: Library) -> list[tuple[str, str, bool, str]]:
    """List the results of the promise as its page shows them; the one so far has a star."""
    item = found.items["promise/answers.md"]
    assert isinstance(item.front, Promise)
    told = [(each.period, each.value, each.kept, each.note) for each in item.front.results]
    so_far = item.so_far
    return [*told, *([(f"{so_far.period}*", so_far.value, so_far.kept, so_far.note)] if so_far else [])]


def test_each_quarter_has_the_share_that_was_answered_in_time(tmp_path: Path) -> None:
    feedback = (
        *(AnsweredDay(number, date(2026, 8, 3), date(2026, 8, 5)) for number in NUMBERS[:9]),
        AnsweredDay(NUMBERS[9], date(2026, 8, 3), date(2026, 8, 6)),  # a day late
        AnsweredDay(NUMBERS[10], FRIDAY, date(2026, 11, 24)),
        AnsweredDay(NUMBERS[11], FRIDAY),  # waits for more than two days
        AnsweredDay(NUMBERS[12], date(2026, 11, 26)),  # may still be answered in time
    )
    found = with_answer_results(library(tmp_path), ReceivedAnswers(feedback=feedback), date(2026, 11, 28))
    assert results(found) == [
        ("2026 Q3", "90 %", True, "9 of 10 messages from these pages."),
        ("2026 Q4*", "50 %", False, "1 of 2 messages from these pages."),
    ]
    assert found.items["promise/answers.md"].digest != library(tmp_path).items["promise/answers.md"].digest


def test_an_item_that_responds_is_an_answer_from_its_day_on(tmp_path: Path) -> None:
    with_item = library(tmp_path, feedback=f"Answers: [{NUMBERS[0]}]")  # published on 1 November
    received = ReceivedAnswers(feedback=(AnsweredDay(NUMBERS[0], date(2026, 10, 30)),))
    assert results(with_answer_results(with_item, received, date(2026, 10, 31))) == []
    assert [each[1] for each in results(with_answer_results(with_item, received, date(2026, 11, 2)))] == ["100 %"]
    assert feedback_days(with_item, received, date(2026, 11, 2))[0].answered == date(2026, 11, 1)


def test_a_result_of_the_editor_takes_the_place_of_a_computed_one(tmp_path: Path) -> None:
    stated = f'{PROMISE}\nResults: [{{Period: 2026 Q3, Value: "97 %", Kept: true}}]'
    received = ReceivedAnswers(feedback=(AnsweredDay(NUMBERS[0], date(2026, 8, 3)),))
    found = with_answer_results(library(tmp_path, stated), received, date(2026, 11, 28))
    assert results(found) == [("2026 Q3", "97 %", True, "")]


def test_nobody_is_late_on_a_day_off(tmp_path: Path) -> None:
    received = ReceivedAnswers(feedback=(AnsweredDay(NUMBERS[0], FRIDAY, date(2026, 11, 25)),))
    calendar = WorkingCalendar(frozenset({"11-23"}))
    on = date(2026, 11, 28)
    assert [each[1] for each in results(with_answer_results(library(tmp_path), received, on))] == ["0 %"]
    assert [each[1] for each in results(with_answer_results(library(tmp_path), received, on, calendar))] == ["100 %"]


def test_what_nobody_answered_before_its_member_was_forgotten_does_not_count(tmp_path: Path) -> None:
    feedback = (
        AnsweredDay(NUMBERS[0], date(2026, 8, 3), is_gone=True),
        AnsweredDay(NUMBERS[1], date(2026, 8, 3), date(2026, 8, 4), is_gone=True),
    )
    found = with_answer_results(library(tmp_path), ReceivedAnswers(feedback=feedback), date(2026, 11, 28))
    assert [each[3] for each in results(found)] == ["1 of 1 message from these pages."]


def test_a_promise_of_another_kind_has_no_computed_results(tmp_path: Path) -> None:
    plain = library(tmp_path, "Measure: Letters\nTarget: 90 %")
    received = ReceivedAnswers(feedback=(AnsweredDay(NUMBERS[0], date(2026, 8, 3)),))
    assert with_answer_results(plain, received, date(2026, 11, 28)) is plain
    assert (promised_days(plain), promised_days(library(tmp_path))) == (None, 2)
