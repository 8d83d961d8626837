"""The questions that a kind of form has of itself. A form's own questions follow them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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


CONSENT = "consent-"  # before the key of a channel: the name of the question about it


def all_questions(form: Form, channels: Mapping[str, str], interests: Iterable[str] = ()) -> tuple[Question, ...]:
    """Return all questions of a form, from the channels of the programme by key and the labels of its interests.

    An own question with the name of one of the kind's replaces it.
    """
    own = {question.name: question for question in form.questions}
    of_kind = _questions(form, channels, tuple(interests))
    names = {question.name for question in of_kind}
    replaced = (own.get(question.name, question) for question in of_kind)
    return (*replaced, *(question for question in form.questions if question.name not in names))


def asked_questions(form: Form, questions: tuple[Question, ...], values: Mapping[str, object]) -> tuple[Question, ...]:
    """Return the questions that an answer must have answers to: of a reply that declines, `coming` alone."""
    coming = questions[0] if form.kind == "rsvp" else None
    if coming is None or values.get(coming.name) == coming.choices[0]:
        return questions
    return (coming, *(question.model_copy(update={"optional": True}) for question in questions[1:]))


def _questions(form: Form, channels: Mapping[str, str], interests: tuple[str, ...]) -> tuple[Question, ...]:
    if form.kind == "feedback":
        theme = _question("theme", "What is it about?", "choice", choices=FEEDBACK_THEMES, optional="yes")
        return (theme, _question("words", "In your words", "text"))
    if form.kind == "rsvp":
        coming = _question("coming", "Will you come?", "choice", choices=(YES, NO))
        persons = _question("persons", "How many of you?", "number", to=form.persons, optional="yes")
        return (coming, persons) if form.persons > 1 else (coming,)
    if form.kind == "join":
        return (*_names(), *_personal(interests, email_optional="no"), *_agreed(channels))
    if form.kind == "change":
        return (*_personal(interests, email_optional="yes"), *_consents(channels))
    if form.kind == "lost-code":
        return (_question("name", "Your name", "line"), _question("contact", "Your e-mail address or postcode", "line"))
    if form.kind == "note":
        asked = "If they have gone quiet, why?"
        reason = _question("reason", asked, "choice", choices=QUIET_REASONS, optional="yes")
        return (_question("words", "What they told you", "text", optional="yes"), reason)
    return ()  # survey, vote, referral


def _names() -> tuple[Question, ...]:
    return (_question("given-name", "Given name", "line"), _question("family-name", "Family name", "line"))


def _personal(interests: tuple[str, ...], *, email_optional: str) -> tuple[Question, ...]:
    found = [
        _question("email", "E-mail address", "line", optional=email_optional),
        _question("phone", "Telephone", "line", optional="yes"),
        _question("address", "Postal address", "text", optional="yes", help="As on an envelope, without your name"),
        _question("birthday", "Birthday", "line", optional="yes", help="Day and month are enough: 11-21"),
    ]
    if len(interests) > 1:
        found.append(_question("interests", "What interests you", "several", choices=interests, optional="yes"))
    return tuple(found)


def _agreed(channels: Mapping[str, str]) -> tuple[Question, ...]:
    """Return the question of somebody who joins: each channel that is ticked is agreed to."""
    if len(channels) < 2:
        return _consents(channels)
    asked = "May we write or call? Tick each way that you agree to"
    return (_question("consent", asked, "several", choices=tuple(channels.values()), optional="yes"),)


def _consents(channels: Mapping[str, str]) -> tuple[Question, ...]:
    """Return a question for each channel, so that a consent can be given, withdrawn, or left as it is."""
    return tuple(
        _question(f"{CONSENT}{key}", label, "choice", choices=(YES, NO), optional="yes")
        for key, label in channels.items()
    )


def _question(name: str, ask: str, kind: str, **more: object) -> Question:
    return Question.model_validate({"name": name, "ask": ask, "type": kind, **more})
