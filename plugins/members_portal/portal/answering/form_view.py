"""Form view: the form of an item as the pages of one kind of reader show it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from members_portal.form.answerers import answerers
from members_portal.form.form import Form, Question
from members_portal.form.kind_questions import all_questions
from members_portal.loyalty.programme.audience import PUBLIC, STAFF
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.front.event import Event
from members_portal.portal.content.item import Item, Shown

TELL_US = "forms/tell-us.md"  # the form that the foot of every page links to


@dataclass(frozen=True)
class AnswerWays:
    """How answers leave a page: sealed to `key` (base64url), posted to `endpoint`, or sent by `email`.

    Empty ones are not there. Without a key nothing can be answered: the tree is not to be published.
    """

    key: str = ""
    site: str = ""
    endpoint: str = ""
    email: str = ""


@dataclass(frozen=True)
class FormView:
    """A form with all its questions. The fields of the form are attributes too.

    `path` identifies it in answers. `answered` is the slot that tells a member what came of the answer, `refused` that
    it could not be taken in. `own` is the own part of members who may answer; empty where all members who see the page
    may. `closes` is its last day.
    """

    form: Form
    path: str
    questions: tuple[Question, ...]
    answered: str
    refused: str
    own: str
    closes: date | None
    is_for_reader: bool
    is_for_members: bool

    def __getattr__(self, name: str) -> Any:
        return getattr(self.form, name)


class FormViews:
    """Makes the views of forms for one programme."""

    def __init__(self, programme: Programme) -> None:
        self._programme = programme

    def view(self, shown: Shown, reader: str) -> FormView | None:
        """Return the form of an item for `public`, `members` or `staff`; None without one."""
        item, form = shown.item, shown.item.front.form
        if form is None:
            return None
        readers = self.answerers(item)
        members = readers - {PUBLIC, STAFF}
        for_reader = bool(members) if reader not in {PUBLIC, STAFF} else reader in readers
        return FormView(
            form,
            path=form_path(item),
            questions=self.questions(form),
            answered=answered_slot(item),
            refused=refused_slot(item),
            own=form_slot(item) if members != item.audience.readers - {PUBLIC, STAFF} else "",
            closes=last_day_of(item),
            is_for_reader=for_reader,
            is_for_members=bool(members),
        )

    def questions(self, form: Form) -> tuple[Question, ...]:
        """Return all questions of a form."""
        return all_questions(form, self._programme.channels, self._programme.interests.values())

    def answerers(self, item: Item) -> frozenset[str]:
        """Return the readers who may answer the form of an item."""
        assert item.front.form is not None  # noqa: S101 - items without a form are not asked for
        return answerers(item.front.form, item.audience, self._programme.ladder)


def seen_by_all(item: Item, ladder: Iterable[str], on: date) -> bool:
    """Tell whether the members of all tiers see an item on a day."""
    return all(item.visible_to(tier, on) for tier in ladder)


def change_form_url(items: Iterable[Item], ladder: Iterable[str], on: date) -> str:
    """Return the address of the form by which all members change what is held about them; empty without one."""
    tiers = tuple(ladder)
    forms = (item for item in items if item.front.form and item.front.form.kind == "change")
    return next((item.url for item in forms if seen_by_all(item, tiers, on)), "")


def form_path(item: Item) -> str:
    """Return the path of a form in answers: `events/the-night-shift`."""
    return item.path.removesuffix(".md")


def form_slot(item: Item) -> str:
    """Return the name of the own part of those who may answer."""
    return f"form-{item.kind.folder}-{item.slug}"


def answered_slot(item: Item) -> str:
    """Return the name of the slot with a member's own answer."""
    return f"answered-{item.kind.folder}-{item.slug}"


def refused_slot(item: Item) -> str:
    """Return the name of the slot with a member's own answer that could not be taken in."""
    return f"refused-{item.kind.folder}-{item.slug}"


def last_day_of(item: Item) -> date | None:
    """Return the last day on which a form can be answered: its own, that of replies, or the first of an event."""
    form, front = item.front.form, item.front
    if form and form.closes:
        return form.closes
    if isinstance(front, Event):
        return front.reply_by or front.starts.date()
    return item.expires or item.last_day
