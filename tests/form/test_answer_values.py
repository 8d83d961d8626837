"""The check of answers: each type of question accepts what its field can give, and nothing else."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.form.answer_values import MOST_LETTERS, MOST_LETTERS_OF_LINE, UnfitAnswer, checked_values
from members_portal.form.form import Question

CHOICES = ["Tea", "Cake", "Näher am Fenster ☕"]
MAY_BE_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)


def question(kind: str, *, optional: bool = False, **more: Any) -> Question:
    choices = {"choices": CHOICES} if kind in {"choice", "several"} else {}
    return Question.model_validate(
        {"name": "q", "ask": "What?", "type": kind, "optional": str(optional).lower(), **choices, **more}
    )


TYPES = ("line", "text", "choice", "several", "scale", "number", "date")
QUESTIONS = [question(kind, optional=optional) for kind in TYPES for optional in (False, True)]


def checked(asked: Question, value: Any) -> Any:
    return checked_values((asked,), {"q": value}).get("q")


def refusal(asked: Question, value: Any) -> str:
    with pytest.raises(UnfitAnswer) as caught:
        checked(asked, value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("line", "  Tadhg ", "Tadhg"),
        ("line", "x" * MOST_LETTERS_OF_LINE, "x" * MOST_LETTERS_OF_LINE),
        ("text", "One\nTwo", "One\nTwo"),
        ("choice", "Cake", "Cake"),
        ("several", ["Cake", "Tea"], ("Tea", "Cake")),
        ("several", ["Tea", "Tea"], ("Tea",)),
        ("scale", "5", "5"),
        ("number", "1", "1"),
        ("date", "2028-02-29", "2028-02-29"),
    ],
)
def test_what_a_field_gives_is_accepted(kind: str, value: Any, expected: Any) -> None:
    assert checked(question(kind), value) == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("line", "x" * (MOST_LETTERS_OF_LINE + 1)),
        ("line", ["a list"]),
        ("text", "x" * (MOST_LETTERS + 1)),
        ("text", 5),
        ("choice", "Biscuit"),
        ("choice", "tea"),
        ("several", "Tea"),
        ("several", ["Biscuit"]),
        ("several", [["Tea"]]),
        ("scale", "0"),
        ("scale", "6"),
        ("scale", "4.5"),
        ("scale", "٣"),
        ("number", "-1"),
        ("number", "1e1"),
        ("number", "9999999"),
        ("date", "2027-02-29"),
        ("date", "29.2.2028"),
    ],
)
def test_what_no_field_gives_is_refused(kind: str, value: Any) -> None:
    assert refusal(question(kind), value).startswith("`q` isn't")


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: f"{asked.type}{' optional' * asked.optional}")
@pytest.mark.parametrize("value", ["", "  ", None])
def test_an_empty_answer_is_absent_or_refused(asked: Question, value: Any) -> None:
    value = [] if asked.type == "several" and value is not None else value
    if asked.optional:
        assert checked_values((asked,), {"q": value}) == {}
        assert checked_values((asked,), {}) == {}
    else:
        assert refusal(asked, value) == "`q` has no answer"


@given(st.sampled_from(QUESTIONS), MAY_BE_ANYTHING)
def test_an_accepted_value_fits_its_question_and_is_accepted_again(asked: Question, value: Any) -> None:
    try:
        found = checked(asked, value)
    except UnfitAnswer:
        return
    if found is None:
        assert asked.optional
        return
    assert checked(asked, list(found) if isinstance(found, tuple) else found) == found
    assert fits(asked.type, found)


def fits(kind: str, found: Any) -> bool:
    if kind == "several":
        return set(found) <= set(CHOICES)
    if kind in {"scale", "number"}:
        return 1 <= int(found) <= 5
    if kind == "date":
        return str(date.fromisoformat(found)) == str(found)
    return found in CHOICES if kind == "choice" else found == found.strip() != ""


@given(st.text(min_size=1, max_size=30))
def test_a_refusal_has_no_word_of_the_answer(text: str) -> None:
    hidden = f"SECRET{text}SECRET"
    with pytest.raises(UnfitAnswer) as caught:
        checked_values((question("scale"),), {"q": hidden})
    assert "SECRET" not in str(caught.value)
    with pytest.raises(UnfitAnswer, match="1 answer belongs to no question of this form") as unknown:
        checked_values((question("text"),), {"q": "x", hidden: "x"})
    assert "SECRET" not in str(unknown.value)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Ann\u00a0Marie", "Ann Marie"),  # a no-break space, from keyboards of phones
        ("\U0001f469\u200d\U0001f469", "\U0001f469\u200d\U0001f469"),  # joined by a character without ink
        ("two\nlines\x07", "two lines"),
        ("a\u202eb", "a b"),  # the text after it would run from right to left
    ],
)
def test_a_line_is_kept_as_one_line_of_what_can_be_seen(typed: str, kept: str) -> None:
    line = Question.model_validate({"name": "who", "ask": "Who?", "type": "line"})
    assert checked_values((line,), {"who": typed}) == {"who": kept}


def test_the_field_of_a_day_takes_the_days_that_are_accepted() -> None:
    template = (Path(__file__).parents[2] / "theme/templates/blocks/form.html").read_text("utf-8")
    (limits,) = re.findall(r'type="date".* min="([\d-]+)" max="([\d-]+)"', template)
    first, last = map(date.fromisoformat, limits)
    assert [checked(question("date"), day) for day in limits] == list(limits)
    assert refusal(question("date"), str(first - timedelta(days=1)))
    assert refusal(question("date"), str(last + timedelta(days=1)))
