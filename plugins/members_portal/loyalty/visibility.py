"""Visibility: may this reader see this item on this date?

Site, search, PDF, e-mail and calendar all use this module, so they agree. The default is no: an unknown reader, a draft
or a date before the publish date or embargo sees nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from members_portal.loyalty.period import DAY
from members_portal.loyalty.programme.audience import STAFF, Audience


@dataclass(frozen=True, kw_only=True)
class Viewable:
    """The readers of an item, and the dates on which they see it.

    It is visible from `publish` (or the tier's date in `embargo`) to `expires`, both included. A reader is a tier's
    key, `staff` or `public`. `held_until` is the time on the day of `publish` that has not come yet: until then the
    item opens on the next day.
    """

    audience: Audience
    publish: date | None = None
    embargo: Mapping[str, date] = field(default_factory=dict)
    expires: date | None = None
    draft: bool = False
    held_until: datetime | None = None

    def visible_since(self, reader: str) -> date | None:
        """Return the first day on which an edition shows the item: date.min when no day is set, None for never."""
        if self.draft or reader not in self.audience.readers:
            return None
        opening = (self.publish or date.min) + (DAY if self.held_until else timedelta(0))
        if reader == STAFF:
            return min([opening, *self.embargo.values()])
        return self.embargo.get(reader, opening)

    def shown_since(self, reader: str, on: date) -> date | None:
        """Return the first day on which an edition shows the item; None when it doesn't show it on the date `on`."""
        since = self.visible_since(reader)
        return since if since and since <= on and (self.expires is None or on <= self.expires) else None

    def visible_to(self, reader: str, on: date) -> bool:
        """Tell whether an edition shows the item on a date."""
        return self.shown_since(reader, on) is not None

    def has_expired(self, on: date) -> bool:
        """Tell whether `expires` has passed. Links to an expired item become plain text instead of errors."""
        return self.expires is not None and self.expires < on and not self.draft
