"""Combining marks: words with a mark that no precomposed letter has, set in a typeface that places marks.

The theme's typefaces put the accent of the Yoruba letter ọ́ beside it. Such a word gets the class `marked`, for which
the style sheet names another typeface.
"""

import re
import unicodedata

COMBINING = "\u0300-\u036f"  # combining diacritical marks (Unicode block)
MARKED_WORD = re.compile(rf"\w+[{COMBINING}][\w{COMBINING}]*")
PARTS = re.compile(r"(<(?:style|title|svg)\b.*?</(?:style|title|svg)>|<[^>]*>)", re.DOTALL | re.IGNORECASE)
ANY_MARK = re.compile(rf"[{COMBINING}]")


def set_marks(html: str) -> str:
    """Return a document with its marked words in elements of the class `marked`; letters are composed first."""
    if not ANY_MARK.search(html):
        return html
    parts = PARTS.split(html)
    return "".join(part if place % 2 else _text(part) for place, part in enumerate(parts))


def _text(text: str) -> str:
    return MARKED_WORD.sub(r'<span class="marked">\g<0></span>', unicodedata.normalize("NFC", text))
