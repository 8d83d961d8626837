"""Currencies of ISO 4217, and the decimals of each.

The decimals are those of the standard, not of CLDR: CLDR leaves out the decimals of RSD, IQD and others, which few
shops print but every ledger holds.
"""

from functools import cache

from iso4217 import raw_table


def is_currency(code: str) -> bool:
    """Return whether a code names a currency of ISO 4217 that is paid with: it has decimals, which gold has not."""
    return _decimals(code).isdigit()


@cache
def currency_digits(code: str) -> int:
    """Return the decimals of a currency of ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD."""
    return int(_decimals(code))


def _decimals(code: str) -> str:
    return str(raw_table.get(code, {}).get("CcyMnrUnts"))
