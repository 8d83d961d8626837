"""Dates, numbers and money in the reader's language."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from members_portal.loyalty.member.member import Birthday
from members_portal.portal.rendering.formats import date_filters, member_filters, number_filters

DAY, NEW_YEAR = date(2026, 11, 5), date(2027, 1, 1)
EVENING, NIGHT = datetime(2026, 11, 5, 18, 30), datetime(2026, 11, 5, 21, 0)


@pytest.mark.parametrize(
    ("language", "long", "short", "span", "time"),
    [
        ("en", "November 5, 2026", "Nov 5", "Nov 5, 2026 – Jan 1, 2027", "6:30\u202fPM"),
        ("en-IE", "5 November 2026", "5 Nov", "5 Nov 2026 – 1 Jan 2027", "18:30"),
        ("de", "5. November 2026", "5. Nov.", "5. Nov. 2026 – 1. Jan. 2027", "18:30"),
        ("pt-PT", "5 de novembro de 2026", "5/11", "5 de nov. de 2026 – 1 de jan. de 2027", "18:30"),
        ("ja", "2026年11月5日", "11月5日", "2026年11月5日～2027年1月1日", "18:30"),
    ],
)
def test_dates_read_as_in_the_language(language: str, long: str, short: str, span: str, time: str) -> None:
    filters = date_filters(language)
    assert filters["longdate"](DAY) == filters["longdate"](EVENING) == long
    assert filters["shortdate"](DAY) == short
    assert filters["daterange"](DAY, NEW_YEAR) == span
    assert filters["time"](EVENING) == time


def test_a_members_own_entry_reads_as_in_the_language() -> None:
    english, german = member_filters("en-IE"), member_filters("de")
    assert english["birthday"](Birthday(2, 29)) == "29 February"
    assert german["birthday"](Birthday(2, 28, 1961)) == "28. Februar 1961"
    assert (english["country"]("IE"), german["country"]("IE"), german["country"]("XX")) == ("Ireland", "Irland", "XX")
    names = [english["language_name"](tag) for tag in ("ga", "gsw-CH", "pt-BR", "xx-XX")]
    assert names == ["Irish", "Swiss German", "Brazilian Portuguese", "xx-XX"]


def test_a_range_within_one_day_is_that_day() -> None:
    daterange = date_filters("en-IE")["daterange"]
    assert daterange(DAY, DAY) == daterange(EVENING, NIGHT) == "5 November 2026"


def test_a_range_has_one_form_of_the_month() -> None:
    daterange = date_filters("en-IE")["daterange"]
    assert daterange(date(2026, 12, 1), date(2026, 12, 31)) == "1–31 Dec 2026"
    assert daterange(date(2026, 11, 28), date(2026, 12, 31)) == "28 Nov – 31 Dec 2026"


def test_a_timespan_names_its_end_only_on_its_first_day() -> None:
    timespan = date_filters("en-IE")["timespan"]
    assert timespan(EVENING, NIGHT) == "5 November 2026, 18:30 – 21:00"
    assert timespan(EVENING, datetime(2026, 11, 6, 2, 0)) == "5 November 2026, 18:30 – 02:00"  # one evening
    assert timespan(EVENING, datetime(2026, 11, 6, 14, 0)) == "5–6 Nov 2026, 18:30"
    assert timespan(datetime(2026, 11, 5), datetime(2026, 11, 5, 23, 59)) == "5 November 2026"  # all day
    assert timespan(datetime(2026, 11, 5), datetime(2026, 11, 6, 23, 59)) == "5–6 Nov 2026"


def test_the_machine_readable_date_is_the_same_everywhere() -> None:
    for language in ("en", "ar", "fa", "th"):
        assert date_filters(language)["isodate"](DAY) == date_filters(language)["isodate"](EVENING) == "2026-11-05"


@pytest.mark.parametrize(
    ("language", "currency", "exact", "whole", "owed"),
    [
        ("en-IE", "EUR", "€1,234.50", "€84", "−€5"),
        ("de", "EUR", "1.234,50\xa0€", "84\xa0€", "−5\xa0€"),
        ("pt-PT", "GBP", "1\xa0234,50\xa0£", "84\xa0£", "−5\xa0£"),
        ("ja", "JPY", "￥1,234", "￥84", "−￥5"),
        ("en-IE", "RSD", "RSD\xa01,234.50", "RSD\xa084", "−RSD\xa05"),
        ("en-IE", "KWD", "KWD\xa01,234.500", "KWD\xa084", "−KWD\xa05"),
    ],
)
def test_money_reads_as_in_the_language(language: str, currency: str, exact: str, whole: str, owed: str) -> None:
    money = number_filters(language, currency)["money"]
    assert money(Decimal("1234") if currency == "JPY" else Decimal("1234.50")) == exact
    assert money(Decimal("84.00")) == money(84) == whole
    assert money(Decimal("-5.00")) == owed


@pytest.mark.parametrize(
    ("language", "thousands", "more", "less", "share"),
    [
        ("en-IE", "12,345", "+1,200", "−1,200", "2.5\xa0%"),
        ("de", "12.345", "+1.200", "−1.200", "2,5\xa0%"),
        ("sv", "12\xa0345", "+1\xa0200", "−1\xa0200", "2,5\xa0%"),
    ],
)
def test_numbers_read_as_in_the_language(language: str, thousands: str, more: str, less: str, share: str) -> None:
    filters = number_filters(language, "EUR")
    assert filters["number"](12345) == thousands
    assert filters["signed"](1200) == more
    assert filters["signed"](-1200) == filters["number"](-1200) == less
    assert filters["percent"](Decimal("2.5")) == share


def test_nothing_has_no_sign_and_a_whole_share_no_decimals() -> None:
    filters = number_filters("en-IE", "EUR")
    assert filters["signed"](0) == "0"
    assert filters["percent"](Decimal("4.00")) == "4\xa0%"
    assert filters["money"](Decimal("0.00")) == "€0"


def test_less_than_a_whole_unit_keeps_its_cents() -> None:
    money = number_filters("en-IE", "EUR")["money"]
    assert money(Decimal("0.05")) == "€0.05"
    assert money(Decimal("-0.50")) == "−€0.50"
