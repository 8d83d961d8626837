"""The summary of an item without `Summary:`: the beginning of its text, without salutation, notes and struck words."""

import re
from html import unescape

from members_portal.plain_words import is_salutation, lowered, raised

LONGEST_SUMMARY = 180  # characters: two lines of a list
CUT_SIGN = "…"

_LEFT_OUT = re.compile(r'<sup id="fnref.*?</sup>|<div class="footnote".*?</div>|\s*<(del|s)\b.*?</\1>', re.DOTALL)
_NOT_TEXT = re.compile(
    r'<(pre|table|figure|blockquote|video|audio|ul|ol|dl)\b.*?</\1>|<div class="admonition.*?</div>', re.DOTALL
)
_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
_SHIFTED = re.compile(r"<(sup|sub)\b[^>]*>(.*?)</\1>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def derive_summary(html: str) -> str:
    """Return the first paragraph of a text, cut at a word; without a paragraph, the beginning of all its words."""
    html = _SHIFTED.sub(_as_characters, _LEFT_OUT.sub("", html))
    paragraphs = list(filter(None, map(_words, _PARAGRAPH.findall(_NOT_TEXT.sub("", html)))))
    salutation = paragraphs.pop(0) if paragraphs and is_salutation(paragraphs[0]) else ""
    return _cut(next(iter(paragraphs), "") or _words(html).removeprefix(salutation).strip() or salutation)


def _as_characters(shifted: re.Match[str]) -> str:
    words = _TAG.sub("", shifted[2])
    return raised(words) if shifted[1] == "sup" else lowered(words)


def _words(html: str) -> str:
    return " ".join(unescape(_TAG.sub(" " if "<li" in html or "<t" in html else "", html.replace("<br>", " "))).split())


def _cut(text: str) -> str:
    if len(text) <= LONGEST_SUMMARY:
        return text
    beginning = text[: LONGEST_SUMMARY - len(CUT_SIGN) + 1]
    whole = beginning.rpartition(" ")[0] or beginning[:-1]  # scripts without spaces are cut anywhere
    return whole.rstrip(" ,;:.–—-") + CUT_SIGN
