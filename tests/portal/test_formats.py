"""Dates in the reader's language."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from plugins.portal.formats import date_filters

DAY, NEW_YEAR = date(2026, 11, 5), date(2027, 1, 1)
EVENING, NIGHT = datetime(2026, 11, 5, 18, 30), datetime(2026, 11, 5, 21, 0)


@pytest.mark.parametrize(
    ("language", "long", "short", "span", "time"),
    [
        ("en", "November 5, 2026", "Nov 5", "Nov 5 – January 1, 2027", "6:30\u202fPM"),
        ("en-IE", "5 November 2026", "5 Nov", "5 Nov – 1 January 2027", "18:30"),
        ("de", "5. November 2026", "5. Nov.", "5. Nov. – 1. Januar 2027", "18:30"),
        ("pt-PT", "5 de novembro de 2026", "5/11", "5/11 – 1 de janeiro de 2027", "18:30"),
        ("ja", "2026年11月5日", "11月5日", "11月5日 – 2027年1月1日", "18:30"),
    ],
)
def test_dates_read_as_in_the_language(language: str, long: str, short: str, span: str, time: str) -> None:
    filters = date_filters(language)
    assert filters["longdate"](DAY) == filters["longdate"](EVENING) == long
    assert filters["shortdate"](DAY) == short
    assert filters["daterange"](DAY, NEW_YEAR) == span
    assert filters["time"](EVENING) == time


def test_a_range_within_one_day_is_that_day() -> None:
    daterange = date_filters("en-IE")["daterange"]
    assert daterange(DAY, DAY) == daterange(EVENING, NIGHT) == "5 November 2026"


def test_the_machine_readable_date_is_the_same_everywhere() -> None:
    for language in ("en", "ar", "fa", "th"):
        assert date_filters(language)["isodate"](DAY) == date_filters(language)["isodate"](EVENING) == "2026-11-05"
