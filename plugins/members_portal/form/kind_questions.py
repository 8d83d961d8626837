"""The questions that a kind of form has of itself. A form's own questions follow them."""

from __future__ import annotations

from collections.abc import Iterable

from members_portal.form.form import Form, Question

FEEDBACK_THEMES = ("Something we make", "Delivery", "Service", "These pages", "Something else")
QUIET_REASONS = (
    "Moved away",
    "Bought elsewhere",
    "Something went wrong",
    "Has enough",
    "Not reached",
    "Something else",
)
YES, NO = "Yes", "No"


def all_questions(form: Form, channels: Iterable[str], interests: Iterable[str] = ()) -> tuple[Question, ...]:
    """Return all questions of a form; `channels` and `interests` are the labels of the programme's.

    An own question with the name of one of the kind's replaces it.
    """
    own = {question.name: question for question in form.questions}
    of_kind = _questions(form, tuple(channels), tuple(interests))
    names = {question.name for question in of_kind}
    replaced = (own.get(question.name, question) for question in of_kind)
    return (*replaced, *(question for question in form.questions if question.name not in names))


def _questions(form: Form, channels: tuple[str, ...], interests: tuple[str, ...]) -> tuple[Question, ...]:
    if form.kind == "feedback":
        theme = _question("theme", "What is it about?", "choice", choices=FEEDBACK_THEMES, optional="yes")
        return (theme, _question("words", "Tell us", "text"))
    if form.kind == "rsvp":
        coming = _question("coming", "Will you come?", "choice", choices=(YES, NO))
        persons = _question("persons", "How many of you?", "number", to=form.persons, optional="yes")
        return (coming, persons) if form.persons > 1 else (coming,)
    if form.kind == "join":
        required = (_question("given-name", "Given name", "line"), _question("family-name", "Family name", "line"))
        return (*required, *_personal(channels, interests, email_optional="no"))
    if form.kind == "change":
        return _personal(channels, interests, email_optional="yes")
    if form.kind == "lost-code":
        return (_question("name", "Your name", "line"), _question("email", "Your e-mail address or postcode", "line"))
    if form.kind == "note":
        reason = _question("reason", "Why have they gone quiet?", "choice", choices=QUIET_REASONS, optional="yes")
        return (reason, _question("words", "In their words", "text", optional="yes"))
    return ()  # survey, vote, referral


def _personal(channels: tuple[str, ...], interests: tuple[str, ...], *, email_optional: str) -> tuple[Question, ...]:
    found = [
        _question("email", "E-mail address", "line", optional=email_optional),
        _question("phone", "Telephone", "line", optional="yes"),
        _question("address", "Postal address", "text", optional="yes", help="As on an envelope, without your name"),
        _question("birthday", "Birthday", "line", optional="yes", help="Day and month are enough: 11-21"),
    ]
    if len(interests) > 1:
        found.append(_question("interests", "What interests you", "several", choices=interests, optional="yes"))
    if len(channels) > 1:
        asked = "May we write or call? Tick each way that you agree to"
        found.append(_question("consent", asked, "several", choices=channels, optional="yes"))
    return tuple(found)


def _question(name: str, ask: str, kind: str, **more: object) -> Question:
    return Question.model_validate({"name": name, "ask": ask, "type": kind, **more})
