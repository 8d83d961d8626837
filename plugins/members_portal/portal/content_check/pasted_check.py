"""Pasted check: front matter of another item in the text of an item."""

import re
from collections.abc import Iterator

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.library import Library
from members_portal.portal.content_check.markdown_check.source_text import SourceText

_BLOCK = re.compile(r"^---[ \t]*\n(?P<lines>(?:(?!---)[^\n]+\n){1,50})(?=---[ \t]*$)", re.MULTILINE)
_KEY = re.compile(r"^(?:title|audience|publish)[ \t]*:", re.MULTILINE | re.IGNORECASE)
_OTHER = re.compile(r"^(?![ \t]|- |#|[a-z][\w -]*:(?: |$))", re.MULTILINE | re.IGNORECASE)  # no line of front matter


def pasted_problems(library: Library) -> Iterator[Problem]:
    """Yield the place of each second front matter block in a text."""
    for path, document in library.documents.items():
        if "---" in document.body and _KEY.search(document.body):
            yield from _front_matter(SourceText(document, library.bodies[path].html))


def _front_matter(source: SourceText) -> Iterator[Problem]:
    for block in source.find(_BLOCK):
        lines = block["lines"].removesuffix("\n")
        if _KEY.search(lines) and not _OTHER.search(lines):
            yield source.error(block.start(), "a second front matter block", "one item per file")
