"""Dates as readers expect them, in the site's language (CLDR, by babel)."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from babel.dates import format_date, format_skeleton, format_time


def date_filters(language: str) -> dict[str, Callable[..., Any]]:
    """Return the template filters for one language (BCP 47)."""
    locale = language.replace("-", "_")

    def longdate(day: date) -> str:
        return format_date(day, "long", locale)

    def shortdate(day: date) -> str:
        return format_skeleton("MMMd", day, locale=locale)

    def daterange(start: date, end: date) -> str:
        return longdate(start) if start == end else f"{shortdate(start)} – {longdate(end)}"

    def time(moment: datetime) -> str:
        return format_time(moment, "short", locale=locale)

    filters: dict[str, Callable[..., Any]] = {"longdate": longdate, "shortdate": shortdate, "daterange": daterange, "time": time}
    return filters | {"isodate": lambda day: day.isoformat()}
