"""The results of a promise to answer within some working days, computed from the answers that the inbox has taken in.

An answer is late from the day after its last day on. Those
that wait and are not late are not counted yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from members_portal.portal.answering.received_answers import AnsweredDay, ReceivedAnswers
from members_portal.portal.answering.working_calendar import EVERY_WEEKDAY, WorkingCalendar
from members_portal.portal.content.front.feedback import Feedback
from members_portal.portal.content.front.promise import AnswersWithin, Promise, Result
from members_portal.portal.content.item import Item
from members_portal.portal.content.library import Library
from members_portal.work_record import digest_of


def with_answer_results(
    library: Library, received: ReceivedAnswers, on: date, calendar: WorkingCalendar = EVERY_WEEKDAY
) -> Library:
    """Return the library with the computed results of promises. A result that the editor states replaces one."""
    if not any(_within(item) for item in library.items.values()):
        return library
    answered = feedback_days(library, received, on)
    items = {path: _with_results(item, answered, on, calendar) for path, item in library.items.items()}
    return replace(library, items=items)


def _within(item: Item) -> AnswersWithin | None:
    return item.front.answers_within if isinstance(item.front, Promise) else None


def promised_days(library: Library) -> int | None:
    """Return the working days within which feedback is to be answered, the fewest that a promise states."""
    return min((within.days for item in library.items.values() if (within := _within(item))), default=None)


def feedback_days(library: Library, received: ReceivedAnswers, on: date) -> list[AnsweredDay]:
    """Return all feedback with the day of the first answer: by a person, or by an item that responds to it.

    That of a member who was forgotten before anybody answered is left out: nobody can answer it any more.
    """
    published: dict[str, date] = {}
    for item in library.items.values():
        if isinstance(item.front, Feedback) and item.publish and item.publish <= on and not item.draft:
            for number in item.front.answers:
                published[number] = min(item.publish, published.get(number, item.publish))
    found = [
        replace(each, answered=min(filter(None, (each.answered, published.get(each.number))), default=None))
        for each in received.feedback
        if each.received <= on
    ]
    return [each for each in found if each.answered or not each.is_gone]


def _with_results(item: Item, answered: list[AnsweredDay], on: date, calendar: WorkingCalendar) -> Item:
    within = _within(item)
    if within is None:
        return item
    assert isinstance(item.front, Promise)  # noqa: S101 - only promises have this key
    stated = {result.period for result in item.front.results}
    results = _results(within, answered, on, calendar)
    computed = {found.period: found for found in results if found.period not in stated}
    if not computed:
        return item
    so_far = computed.pop(_quarter(on), None)
    front = item.front.model_copy(update={"results": (*item.front.results, *computed.values())})
    digest, head = (digest_of(each, repr((computed, so_far))) for each in (item.digest, item.head))
    return replace(item, front=front, so_far=so_far, digest=digest, head=head)


def _results(
    within: AnswersWithin, answered: list[AnsweredDay], on: date, calendar: WorkingCalendar
) -> Iterator[Result]:
    """Yield a result for each quarter with answers, oldest first. It is told when the quarter is over."""
    for quarter, days in _by_quarter(answered).items():
        judged = [found for each in days if (found := _is_kept(each, within.days, on, calendar)) is not None]
        if judged:
            share = 100 * sum(judged) / len(judged)
            messages = "message" if len(judged) == 1 else "messages"
            note = f"{sum(judged)} of {len(judged)} {messages} from these pages."
            kept, value = share >= within.share, f"{int(share)} %"  # rounded down: 99.9 is not 100
            told = _day_after(days[0].received)
            yield Result.model_construct(period=quarter, value=value, kept=kept, note=note, told=told)


def _by_quarter(answered: list[AnsweredDay]) -> Mapping[str, list[AnsweredDay]]:
    found: dict[str, list[AnsweredDay]] = defaultdict(list)
    for each in sorted(answered, key=lambda each: each.received):
        found[_quarter(each.received)].append(each)
    return found


def _quarter(day: date) -> str:
    return f"{day.year} Q{(day.month + 2) // 3}"


def _day_after(day: date) -> date:
    """Return the first day after the quarter of a day."""
    month = (day.month + 2) // 3 * 3 + 1
    return date(day.year + month // 13, month % 12, 1)


def _is_kept(each: AnsweredDay, days: int, on: date, calendar: WorkingCalendar) -> bool | None:
    """Tell whether an answer was in time; None while it may still be."""
    if each.answered and each.answered <= on:
        return calendar.working_days(each.received, each.answered) <= days
    return False if calendar.working_days(each.received, on) > days else None
