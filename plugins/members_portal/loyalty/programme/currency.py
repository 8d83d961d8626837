"""Currencies of ISO 4217, and the decimals of each.

The decimals are those of the standard, not of CLDR: CLDR leaves out the decimals of RSD, IQD and others, which few
shops print but every ledger holds.

Currencies that have ended are in no list of the library, but lines of the past keep them. ENDED_DECIMALS has those that
ended since 2006, with their decimals (ISO 4217, List Three: codes for historic denominations).
"""

from collections.abc import Mapping
from functools import cache

from iso4217 import raw_table

_TWO = "ANG AZM BGN CSD CUC CYP EEK GHC HRK LTL LVL MRO MTL MZM SDD SIT SKK SLL STD TMM VEB VEF ZMK ZWD ZWL ZWN ZWR"
ENDED_DECIMALS: Mapping[str, int] = dict.fromkeys(_TWO.split(), 2) | {"BYR": 0}


def is_currency(code: str) -> bool:
    """Return whether a code names a currency of ISO 4217 that is paid with: it has decimals, which gold has not."""
    return _decimals(code).isdigit()


def is_or_was_currency(code: str) -> bool:
    """Return whether a code names a currency of ISO 4217, or one that has ended."""
    return is_currency(code) or code in ENDED_DECIMALS


@cache
def currency_digits(code: str) -> int:
    """Return the decimals of a currency of ISO 4217: 2 for EUR, 0 for JPY, 3 for KWD; also of one that has ended."""
    return int(_decimals(code)) if is_currency(code) else ENDED_DECIMALS[code]


def _decimals(code: str) -> str:
    return str(raw_table.get(code, {}).get("CcyMnrUnts"))
