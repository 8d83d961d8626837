"""CSV cells for spreadsheets: the one guard against formulas.

A spreadsheet evaluates a text cell that begins with one of FORMULA_STARTS. The guard puts an apostrophe in front of it
(OWASP, "CSV Injection"). A text that begins with an apostrophe gets a second one, so `unguarded` restores any text.

A spreadsheet keeps the zeros of a number in a formula that is only a text: `="0012"`. `stated_text` reads it.
"""

from typing import TypeVar

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
GUARD = "'"
TEXT_START, TEXT_END = '="', '"'

Value = TypeVar("Value")


def guarded(value: Value) -> Value | str:
    """Return a cell that no spreadsheet evaluates as a formula; a value that is not text is returned unchanged."""
    return GUARD + value if isinstance(value, str) and value.startswith((*FORMULA_STARTS, GUARD)) else value


def unguarded(cell: str) -> str:
    """Return the text of a guarded cell."""
    return cell.removeprefix(GUARD)


def stated_text(cell: str) -> str:
    """Return the text of a formula that is only a text, such as `="0012"`; any other cell unchanged."""
    is_text = cell.startswith(TEXT_START) and cell.endswith(TEXT_END) and len(cell) > len(TEXT_START + TEXT_END)
    return cell[len(TEXT_START) : -len(TEXT_END)] if is_text else cell


def stated_text_sql(column: str) -> str:
    """Return the SQL for `stated_text`."""
    return f"regexp_replace({column}, '^=\"(.+)\"$', '\\1', 's')"
