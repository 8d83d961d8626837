"""The decimals of currencies are those of ISO 4217."""

from __future__ import annotations

import pytest

from members_portal.loyalty.programme.currency import ENDED_DECIMALS, currency_digits, is_currency, is_or_was_currency

# CLDR has none for these, since prices there rarely show any; ISO 4217 has two, for the dinar of Iraq three.
WITHOUT_IN_CLDR = "ALL AFN IRR KPW LAK LBP MGA MMK RSD SOS SYP YER COP IDR PKR TZS UZS"


@pytest.mark.parametrize("code", WITHOUT_IN_CLDR.split())
def test_decimals_that_cldr_leaves_out_count(code: str) -> None:
    assert currency_digits(code) == 2


@pytest.mark.parametrize(
    ("code", "digits"), [("EUR", 2), ("JPY", 0), ("ISK", 0), ("HUF", 2), ("KWD", 3), ("IQD", 3), ("CLF", 4)]
)
def test_decimals_of_each_kind(code: str, digits: int) -> None:
    assert is_currency(code)
    assert currency_digits(code) == digits


@pytest.mark.parametrize("code", ["EUX", "XAU", "XXX", "XTS", "eur", "", "DEM"])
def test_what_is_no_currency_to_pay_with(code: str) -> None:
    assert not is_currency(code)


@pytest.mark.parametrize(("code", "digits"), [("BGN", 2), ("HRK", 2), ("LTL", 2), ("BYR", 0)])
def test_an_ended_currency_has_decimals_for_lines_of_the_past(code: str, digits: int) -> None:
    assert (is_currency(code), is_or_was_currency(code)) == (False, True)
    assert currency_digits(code) == digits


@pytest.mark.parametrize("code", ["EUX", "XAU", "bgn", ""])
def test_what_never_was_a_currency_to_pay_with(code: str) -> None:
    assert not is_or_was_currency(code)


def test_no_currency_has_ended_and_is_in_force() -> None:
    assert [code for code in ENDED_DECIMALS if is_currency(code)] == []
