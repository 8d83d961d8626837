"""Heard answers: what members said and what staff noted about them, as the desk shows it.

Answers of members who have left or are unknown are dropped: who is forgotten is forgotten here, too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from members_portal.portal.answering.received_answers import ReceivedAnswer, ReceivedAnswers

NOTE, FEEDBACK, THEME, EMPLOYEE = "note", "feedback", "theme", "employee"
SHOWN_KINDS = frozenset({NOTE, FEEDBACK, "survey"})  # replies, votes and changes of data have pages of their own


@dataclass(frozen=True)
class HeardAnswer:
    """One answer. `member` wrote it; a note of staff is `about` another member. `values` are by question."""

    number: str
    received: date
    kind: str
    member: str = field(repr=False)
    about: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)

    @property
    def concerns(self) -> str:
        """The id of the member whose sheet shows the answer."""
        return self.about if self.kind == NOTE else self.member

    @property
    def theme(self) -> str:
        """The theme that the member chose, or an empty text."""
        return self.values.get(THEME, "")

    @property
    def words(self) -> dict[str, str]:
        """The values without the theme."""
        return {question: value for question, value in self.values.items() if question != THEME}


def heard_answers(received: ReceivedAnswers, members: Collection[str], on: date) -> tuple[HeardAnswer, ...]:
    """Return the answers up to a day that concern one of these members, newest first."""
    found = [_heard(answer, member) for member, answers in received.of_member.items() for answer in answers]
    shown = (each for each in found if each.received <= on and each.concerns in members and each.kind in SHOWN_KINDS)
    return tuple(sorted(shown, key=lambda answer: (-answer.received.toordinal(), answer.number)))


def _heard(answer: ReceivedAnswer, member: str) -> HeardAnswer:
    questions = dict.fromkeys(question for question, _ in answer.values)
    values = {question: answer.value(question) for question in questions}
    return HeardAnswer(answer.number, answer.day, answer.kind, member, answer.about, values)
