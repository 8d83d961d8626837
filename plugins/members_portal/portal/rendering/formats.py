"""Template filters for dates, numbers and money in the site's language (CLDR, by babel)."""

from collections.abc import Callable
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton, format_time
from babel.numbers import NumberPattern, format_decimal, get_currency_symbol, parse_pattern

from members_portal.loyalty.input.clock_time import is_whole_days
from members_portal.loyalty.member.member import Birthday
from members_portal.loyalty.programme.currency import currency_digits
from members_portal.loyalty.yearly_day import LEAP_YEAR
from members_portal.portal.content.front.event import last_day

THIN_SPACE = "\N{THIN SPACE}"  # CLDR's, which few typefaces have
MINUS = "\N{MINUS SIGN}"
REMEMBERED = 1 << 17  # texts of each filter: pages and members show the same days, numbers and sums


def date_filters(language: str) -> dict[str, Callable[..., Any]]:
    """Return the template filters for one language (BCP 47)."""
    locale = language.replace("-", "_")

    @lru_cache(REMEMBERED)
    def longdate(day: date) -> str:
        return format_date(day, "long", locale)

    @lru_cache(REMEMBERED)
    def shortdate(day: date) -> str:
        return format_skeleton("MMMd", day, locale=locale)

    def daterange(start: date, end: date) -> str:
        first, last = (date(day.year, day.month, day.day) for day in (start, end))  # also of dates with a time
        span = format_interval(first, last, "yMMMd", locale=locale)  # CLDR's long form has no intervals
        return longdate(end) if first == last else span.replace(THIN_SPACE, " ")

    @lru_cache(REMEMBERED)
    def month(day: date) -> str:
        return format_skeleton("MMM", day, locale=locale)

    @lru_cache(REMEMBERED)
    def weekday(day: date) -> str:
        return format_skeleton("EEE", day, locale=locale)

    def time(moment: datetime) -> str:
        return format_time(moment, "short", locale=locale)

    def timespan(start: datetime, end: datetime) -> str:
        if is_whole_days(start, end):
            return daterange(start, end)
        if start.date() == last_day(start, end):
            return f"{longdate(start)}, {time(start)} – {time(end)}"
        return f"{daterange(start, last_day(start, end))}, {time(start)}"

    filters: dict[str, Callable[..., Any]] = {"longdate": longdate, "shortdate": shortdate, "time": time}
    filters["timespan"] = timespan
    return filters | {"daterange": daterange, "month": month, "weekday": weekday, "isodate": date.isoformat}


def member_filters(language: str) -> dict[str, Callable[..., str]]:
    """Return the template filters for what a member is told of their own entry: birthday, country, language."""
    locale = Locale.parse(language, sep="-")

    @lru_cache(REMEMBERED)
    def birthday(day: Birthday) -> str:
        if day.year:
            return format_date(date(day.year, day.month, day.day), "long", locale)
        return format_skeleton("MMMMd", date(LEAP_YEAR, day.month, day.day), locale=locale)

    @lru_cache(None)
    def country(code: str) -> str:
        return locale.territories.get(code, code)

    @lru_cache(None)
    def language_name(tag: str) -> str:
        parts = tag.split("-")
        return locale.languages.get("_".join(parts), locale.languages.get(parts[0], tag))

    return {"birthday": birthday, "country": country, "language_name": language_name}


def number_filters(language: str, currency: str) -> dict[str, Callable[..., str]]:
    """Return the template filters for numbers and for money in one currency (ISO 4217)."""
    locale = Locale.parse(language, sep="-")
    pattern = _money_pattern(locale, currency)
    exact, whole = _with_decimals(pattern, currency_digits(currency)), _with_decimals(pattern, 0)

    @lru_cache(REMEMBERED)
    def money(amount: Decimal | int) -> str:
        shown = whole if amount == int(amount) else exact
        return _with_minus(shown.apply(amount, locale, currency=currency, currency_digits=False))

    @lru_cache(REMEMBERED)
    def number(count: int) -> str:
        return _with_minus(format_decimal(count, locale=locale))

    @lru_cache(REMEMBERED)
    def signed(count: int) -> str:
        return f"+{number(count)}" if count > 0 else number(count)

    @lru_cache(REMEMBERED)
    def percent(share: Decimal) -> str:
        return _with_minus(format_decimal(share, locale=locale)) + "\N{NO-BREAK SPACE}%"

    return {"money": money, "number": number, "signed": signed, "percent": percent}


def _money_pattern(locale: Locale, currency: str) -> NumberPattern:
    """Return the money pattern, with a no-break space after an alphabetic symbol such as CHF (CLDR; babel omits it)."""
    pattern: str = locale.currency_formats["standard"].pattern
    letters = get_currency_symbol(currency, locale)[-1].isalpha()
    return parse_pattern(pattern.replace("¤#", "¤\N{NO-BREAK SPACE}#") if letters else pattern)


def _with_decimals(pattern: NumberPattern, digits: int) -> NumberPattern:
    """Return a pattern with this number of decimals."""
    changed = copy(pattern)
    changed.frac_prec = (digits, digits)
    return changed


def _with_minus(text: str) -> str:
    """Replace the hyphen, CLDR's minus in most languages, by a minus sign as wide as a plus."""
    return text.replace("-", MINUS)
