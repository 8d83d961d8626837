"""Offers and events of an issue that have ended by the day of the print run: left out, and named in the summary.

Offers that end before a letter may be read are printed, with a warning.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from members_portal.portal.content.item import Event, Item, Offer
from members_portal.portal.content.library import Library
from members_portal.publish.issue.mailing import Mailing

DAYS_TO_READER = timedelta(days=5)  # printing, folding, and the post within a country


def remarks_on_dates(mailing: Mailing, library: Library, on: date) -> list[str]:
    """Return a line for each item that has ended between the issue's day and the run, and for each that ends soon."""
    items = sorted(_running(mailing, library), key=lambda item: (_last(item), item.path))
    ended = [f"left out: {item.path}, which ended on {_last(item)}" for item in items if _last(item) < on]
    soon = [
        f"warning: {item.path} ends on {_last(item)}, and a letter of {on} may be read later"
        for item in items
        if isinstance(item.front, Offer) and on <= _last(item) < on + DAYS_TO_READER
    ]
    return ended + soon


def _running(mailing: Mailing, library: Library) -> Iterator[Item]:
    """Yield the offers and events that readers of the issue can see, and that had not ended on its day."""
    editions = {issue.edition for issue in mailing.issues.values()}
    for item in library.items.values():
        dated = isinstance(item.front, Offer | Event) and not item.draft and _last(item) >= mailing.then.on
        if dated and any(item.visible_to(edition, mailing.then.on) for edition in editions):
            yield item


def _last(item: Item) -> date:
    assert isinstance(item.front, Offer | Event)  # noqa: S101 - checked by the caller
    return item.front.last_day
