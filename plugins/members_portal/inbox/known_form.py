"""Known forms: the forms of the portal, as far as the inbox needs them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from members_portal.form.form import Form, Question
from members_portal.form.kind_questions import asked_questions
from members_portal.loyalty.member.member import Member


@dataclass(frozen=True)
class KnownForm:
    """A form that can be answered; `path` is the name that answers state, such as `events/the-night-shift`.

    `places` is the number of persons that an event has room for, None for any number. `ends` is the last day of the
    event, or that of the form; None if it stays.
    """

    path: str
    title: str
    form: Form
    questions: tuple[Question, ...]
    may_answer: Callable[[Member | None, date], bool] = field(repr=False)
    places: int | None = None
    ends: date | None = None

    def asked(self, values: Mapping[str, object]) -> tuple[Question, ...]:
        """Return the questions as an answer with these values has to answer them."""
        return asked_questions(self.form, self.questions, values)

    def question(self, name: str) -> Question | None:
        """Return the question of a name."""
        return next((question for question in self.questions if question.name == name), None)

    @property
    def vote(self) -> Question | None:
        """The question of a vote; None for other forms."""
        if self.form.kind != "vote":
            return None
        return next(each for each in self.form.questions if each.type == "choice" and not each.optional)
