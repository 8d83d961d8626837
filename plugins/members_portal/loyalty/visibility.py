"""Visibility: may this reader see this item on this date?

Site, search, PDF, e-mail and calendar all use this module, so they agree. The default is no: an unknown reader, a draft
or a date before the publish date or embargo sees nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from members_portal.loyalty.programme.audience import STAFF, Audience


@dataclass(frozen=True)
class Window:
    """The dates of an item: visible from `publish` (or the tier's date in `embargo`) to `expires`, both included."""

    publish: date | None = None
    embargo: Mapping[str, date] = field(default_factory=dict)
    expires: date | None = None
    draft: bool = False


def visible_since(audience: Audience, window: Window, reader: str) -> date | None:
    """Return the first day on which an edition shows an item: date.min when no day is set, None for never."""
    if window.draft or reader not in audience.readers:
        return None
    opening = window.publish or date.min
    if reader == STAFF:
        return min([opening, *window.embargo.values()])
    return window.embargo.get(reader, opening)


def may_see(audience: Audience, window: Window, reader: str, on: date) -> bool:
    """Return whether an edition (a tier's key, `staff` or `public`) shows an item on a date."""
    since = visible_since(audience, window, reader)
    if since is None or since > on:
        return False
    return window.expires is None or on <= window.expires
