"""The markdown of an item without code and comments. A match in it has the line and column of the file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.front_matter import Document

_FENCED = r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
_INLINE = r"(?<![`\\])(?P<ticks>`+)(?!`)(?:(?!\n[ \t]*\n).){1,1000}?(?<!`)(?P=ticks)(?!`)"
_HTML = r"<(?P<name>pre|code)\b(?:(?!<(?P=name)\b).)*?</(?P=name)>"
_CODE = re.compile(rf"{_FENCED}|{_INLINE}|<!--(?:(?!<!--).)*?-->|{_HTML}", re.DOTALL | re.MULTILINE)
_INDENTED = re.compile(r"(?:\A|\n)[ \t]*\n(?:(?: {4}|\t)[^\n]*(?:\n|\Z))+")
_VISIBLE = re.compile(r"[^\n]")
_RENDERED = re.compile(r'<(pre|code|kbd|samp)\b.*?</\1>|<span class="task[ "].*?</span>', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_LOOSE = re.compile(r"[^\w\[\]{}()<>^%!~=*:#+$]+")


@dataclass(frozen=True)
class SourceText:
    """The text of an item as its editor wrote it, beside the HTML that it became."""

    document: Document
    html: str

    @cached_property
    def text(self) -> str:
        """The markdown with code and comments as spaces, so that each place stays the same."""
        text = self.document.body
        if "`" in text or "<" in text or "~~~" in text:
            text = _CODE.sub(_blank, text)
        return _INDENTED.sub(_blank, text) if "<pre" in self.html else text

    @cached_property
    def shown(self) -> str:
        """The text of the HTML without code and the boxes of task lists, in loose form."""
        return _loose(unescape(_TAG.sub("", _RENDERED.sub("", self.html))))

    def shows(self, written: str) -> bool:
        """Tell whether readers see a piece of markdown as it was written."""
        return _loose(written) in self.shown

    def find(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Yield the matches of a pattern outside code, without those after a backslash."""
        return (found for found in pattern.finditer(self.text) if self.text[found.start() - 1 : found.start()] != "\\")

    def warning(self, at: int, what: str, expected: str = "", hint: str = "") -> Problem:
        """Return a warning at an index of the text."""
        line, column = self.document.body_line + self.text.count("\n", 0, at), at - self.text.rfind("\n", 0, at)
        return Problem(self.document.file, line, column, what, expected, hint).as_warning()


def _blank(found: re.Match[str]) -> str:
    return _VISIBLE.sub(" ", found[0])


def _loose(text: str) -> str:
    """Return the letters, digits and signs of markdown: quotes, dashes and spaces differ between text and HTML."""
    return _LOOSE.sub("", text)
