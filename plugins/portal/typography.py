"""Typographer's quotes, dashes and dots in HTML text.

Markdown's own `smarty` extension walks every text a second time with its inline parser, which doubles the time of a
build; here the finished HTML is read once. English quotes; languages with other quotes keep what the editor typed.
"""

import re

_PIECE = re.compile(r"(<(pre|code|kbd|samp|script|style)\b.*?</\2>|<[^>]*>)", re.DOTALL | re.IGNORECASE)
_SIGNS = re.compile(r"\.\.\.|---?|&quot;|[\"']")
_INLINE = ("<a ", "</a>", "<em", "</em", "<strong", "</strong", "<span", "</span", "<b>", "</b>", "<i>", "</i>")
_OPENING_AFTER = frozenset(" \t\n([{\u2014\u2013\u201c\u2018/")


def typeset(html: str, language: str) -> str:
    """Set quotes, dashes and dots of HTML text; tags and code stay as they are."""
    english = language.partition("-")[0] == "en"
    before = " "
    pieces = _PIECE.split(html)
    for index in range(0, len(pieces), 3):
        text = pieces[index]
        if text:
            pieces[index] = _typeset_text(text, before, english)
            before = pieces[index][-1]
        if index + 1 < len(pieces):
            before = _last_letter(pieces[index + 1], before)
            pieces[index + 2] = ""  # the tag's name, which the split gives along
    return "".join(pieces)


def _last_letter(tag: str, before: str) -> str:
    """Return what a quote after this tag stands after: code counts as a word, a block as a new line."""
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
