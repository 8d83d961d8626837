"""Waiting answers: the feedback that nobody has answered, and until when a promise allows that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from members_portal.portal.answering.answer_promise import feedback_days, promised_days
from members_portal.portal.answering.received_answers import ReceivedAnswers
from members_portal.portal.answering.working_calendar import WorkingCalendar
from members_portal.portal.content.library import Library


@dataclass(frozen=True)
class WaitingAnswer:
    """Feedback of a member. `due` is the last working day within the promise, None if nothing is promised.

    `is_late`: it has waited longer.
    """

    number: str
    member: str
    received: date
    waited: int  # working days
    due: date | None = None
    is_late: bool = False


def waiting_answers(
    library: Library, received: ReceivedAnswers, on: date, calendar: WorkingCalendar
) -> list[WaitingAnswer]:
    """Return the feedback that nobody has answered, oldest first. That of which no words are kept is left out."""
    promised = promised_days(library)
    found = []
    for each in feedback_days(library, received, on):
        if each.answered is None and (member := received.member_of.get(each.number)):
            waited = calendar.working_days(each.received, on)
            answer = WaitingAnswer(each.number, member, each.received, waited)
            if promised is not None:
                due = calendar.day_after(each.received, promised)
                answer = replace(answer, due=due, is_late=waited > promised)
            found.append(answer)
    return sorted(found, key=lambda each: (each.received, each.number))
