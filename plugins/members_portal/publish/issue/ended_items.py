"""Offers and events of an issue that have ended since its day: e-mail and posted letters leave them out.

Offers that end before a posted letter may be read are printed, with a note in the summary of the run.
"""

from collections.abc import Iterator
from datetime import timedelta

from members_portal.loyalty.input.problem import Problem, shown_path
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.content.item import Item
from members_portal.portal.inputs import Inputs
from members_portal.portal.rendering.edition import Edition, make_edition
from members_portal.portal.rendering.issue_contents import contents_of, newsletter_of
from members_portal.publish.issue.print_contents import readers_of, today_of

DAYS_TO_READER = timedelta(days=5)  # printing, folding, and the post within a country


def ended_items(newsletter: Item, inputs: Inputs, *, coupons: bool = False) -> list[Problem]:
    """Return what an issue leaves out because it has ended by today; with `coupons`, also the offers of letters."""
    on, today = newsletter_of(newsletter).day, today_of(newsletter, inputs)
    if on == today:
        return []
    items = _items_of(newsletter, inputs, coupons=coupons)
    return [_left_out(item, inputs) for item in items if item.has_ended(today) and not item.has_ended(on)]


def remarks_on_dates(newsletter: Item, inputs: Inputs) -> list[str]:
    """Return a line of a run's summary for each item that is left out, and for each offer that ends soon."""
    on, today = newsletter_of(newsletter).day, today_of(newsletter, inputs)
    items = [item for item in _items_of(newsletter, inputs, coupons=True) if not item.has_ended(on)]
    left_out = [f"left out: {item.path}, which ended on {item.last_day}" for item in items if item.has_ended(today)]
    soon = [
        f"note: {item.path} ends on {item.last_day}; a letter of {today} may be read later"
        for item in items
        if isinstance(item.front, Offer) and not item.has_ended(today) and item.has_ended(today + DAYS_TO_READER)
    ]
    return left_out + soon


def _items_of(newsletter: Item, inputs: Inputs, *, coupons: bool) -> list[Item]:
    """Return the items of an issue as of its day; with `coupons`, also all offers of its readers."""
    on, found = newsletter_of(newsletter).day, set[str]()
    for reader in readers_of(newsletter, inputs.programme):
        edition = make_edition(reader, inputs.library, inputs.programme, on)
        found.update(_contained(newsletter, edition, inputs))
        found.update(path for path, item in edition.items.items() if coupons and isinstance(item.item.front, Offer))
    return [inputs.library.items[path] for path in sorted(found)]


def _contained(newsletter: Item, edition: Edition, inputs: Inputs) -> Iterator[str]:
    """Yield the paths of the items of an issue as of its day."""
    contents = contents_of(newsletter, edition, inputs.library, inputs.site.language)
    for section in contents.sections:
        yield from (each.shown.path for each in section.items)
    yield from (event.path for event in contents.events)


def _left_out(item: Item, inputs: Inputs) -> Problem:
    file = shown_path(inputs.library.folder / item.path)
    return Problem(file, 0, 0, f"the {item.kind.name} ended on {item.last_day}").as_left_out()
