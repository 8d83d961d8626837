"""Answer values: the values of an answer, checked against the questions of its form."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from members_portal.form.form import Question
from members_portal.loyalty.input.schema import read_day

AnswerValue = str | tuple[str, ...]

MOST_LETTERS = 4000  # of a text in an answer
MOST_LETTERS_OF_LINE = 200

_HIDDEN = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069]")  # control, or turn text


class UnfitAnswer(ValueError):
    """Raised for values that a form does not accept; the message has no word of the answer."""


def checked_values(questions: tuple[Question, ...], values: Mapping[str, Any]) -> dict[str, AnswerValue]:
    """Return the values of an answer, checked and without surrounding space; raise UnfitAnswer."""
    known = {question.name for question in questions}
    if unknown := [name for name in values if name not in known]:
        count = "1 answer belongs" if len(unknown) == 1 else f"{len(unknown)} answers belong"
        raise UnfitAnswer(f"{count} to no question of this form")
    found = {question.name: _value(question, values.get(question.name)) for question in questions}
    return {name: value for name, value in found.items() if value}


def _value(question: Question, value: Any) -> AnswerValue:
    if question.type == "several":
        return _several(question, [] if value is None else value)
    if value is not None and not isinstance(value, str):
        raise UnfitAnswer(f"`{question.name}` isn't a text")
    text = (value or "").strip()
    if question.type == "line":
        text = " ".join(_HIDDEN.sub(" ", text).split())
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
        return len(text) <= MOST_LETTERS_OF_LINE
    return len(text) <= MOST_LETTERS


def _is_day(text: str) -> bool:
    try:
        read_day(text)
    except ValueError:
        return False
    return True
