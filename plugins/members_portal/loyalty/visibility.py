"""The one gate: may this reader see this item on this date?

Site, search, PDF, e-mail and calendar all ask here, so that they can't disagree. It fails closed: a
reader it doesn't know, a draft, a date not reached all mean no.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from members_portal.loyalty.programme.audience import STAFF, Audience


@dataclass(frozen=True)
class Window:
    """When an item is shown: from `publish` (or a tier's own embargo date) up to and with `expires`."""

    publish: date | None = None
    embargo: Mapping[str, date] = field(default_factory=dict)
    expires: date | None = None
    draft: bool = False


def visible_since(audience: Audience, window: Window, reader: str) -> date | None:
    """Return the first day an edition shows an item, or None for never; date.min when no day is set."""
    if window.draft or reader not in audience.readers:
        return None
    opening = window.publish or date.min
    if reader == STAFF:
        return min([opening, *window.embargo.values()])
    return window.embargo.get(reader, opening)


def may_see(audience: Audience, window: Window, reader: str, on: date) -> bool:
    """Tell whether an edition (a tier's key, `staff` or `public`) shows an item on a date."""
    since = visible_since(audience, window, reader)
    if since is None or since > on:
        return False
    return window.expires is None or on <= window.expires
