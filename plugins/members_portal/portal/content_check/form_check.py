"""Form check: forms that nobody can answer, and rewards that the programme does not know."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from members_portal.form.answerers import answerers
from members_portal.form.form import Form
from members_portal.loyalty.input.problem import Problem, one_of
from members_portal.loyalty.programme.audience import PUBLIC, UnknownAudience
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.front.feedback import Feedback
from members_portal.portal.content.front_matter import Document
from members_portal.portal.content.item import Item
from members_portal.portal.content.library import Library


def form_problems(library: Library, programme: Programme) -> Iterator[Problem]:
    """Yield the problems of all forms."""
    for path, item in library.items.items():
        if item.front.form:
            yield from _problems(item.front.form, item, library.documents[path], programme)


def unknown_answers(library: Library, numbers: Collection[str]) -> Iterator[Problem]:
    """Yield a warning for each number in `Answers:` that no answer has; without any answers, none is known."""
    for path, item in library.items.items() if numbers else ():
        for index, number in enumerate(item.front.answers if isinstance(item.front, Feedback) else ()):
            if number not in numbers:
                at, what = ("answers", index), f"no answer has the number {number}"
                yield library.documents[path].front.problem(at, what, "a number in members/inbox/").as_warning()


def _problems(form: Form, item: Item, document: Document, programme: Programme) -> Iterator[Problem]:
    at = document.front.problem
    try:
        readers = answerers(form, item.audience, programme.ladder)
    except UnknownAudience as error:
        yield from (
            at(("form", "who", word.at), f"who: {word.what}", error.expected, word.hint) for word in error.unknown
        )
        return
    if form.is_public and PUBLIC not in item.audience.readers:
        what = f"a form of the kind `{form.kind}` is for people without a code"
        yield at(("audience",), what, "`Audience: public`")
    elif not readers:
        yield at(("form",), "nobody can answer this form", "readers of the item in `who`", key=True)
    kinds = {rule.kind for rule in programme.earning}
    if form.earns and form.earns not in kinds:
        what = f"`{form.earns}` earns nothing: the programme has no such rule"
        yield at(("form", "earns"), what, one_of(sorted(kinds)) if kinds else "a rule in programme.yaml").as_warning()
