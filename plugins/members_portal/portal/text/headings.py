"""The table of contents of a text, for `Contents: true`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.library import Library

_HEADING = re.compile(r'<h([23])((?: [a-z-]+="[^"]*")*)>(.*?)</h\1>', re.DOTALL)
_ID = re.compile(r' id="([^"]*)"')
_NOTE = re.compile(r"<sup\b.*?</sup>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Heading:
    """A heading of the second level, or of the third below it."""

    id: str
    text: str
    below: tuple["Heading", ...] = ()


def table_of_contents(html: str) -> list[Heading]:
    """Return the headings of a text: those of the second level, each with those of the third below it."""
    found: list[Heading] = []
    for level, heading in _headings(html):
        if level == "3" and found:
            found[-1] = Heading(found[-1].id, found[-1].text, (*found[-1].below, heading))
        else:
            found.append(heading)
    return found


def _headings(html: str) -> Iterator[tuple[str, Heading]]:
    for level, attributes, inner in _HEADING.findall(html):
        if named := _ID.search(attributes):
            text = unescape(_TAG.sub("", _NOTE.sub("", inner)))
            yield level, Heading(unescape(named[1]), " ".join(text.split()))


def heading_problems(library: Library) -> Iterator[Problem]:
    """Yield a warning for each `Contents: true` in a text without headings."""
    expected = "a text with headings: `## A heading`"
    for path, item in library.items.items():
        if item.front.contents and not table_of_contents(item.html):
            front = library.documents[path].front
            yield front.problem(("contents",), "nothing to list", expected, key=True).as_warning()
