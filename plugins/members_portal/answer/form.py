"""Forms: the questions of an item, who may answer them, and what the company gives in return."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from members_portal.answer.answer_error import UnfitAnswer
from members_portal.loyalty.input.schema import Count, Day, Flag, Key, Line, Record, Text, Words, misfit, read_day

FormKind = Literal["feedback", "survey", "rsvp", "vote", "referral", "join", "change", "lost-code", "note"]
Value = str | tuple[str, ...]

MOST_LETTERS = 4000  # of a text in an answer
MOST_LETTERS_OF_LINE = 200
PUBLIC_KINDS = ("join", "lost-code")  # without a member
REPEATS: Mapping[str, str] = {"survey": "no", "vote": "last", "rsvp": "last"}  # the others: "yes"


class Question(Record):
    """One question. `name` identifies its answers; it must not change once there are some.

    `from_` and `to` are the least and greatest number of the types `scale` and `number`.
    """

    name: Key
    ask: Line
    type: Literal["line", "text", "choice", "several", "scale", "number", "date"] = "text"
    choices: tuple[Line, ...] = ()
    from_: Annotated[int, Field(alias="from", ge=0, le=100_000)] = 1
    to: Annotated[int, Field(ge=0, le=100_000)] = 5
    low: Line | None = None
    high: Line | None = None
    optional: Flag = False
    help: Line | None = None

    @model_validator(mode="after")
    def _choices_fit(self) -> Question:
        if self.type in {"choice", "several"} and len(set(self.choices)) < 2:
            raise misfit("has too few choices", "at least two different `choices`", "choices")
        if self.type == "scale" and not 2 <= self.to - self.from_ + 1 <= 11:
            raise misfit("isn't a scale", "2 to 11 steps between `from` and `to`", "to")
        if self.type == "number" and self.to < self.from_:
            raise misfit("ends before it begins", f"a number from {self.from_} on", "to")
        return self


class Form(Record):
    """The form of an item.

    `who` are audience words (default: the audience of the item). `repeat`: whether a member may answer again; with
    `last`, the last answer counts. `points` are given for the first answer; `earns` is the kind of ledger line that the
    first answer makes, which earns by the rules of the programme. `places` limits the persons of an `rsvp`.
    """

    kind: FormKind
    questions: tuple[Question, ...] = ()
    intro: Text | None = None
    who: Words = ()
    opens: Day | None = None
    closes: Day | None = None
    repeat: Literal["no", "last", "yes"] | None = None
    thanks: Text | None = None
    points: Count | None = None
    earns: Literal["review", "testimonial", "survey", "event"] | None = None
    places: Count | None = None
    persons: Annotated[int, Field(ge=1, le=50)] = 1
    waiting_list: Flag = True
    button: Annotated[str, StringConstraints(min_length=1, max_length=40)] | None = None

    def is_open(self, on: date) -> bool:
        """Tell whether it can be answered on a day."""
        return (self.opens or on) <= on <= (self.closes or on)


def checked_values(questions: tuple[Question, ...], values: Mapping[str, Any]) -> dict[str, Value]:
    """Return the values of an answer, checked and without surrounding space; raise UnfitAnswer."""
    known = {question.name for question in questions}
    if unknown := [name for name in values if name not in known]:
        raise UnfitAnswer(f"{len(unknown)} answers belong to no question of this form")
    found = {question.name: _value(question, values.get(question.name)) for question in questions}
    return {name: value for name, value in found.items() if value}


def _value(question: Question, value: Any) -> Value:
    if question.type == "several":
        return _several(question, [] if value is None else value)
    if value is not None and not isinstance(value, str):
        raise UnfitAnswer(f"`{question.name}` isn't a text")
    text = (value or "").strip()
    if not text:
        if not question.optional:
            raise UnfitAnswer(f"`{question.name}` has no answer")
        return ""
    if not _fits(question, text):
        raise UnfitAnswer(f"`{question.name}` isn't an answer of the type {question.type}")
    return text


def _several(question: Question, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) and each in question.choices for each in value):
        raise UnfitAnswer(f"`{question.name}` isn't a list of its choices")
    if not value and not question.optional:
        raise UnfitAnswer(f"`{question.name}` has no answer")
    return tuple(choice for choice in question.choices if choice in value)


def _fits(question: Question, text: str) -> bool:
    if question.type == "choice":
        return text in question.choices
    if question.type in {"scale", "number"}:
        return bool(re.fullmatch("[0-9]{1,6}", text)) and question.from_ <= int(text) <= question.to
    if question.type == "date":
        return _is_day(text)
    if question.type == "line":
        return len(text) <= MOST_LETTERS_OF_LINE and text.isprintable()
    return len(text) <= MOST_LETTERS


def _is_day(text: str) -> bool:
    try:
        read_day(text)
    except ValueError:
        return False
    return True
