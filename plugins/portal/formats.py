"""Dates as readers expect them, in the site's language (CLDR, by babel)."""

from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from typing import Any

from babel.dates import format_date, format_skeleton, format_time


def date_filters(language: str) -> dict[str, Callable[..., Any]]:
    """Return the template filters for one language (BCP 47)."""
    locale = language.replace("-", "_")

    @cache  # the same few days stand on thousands of pages
    def longdate(day: date) -> str:
        return format_date(day, "long", locale)

    @cache
    def shortdate(day: date) -> str:
        return format_skeleton("MMMd", day, locale=locale)

    def daterange(start: date, end: date) -> str:
        same_day = start.isoformat()[:10] == end.isoformat()[:10]  # of times, too
        return longdate(end) if same_day else f"{shortdate(start)} – {longdate(end)}"

    @cache
    def month(day: date) -> str:
        return format_skeleton("MMM", day, locale=locale)

    @cache
    def weekday(day: date) -> str:
        return format_skeleton("EEE", day, locale=locale)

    def time(moment: datetime) -> str:
        return format_time(moment, "short", locale=locale)

    filters: dict[str, Callable[..., Any]] = {"longdate": longdate, "shortdate": shortdate, "time": time}
    return filters | {"daterange": daterange, "month": month, "weekday": weekday, "isodate": date.isoformat}
