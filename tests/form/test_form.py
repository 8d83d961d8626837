"""Forms as front matter has them: which are accepted, on which days they are open, who may answer again."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from members_portal.form.form import Form, FormKind
from members_portal.form.kind_questions import all_questions
from members_portal.loyalty.period import DAY

CHOICE = {"name": "farm", "ask": "Which farm?", "type": "choice", "choices": ["El Mirador", "Kapsiliat"]}
CHANNELS = {"post": "Letters by post", "email": "E-mail"}
OPENS, CLOSES = date(2026, 11, 20), date(2026, 12, 1)


def form(kind: str = "feedback", **more: Any) -> Form:
    """Return a form; a vote or a survey gets the question that it needs."""
    needed = {"questions": [CHOICE]} if kind in {"vote", "survey"} else {}
    return Form.model_validate({"kind": kind, **needed, **more})


def names(kind: str, channels: dict[str, str] = CHANNELS, **more: Any) -> list[str]:
    return [question.name for question in all_questions(form(kind, **more), channels, ("Espresso", "Filter"))]


def test_a_form_is_open_from_its_first_day_to_its_last() -> None:
    dated = form(opens=str(OPENS), closes=str(CLOSES))
    days = (OPENS - DAY, OPENS, CLOSES, CLOSES + DAY)
    assert [dated.is_open(day) for day in days] == [False, True, True, False]
    assert all(form().is_open(day) for day in days)
    assert [form(opens=str(OPENS)).is_open(day) for day in days] == [False, True, True, True]
    assert [form(closes=str(CLOSES)).is_open(day) for day in days] == [True, True, True, False]


@pytest.mark.parametrize("kind", get_args(FormKind))
def test_a_second_answer_counts_as_the_kind_says_unless_the_form_does(kind: str) -> None:
    assert form(kind).again == {"survey": "no", "vote": "last", "rsvp": "last"}.get(kind, "yes")
    assert [form(kind, repeat=repeat).again for repeat in ("no", "last", "yes")] == ["no", "last", "yes"]


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("feedback", ["theme", "words"]),
        ("rsvp", ["coming"]),
        ("vote", ["farm"]),
        ("survey", ["farm"]),
        ("referral", []),
        (
            "join",
            "given-name family-name email phone address birthday interests consent".split(),
        ),
        ("change", "email phone address birthday interests consent-post consent-email".split()),
        ("lost-code", ["name", "contact"]),
        ("note", ["words", "reason"]),
    ],
)
def test_a_kind_asks_its_own_questions(kind: str, asked: list[str]) -> None:
    assert names(kind) == asked


def test_the_questions_of_a_kind_depend_on_persons_channels_and_interests() -> None:
    assert names("rsvp", persons="2") == ["coming", "persons"]
    assert all_questions(form("rsvp", persons="3"), {})[1].to == 3
    assert names("join", {"post": "Letters"})[-1] == "consent-post"
    assert "interests" not in [question.name for question in all_questions(form("join"), CHANNELS, ("Espresso",))]


def test_an_own_question_replaces_that_of_the_kind_and_keeps_its_place() -> None:
    theme = {**CHOICE, "name": "theme"}
    more = {"name": "employee", "ask": "Whom shall we thank?", "type": "line"}
    found = all_questions(form(questions=[more, theme]), CHANNELS)
    assert [question.name for question in found] == ["theme", "words", "employee"]
    assert found[0].choices == ("El Mirador", "Kapsiliat")


def test_who_joins_must_have_an_e_mail_address_and_who_changes_need_not() -> None:
    needed = {
        kind: {q.name for q in all_questions(form(kind), CHANNELS) if not q.optional} for kind in ("join", "change")
    }
    assert needed == {"join": {"given-name", "family-name", "email"}, "change": set()}


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"kind": "vote", "questions": [CHOICE, {**CHOICE, "name": "again"}]}, ("questions",)),
        ({"kind": "vote", "questions": [{**CHOICE, "optional": "true"}]}, ("questions",)),
        ({"kind": "survey"}, ("questions",)),
        ({"kind": "feedback", "questions": [CHOICE, CHOICE]}, ("questions", 1, "name")),
        ({"kind": "feedback", "opens": str(CLOSES), "closes": str(OPENS)}, ("closes",)),
        ({"kind": "feedback", "places": "3"}, ("places",)),
        ({"kind": "feedback", "persons": "2"}, ("persons",)),
        ({"kind": "join", "points": "5"}, ("points",)),
        ({"kind": "lost-code", "earns": "review"}, ("earns",)),
        ({"kind": "feedback", "points": "5", "earns": "review"}, ("earns",)),
    ],
)
def test_a_form_that_contradicts_itself_is_refused_at_its_place(given: dict[str, Any], at: tuple[object, ...]) -> None:
    with pytest.raises(ValidationError) as caught:
        Form.model_validate(given)
    (error,) = caught.value.errors()
    assert tuple(error.get("ctx", {}).get("at", error["loc"])) == at


@pytest.mark.parametrize(
    "question",
    [
        {**CHOICE, "choices": ["One"]},
        {**CHOICE, "choices": ["One", "One"]},
        {"name": "x", "ask": "How?", "type": "scale", "from": "1", "to": "1"},
        {"name": "x", "ask": "How?", "type": "scale", "from": "0", "to": "11"},
        {"name": "x", "ask": "How many?", "type": "number", "from": "6"},
        {"name": "Not a key", "ask": "How?"},
    ],
)
def test_a_question_that_has_no_answer_is_refused(question: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        form(questions=[question])
