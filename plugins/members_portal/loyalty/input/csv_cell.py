"""CSV cells for spreadsheets: the one guard against formulas.

A spreadsheet evaluates a text cell that begins with one of FORMULA_STARTS. The guard puts an apostrophe in front of it
(OWASP, "CSV Injection"). A text that begins with an apostrophe gets a second one, so `unguarded` restores any text.
"""

from typing import TypeVar

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"

Value = TypeVar("Value")


def guarded(value: Value) -> Value | str:
    """Return a cell that no spreadsheet evaluates as a formula; a value that is not text is returned unchanged."""
    return GUARD + value if isinstance(value, str) and value.startswith((*FORMULA_STARTS, GUARD)) else value


def unguarded(cell: str) -> str:
    """Return the text of a guarded cell."""
    return cell.removeprefix(GUARD)
