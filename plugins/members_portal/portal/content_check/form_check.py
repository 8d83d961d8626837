"""Form check: forms that nobody can answer, and rewards that the programme does not know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from members_portal.form.answerers import answerers
from members_portal.form.form import Form, Question
from members_portal.loyalty.input.parsing import valid_part
from members_portal.loyalty.input.problem import Problem, one_of, shown_path
from members_portal.loyalty.programme.audience import PUBLIC, UnknownAudience
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.answering.received_answers import ReceivedAnswers
from members_portal.portal.content.front.event import Event
from members_portal.portal.content.front.feedback import Feedback
from members_portal.portal.content.front_matter import Document
from members_portal.portal.content.item import Item
from members_portal.portal.content.library import Library
from members_portal.portal.content.similar_path import near


def form_problems(library: Library, programme: Programme) -> Iterator[Problem]:
    """Yield the problems of all forms."""
    for path, item in library.items.items():
        if item.front.form:
            yield from _problems(item.front.form, item, library.documents[path], programme)
    for path, item in library.parts.items():
        yield from _problems_of_part(item, library.documents[path], programme)


def unknown_answers(library: Library, received: ReceivedAnswers) -> Iterator[Problem]:
    """Yield a warning for each number in `Answers:` that is of no feedback; without any answers, none is known."""
    feedback = {each.number for each in received.feedback}
    for path, item in library.items.items() if received.numbers else ():
        for index, number in enumerate(item.front.answers if isinstance(item.front, Feedback) else ()):
            at, problem = ("answers", index), library.documents[path].front.problem
            if number not in received.numbers:
                yield problem(at, f"no answer has the number {number}", "a number in members/inbox/").as_warning()
            elif number not in feedback:
                what = f"{number} is an answer to a form of another kind"
                yield problem(at, what, "the number of feedback").as_warning()


def moved_forms(library: Library, received: ReceivedAnswers, file: Path) -> Iterator[Problem]:
    """Yield a warning for each form with answers that is gone, if a form of its kind without answers may be it.

    `file` is that of the answers. Under another path, a form gives its points again, and an event has no guests.
    """
    numbers, kinds = _answered_forms(received)
    present = {item.path.removesuffix(".md") for item in (*library.items.values(), *library.parts.values())}
    fresh = {
        item.path.removesuffix(".md"): item.front.form.kind
        for item in library.items.values()
        if item.front.form and item.path.removesuffix(".md") not in numbers
    }
    for path in sorted(numbers.keys() - present):
        if hint := _moved_to(path, [other for other, kind in fresh.items() if kind == kinds[path]]):
            counted = "1 answer is" if numbers[path] == 1 else f"{numbers[path]} answers are"
            what = f"{counted} to `{path}`, which is gone"
            expected = "the item under its former name, or these answers removed if it is over"
            yield Problem(shown_path(file), 0, 0, what, expected, hint).as_warning()


def _answered_forms(received: ReceivedAnswers) -> tuple[Counter[str], dict[str, str]]:
    """Return the number of answers by form, and the kinds of the forms."""
    answers = [answer for each in received.of_member.values() for answer in each]
    return Counter(answer.form for answer in answers), {answer.form: answer.kind for answer in answers}


def _moved_to(path: str, others: list[str]) -> str:
    """Return the form that may be one which is gone, in backquotes: its name is similar, or longer, or shorter."""
    name = PurePosixPath(path).name
    same = [other for other in others if name in PurePosixPath(other).name or PurePosixPath(other).name in name]
    return f"`{min(same)}`" if same else near(path, others)


def _problems_of_part(item: Item, document: Document, programme: Programme) -> Iterator[Problem]:
    """Yield the problems of a form whose item has faults, as far as they don't depend on these."""
    value = document.front.value
    form = valid_part(Form, value.get("form")) if isinstance(value, dict) and "form" in value else None
    if form:
        yield from _audience_problems(form, item, document, programme)
        yield from _reward_problems(form, document, programme)


def _problems(form: Form, item: Item, document: Document, programme: Programme) -> Iterator[Problem]:
    at = document.front.problem
    if unknown := list(_audience_problems(form, item, document, programme)):
        yield from unknown
        return
    if form.is_public and PUBLIC not in item.audience.readers:
        what = f"a form of the kind `{form.kind}` is for people without a code"
        yield at(("audience",), what, "`Audience: public`")
    elif not answerers(form, item.audience, programme.ladder):
        yield _nobody(form, document)
    yield from _reward_problems(form, document, programme)
    yield from _unused_keys(form, item, document)


def _nobody(form: Form, document: Document) -> Problem:
    """Return the problem of a form without anybody who may answer."""
    at = document.front.problem
    if form.who:
        return at(("form", "who"), "nobody whom `who` names can read the item", "some of its readers")
    what = "nobody can answer the form: no member can read the item"
    return at(("audience",), what, "members among its readers, or `who: staff` in the form")


def _unused_keys(form: Form, item: Item, document: Document) -> Iterator[Problem]:
    """Yield a warning for each key without an effect."""
    places = form.places or (item.front.capacity if isinstance(item.front, Event) else None)
    if places and form.persons > places:
        what = "one reply may have more persons than there are places"
        yield document.front.problem(("form", "persons"), what, f"at most {places}").as_warning()
    if form.kind != "rsvp" and "waiting_list" in document.front.value["form"]:
        what = "`waiting list` belongs to a form of the kind `rsvp`"
        yield document.front.problem(("form", "waiting_list"), what, "no such key").as_warning()
    for index, question in enumerate(form.questions):
        for key, types in _unused_keys_of(question):
            what = f"`{key}` belongs to a question of the type {types}"
            yield document.front.problem(("form", "questions", index, key), what, "no such key").as_warning()


def _unused_keys_of(question: Question) -> Iterator[tuple[str, str]]:
    """Yield the keys of a question that its type does not have, each with the types that have it."""
    if question.choices and question.type not in {"choice", "several"}:
        yield "choices", "`choice` or `several`"
    for key in ("low", "high"):
        if getattr(question, key) and question.type != "scale":
            yield key, "`scale`"


def _audience_problems(form: Form, item: Item, document: Document, programme: Programme) -> Iterator[Problem]:
    """Yield the unknown words of `who`."""
    try:
        answerers(form, item.audience, programme.ladder)
    except UnknownAudience as error:
        for word in error.unknown:
            at = ("form", "who", word.at)
            yield document.front.problem(at, f"who: {word.what}", error.expected, word.hint)


def _reward_problems(form: Form, document: Document, programme: Programme) -> Iterator[Problem]:
    kinds = {rule.kind for rule in programme.earning}
    if form.earns and form.earns not in kinds:
        what = f"`{form.earns}` earns nothing: the programme has no such rule"
        expected = one_of(sorted(kinds)) if kinds else "a rule in programme.yaml"
        yield document.front.problem(("form", "earns"), what, expected).as_warning()
