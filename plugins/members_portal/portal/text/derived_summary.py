"""The summary of an item without `Summary:`: the beginning of its text."""

import re
from html import unescape

LONGEST_SUMMARY = 180  # characters: two lines of a list
CUT_SIGN = "…"

_NOT_TEXT = re.compile(
    r'<(pre|table|figure|blockquote|video|audio|ul|ol|dl)\b.*?</\1>|<div class="admonition.*?</div>|<sup\b.*?</sup>',
    re.DOTALL,
)
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def derive_summary(html: str) -> str:
    """Return the first paragraph of a text, cut at a word; without a paragraph, the beginning of all its words."""
    paragraphs = (_words(found) for found in _PARAGRAPH.findall(_NOT_TEXT.sub("", html)))
    return _cut(next(filter(None, paragraphs), "") or _words(html))


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" " if "<li" in html or "<t" in html else "", html.replace("<br>", " "))).split())


def _cut(text: str) -> str:
    if len(text) <= LONGEST_SUMMARY:
        return text
    beginning = text[: LONGEST_SUMMARY - len(CUT_SIGN) + 1]
    whole = beginning.rpartition(" ")[0] or beginning[:-1]  # scripts without spaces are cut anywhere
    return whole.rstrip(" ,;:.–—-") + CUT_SIGN
