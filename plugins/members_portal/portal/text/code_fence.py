"""Code fences as CommonMark has them: behind the language a fence may state more, such as a file name.

Python-Markdown takes a fence for text when it states anything but a language, attributes in braces or `hl_lines`. All
text behind such a fence would then be code, and all code text.
"""

from __future__ import annotations

import re

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

BEFORE_FENCES = 26  # priority: Python-Markdown's own preprocessor of fences has 25
_OPENING = re.compile(r"(?P<fence>`{3,}(?=[^`]*$)|~{3,})[ ]*(?P<language>\.?[\w#.+-]*)(?P<more>.*)$")
_KNOWN = re.compile(r"[ ]*(?:hl_lines=(?P<quote>[\"']).*?(?P=quote)[ ]*)?$")


class CodeFences(Extension):
    """Lets Python-Markdown read fences that state more than a language."""

    def extendMarkdown(self, md: Markdown) -> None:
        """Register the preprocessor."""
        md.preprocessors.register(_FenceReader(md), "fences that state more", BEFORE_FENCES)


class _FenceReader(Preprocessor):
    """Leaves the language alone on fences that Python-Markdown would take for text."""

    def run(self, lines: list[str]) -> list[str]:
        found, closing = [], None
        for line in lines:
            opening = None if closing else _OPENING.match(line)
            if closing and closing.match(line):
                closing = None
            elif opening:
                closing = re.compile(rf"{opening['fence']}[ ]*$")
                line = _known(opening)
            found.append(line)
        return found


def _known(opening: re.Match[str]) -> str:
    """Return an opening fence as Python-Markdown knows it."""
    is_known = opening["more"].lstrip().startswith("{") and opening["more"].rstrip().endswith("}")
    if (is_known and not opening["language"]) or _KNOWN.match(opening["more"]):
        return opening[0]
    is_language = not opening["more"].startswith("=")
    return f"{opening['fence']}{opening['language'] if is_language else ''}"
