"""Dated parts: content of a page that is shown from a day on, or until a day.

Past events and ended offers leave their lists without a new publish: the browser chooses by its own day. Pages for
visitors, and pages as of a stated day, hold the parts of one day, since nothing chooses there.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_timedelta
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from members_portal.loyalty.period import DAY
from members_portal.portal.content.item import Shown
from members_portal.portal.rendering.slot import MisplacedSlot

TWO_WEEKS = timedelta(days=14)  # as in the service worker
_MARKER = "<!--days:"


@dataclass
class SameDays:
    """The days, both included, on which a page has the same dated parts as on the day `on`."""

    on: date
    first: date = date.min
    last: date = date.max

    def is_before(self, day: date) -> bool:
        """Return whether the day of the publish is before a day."""
        if self.on < day:
            self.last = min(self.last, day - DAY)
            return True
        self.first = max(self.first, day)
        return False

    def start(self) -> None:
        """Start with all days, for another page."""
        self.first, self.last = date.min, date.max


def dated_function(days: SameDays, *, is_fixed: bool) -> Callable[..., Markup]:
    """Return the template function `dated(since, until)`; it marks its content with the days on which it is shown.

    Both days are included, and each may be None. The day of `days` is that of the publish; with `is_fixed`, of all
    pages. Each part narrows `days`.
    """

    @pass_context
    def dated(
        context: Context, since: date | None = None, until: date | None = None, *, caller: Callable[[], str]
    ) -> Markup:
        chosen_here = is_fixed or context["edition"].is_public
        is_over = until is not None and not days.is_before(day_after(until))
        is_ahead = since is not None and days.is_before(since)
        if is_over or (chosen_here and is_ahead):
            return Markup()
        content = Markup(caller())  # noqa: S704 - rendered by the template, and escaped there
        first, last = since if is_ahead else None, until
        if chosen_here or not (first or last):
            return content
        if _MARKER in content:
            raise MisplacedSlot("a dated part stands in another one")
        shown = f"{first.isoformat() if first else ''}:{last.isoformat() if last else ''}"
        return Markup(f"{_MARKER}{shown}-->{content}<!--/days-->")  # noqa: S704

    return dated


def days_until_function(language: str, on: date, *, is_fixed: bool) -> Callable[..., Markup]:
    """Return the template function `days_until(day)`: the days until a day in words, for two weeks.

    The browser of a member replaces its marker. With `is_fixed`, the words count from the day `on`; pages for visitors
    have none.
    """
    locale = language.replace("-", "_")

    @pass_context
    def days_until(context: Context, day: date) -> Markup:
        if context["edition"].is_public:
            return Markup()
        if is_fixed:
            left = day - on
            is_near = timedelta() <= left <= TWO_WEEKS
            return escape(format_timedelta(left, "day", 100, add_direction=True, locale=locale) if is_near else "")
        return Markup(f"<!--days-until:{day.isoformat()}:{language}-->")  # noqa: S704 - a day and a checked language

    return days_until


def day_after(day: date) -> date:
    """Return the next day, as a template filter."""
    return day + DAY


def day_before(day: date, count: int = 1) -> date:
    """Return the day before, or a day `count` days before, as a template filter."""
    return day - count * DAY


def one_at_a_time(items: Iterable[Shown]) -> Iterator[tuple[Shown, date | None, date]]:
    """Yield the items that are the next one at some time, each with the first and last day on which it is.

    The next one is the first in order that is not over. None stands for no first day.
    """
    since: date | None = None
    for item in items:
        if since is None or item.last_day >= since:
            yield item, since, item.last_day
            since = day_after(item.last_day)
