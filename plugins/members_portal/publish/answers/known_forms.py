"""Known forms: the forms of the content, with who may answer on which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from members_portal.form.answerers import answerers
from members_portal.form.form import Form
from members_portal.form.kind_questions import all_questions
from members_portal.inbox.known_form import KnownForm
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import PUBLIC
from members_portal.loyalty.programme.programme import Programme
from members_portal.portal.content.item import Event, Item
from members_portal.portal.inputs import Inputs


def known_forms(inputs: Inputs) -> dict[str, KnownForm]:
    """Return the forms of all items by path; drafts have none."""
    items = (item for item in inputs.library.items.values() if not item.draft)
    found = [_known(item, item.front.form, inputs.programme) for item in items if item.front.form]
    return {known.path: known for known in found}


def _known(item: Item, form: Form, programme: Programme) -> KnownForm:
    front = item.front
    form, places = _closed(form, item), form.places
    if form.kind == "rsvp" and isinstance(front, Event):
        places = places or front.capacity
    return KnownForm(
        item.path.removesuffix(".md"),
        front.title,
        form,
        all_questions(form, programme.channels.values(), programme.interests.values()),
        _may_answer(item, form, answerers(form, item.audience, programme.ladder)),
        places,
    )


def _closed(form: Form, item: Item) -> Form:
    """Return the form with its last day: replies to an event end with `reply by`, or with the event."""
    front = item.front
    if form.closes or form.kind != "rsvp" or not isinstance(front, Event):
        return form
    return form.model_copy(update={"closes": front.reply_by or front.last_day})


def _may_answer(item: Item, form: Form, readers: frozenset[str]) -> Callable[[Member | None, date], bool]:
    def may_answer(member: Member | None, day: date) -> bool:
        if form.is_public:
            return PUBLIC in readers and item.visible_to(PUBLIC, day)
        if member is None or not member.is_member(day):
            return False
        return member.edition in readers and item.visible_to(member.edition, day)

    return may_answer
