"""Search words: a name as it is searched, without accents and capitals. The twin of desk-search.js."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h"}
)
_APOSTROPHES = re.compile("['\N{RIGHT SINGLE QUOTATION MARK}\N{MODIFIER LETTER APOSTROPHE}`]")
_BETWEEN = re.compile(r"[^\w]+|_+")


def folded_name(text: str) -> str:
    """Return a text without accents, capitals, apostrophes and signs, with single spaces between its words."""
    plain = unicodedata.normalize("NFKD", text.lower()).lower().translate(_LETTERS)
    bare = "".join(letter for letter in plain if not unicodedata.category(letter).startswith("M"))
    return _BETWEEN.sub(" ", _APOSTROPHES.sub("", bare)).strip()


def initials_of(texts: Iterable[str]) -> set[str]:
    """Return the first letters of all words of some texts: an entry is in the bucket of each."""
    return {word[0] for text in texts for word in folded_name(text).split()}
