"""Known forms: the forms of the content, with who may answer on which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from members_portal.inbox.known_form import KnownForm
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.audience import PUBLIC
from members_portal.portal.answering.form_view import FormViews, form_path, last_day_of
from members_portal.portal.content.front.event import Event
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs


def known_forms(inputs: Inputs) -> dict[str, KnownForm]:
    """Return the forms of all items by path; drafts have none."""
    views = FormViews(inputs.programme)
    found = [_known(item, views) for item in inputs.library.items.values() if item.front.form and not item.draft]
    return {known.path: known for known in found}


def _known(item: Item, views: FormViews) -> KnownForm:
    front, form = item.front, item.front.form
    assert form is not None  # noqa: S101 - `known_forms` leaves out items without one
    places = form.places
    if form.kind == "rsvp" and isinstance(front, Event):
        places = places or front.capacity
    return KnownForm(
        form_path(item),
        front.title,
        form.model_copy(update={"closes": last_day_of(item)}),
        views.questions(form),
        _may_answer(item, views.answerers(item), is_public=form.is_public),
        places,
        item.last_day or last_day_of(item),
    )


def _may_answer(item: Item, readers: frozenset[str], *, is_public: bool) -> Callable[[Member | None, date], bool]:
    def may_answer(member: Member | None, day: date) -> bool:
        if is_public:
            return PUBLIC in readers and item.visible_to(PUBLIC, day)
        if member is None or not member.is_member(day):
            return False
        return member.edition in readers and item.visible_to(member.edition, day)

    return may_answer
