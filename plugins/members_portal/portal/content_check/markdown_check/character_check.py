"""Character check: characters that an editor does not see, damaged text, and values with markup or curly quotes.

The marks of a merge that was not finished are an error: both versions would be published.
"""

import re
from collections.abc import Iterator
from typing import Any

from members_portal.loyalty.input.located_yaml import MERGE_MARK, UNMERGED, Path_
from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.front_matter import Document
from members_portal.portal.content_check.markdown_check.source_text import SourceText

SENTENCE_KEYS = frozenset(
    {"image_alt", "measure", "place", "preheader", "said", "subject", "summary", "target", "teaser", "title"}
)  # their texts may hold a number sign
QUOTED_KEYS = frozenset({"said", "text", "greeting", "note"})  # words of a person
_HIDDEN = (  # not the joiners of some scripts
    "\x00-\x08\x0b-\x1f\x7f-\x9f\u115f\u1160\u180e\u200b\u2028\u2029\u202a-\u202e\u2060\u3164\ufeff\uffa0\ufffc"
)
_TAG = (
    r"(?<![\U0001f3f4\U000e0020-\U000e007e])[\U000e0000-\U000e007f]"  # not in the flags of countries: \U0001f3f4 first
)
_ODD = re.compile(
    rf"(?P<hidden>[{_HIDDEN}]|{_TAG})|(?P<lost>\ufffd)"
    r"|(?P<twice>\u00c3[\u0080-\u00bf]|\u00e2\u20ac[\u2122\u0153\u201c\u201d\u02dc\u00a6]|\u00c2[\u00a0-\u00bf])"
)
_SUSPECT = re.compile(rf"[{_HIDDEN}\U000e0000-\U000e007f\ufffd\u00c2\u00c3\u00e2]")  # a match of _ODD begins with one
_MARKUP = re.compile(
    r"\*\*[^*\s][^*]{0,300}\*\*|\[[^\]]{1,300}\]\([^)]{1,300}\)"
    r"|</?[a-z][a-z0-9]*(?: [^<>]{0,300})?/?>|&(?:[a-z]{2,9}|#[0-9]{1,6});"
)
_CURLY = re.compile(
    r"[\u201c\u201d\u201e\u00ab]([^\u201c\u201d\u201e\u00ab\u00bb]*)[\u201c\u201d\u00bb]|\u2018([^\u2018\u2019]*)\u2019"
)


def character_problems(source: SourceText) -> Iterator[Problem]:
    """Yield a warning for each odd character of a text and its front matter, and an error for each mark of a merge."""
    document = source.document
    has_mark = "<<<<<<<" in document.body or ">>>>>>>" in document.body
    for found in source.find(MERGE_MARK) if has_mark else ():
        yield source.error(found.start(), *UNMERGED)
    for found in _ODD.finditer(document.body) if _SUSPECT.search(document.body) else ():
        yield source.warning(found.start(), *_explained(found))
    yield from _comment_problems(document)
    for path, value in _texts(document.front.value, ()):
        yield from _value_problems(document, path, value)


def _comment_problems(document: Document) -> Iterator[Problem]:
    """Find sentences of front matter that end before ` # `, which YAML reads as a comment."""
    for path, comment in document.front.comments.items():
        if not SENTENCE_KEYS.isdisjoint(path[:1]):
            what = f"the text ends before `{comment:.20}`: YAML reads that as a comment"
            yield document.front.problem(path, what, "the text in quotes").as_warning()


def _value_problems(document: Document, path: Path_, value: str) -> Iterator[Problem]:
    if markup := _MARKUP.search(value):
        what = f"`{markup[0]:.40}`: markup in front matter is shown as text"
        yield document.front.problem(path, what, "plain text").as_warning()
    if found := _ODD.search(value):
        yield document.front.problem(path, *_explained(found)).as_warning()
    elif QUOTED_KEYS.isdisjoint(path[-1:]) and _CURLY.fullmatch(value):
        yield document.front.problem(
            path, f"the quotes of `{value:.40}` are part of the text", 'none, or "'
        ).as_warning()


def _explained(found: re.Match[str]) -> tuple[str, str]:
    if found["hidden"]:
        return f"holds the invisible character U+{ord(found[0]):04X}", "text"
    if found["lost"]:
        return "a character is lost (U+FFFD)", "the character itself, in a file saved as UTF-8"
    return f"`{found[0].strip()}` looks like text that was saved in two encodings", "a file saved as UTF-8 once"


def _texts(value: Any, path: Path_) -> Iterator[tuple[Path_, str]]:
    """Yield all texts of a YAML tree with their paths."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(each, (*path, key))
