"""Typographic quotes, dashes and ellipses in HTML text.

Markdown's extension `smarty` runs its inline parser twice, which doubles the build time; this module reads the finished
HTML once. Quotes are replaced in English text only; other languages keep the typed quotes.
"""

import re
from typing import Any, TypeVar

from members_portal.loyalty.input.schema import Record

_PIECE = re.compile(  # code, a bare link, or another tag
    r"(<(pre|code|kbd|samp|script|style)\b.*?</\2>|<a [^>]*>(?:https?://|www\.)[^<]*</a>|<[^>]*>)",
    re.DOTALL | re.IGNORECASE,
)
_SIGNS = re.compile(r"\.\.\.|---?|&quot;|[\"']")
_INLINE = ("<a ", "</a>", "<em", "</em", "<strong", "</strong", "<span", "</span", "<b>", "</b>", "<i>", "</i>")
_OPENING_AFTER = frozenset(" \t\n([{\u2014\u2013\u201c\u2018/")
_NAMES = frozenset(  # fields with identifiers, not text for readers
    {"image", "audience", "interests", "embargo", "status", "type", "state", "menu", "reply_to"}
    | {"kind", "items", "full", "print", "letters"}
    | {"key", "colour", "colour_dark", "photo", "phone", "email"}
)

Some = TypeVar("Some", bound=Record)


def typeset(html: str, language: str) -> str:
    """Replace quotes, dashes and dots in HTML text; keep tags and code unchanged."""
    english = language.partition("-")[0] == "en"
    before = " "
    pieces = _PIECE.split(html)
    for index in range(0, len(pieces), 3):
        text = pieces[index]
        if text:
            pieces[index] = _typeset_text(text, before, english)
            before = pieces[index][-1]
        if index + 1 < len(pieces):
            before = _last_character(pieces[index + 1], before)
            pieces[index + 2] = ""  # the tag's name, which re.split returns too
    return "".join(pieces)


def _last_character(tag: str, before: str) -> str:
    """Return the character before a quote that follows this tag: code counts as a word, a block as a space."""
    if tag.endswith(("</code>", "</kbd>", "</samp>")):
        return "x"
    return before if tag.startswith(_INLINE) else " "


def _typeset_text(text: str, before: str, english: bool) -> str:
    def replace(found: re.Match[str]) -> str:
        sign = found[0]
        if sign == "...":
            return "\u2026"
        if sign in {"--", "---"}:
            return "\u2013" if sign == "--" else "\u2014"
        if not english:
            return sign
        previous = text[found.start() - 1] if found.start() else before
        opening = previous in _OPENING_AFTER
        if sign == "'":
            return "\u2018" if opening else "\u2019"
        return "\u201c" if opening else "\u201d"

    return _SIGNS.sub(replace, text)


def typeset_record(record: Some, language: str) -> Some:
    """Typeset the texts of a record and of its nested records; keep identifiers unchanged."""
    english = language.partition("-")[0] == "en"

    def value(found: Any) -> Any:
        if isinstance(found, str):
            return _typeset_text(found, " ", english)
        if isinstance(found, tuple):
            return tuple(value(each) for each in found)
        return typeset_record(found, language) if isinstance(found, Record) else found

    texts = [name for name in type(record).model_fields if name not in _NAMES]
    return record.model_copy(update={name: value(getattr(record, name)) for name in texts})
