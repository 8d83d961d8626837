"""HTML check: HTML in a text that browsers repair or drop: unclosed elements, stray ends, cells outside of tables."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.markup import ALLOWED_ELEMENTS
from members_portal.portal.content_check.markdown_check.source_text import SourceText

VOID = frozenset({"br", "col", "hr", "img", "source", "track", "wbr"})
SELF_CLOSED = frozenset("p li dt dd td th tr thead tbody tfoot colgroup rp rt".split())  # HTML lets their end out
TABLE_PARTS = frozenset({"caption", "col", "colgroup", "tbody", "td", "tfoot", "th", "thead", "tr"})
_ELEMENT = re.compile(r"<(/?)([a-z][a-z0-9]*)(?![a-z0-9:@.])[^<>]{0,2000}?(/?)>", re.IGNORECASE)
HtmlFault = tuple[int, str, str]  # index, problem, expected


def html_problems(source: SourceText) -> Iterator[Problem]:
    """Yield a warning for each piece of HTML that browsers repair or drop."""
    if "<" in source.text:
        for at, what, expected in sorted(_OpenElements().read(source)):
            yield source.warning(at, what, expected)


@dataclass
class _OpenElements:
    """The open elements of a text, outermost first: name and index."""

    open: list[tuple[str, int]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def read(self, source: SourceText) -> Iterator[HtmlFault]:
        """Yield the problems of the HTML elements of a text."""
        for found in source.find(_ELEMENT):
            is_end, name, is_empty = found[1], found[2].lower(), found[3]
            if name not in ALLOWED_ELEMENTS:
                continue
            if is_end:
                yield from self._end(name, found.start())
            elif is_empty and name not in VOID:
                yield found.start(), f"`<{name}/>` doesn't close the element", f"`<{name}></{name}>`"
            else:
                yield from self._start(name, found.start())
        yield from self._leave(0)

    def _start(self, name: str, at: int) -> Iterator[HtmlFault]:
        if name in TABLE_PARTS and not self.counts["table"]:
            yield at, f"`<{name}>` outside of a table isn't published", "a `<table>` around it"
        if name == "a" and self.counts["a"]:
            yield at, "a link inside a link", "`</a>` before it"
        if name not in VOID:
            self.open.append((name, at))
            self.counts[name] += 1

    def _end(self, name: str, at: int) -> Iterator[HtmlFault]:
        if not self.counts[name]:
            yield at, f"`</{name}>` closes nothing", f"`<{name}>` before it"
            return
        depth = max(depth for depth, (each, _) in enumerate(self.open) if each == name)
        yield from self._leave(depth + 1)
        self.open.pop()
        self.counts[name] -= 1

    def _leave(self, depth: int) -> Iterator[HtmlFault]:
        """Close the open elements from a depth on, and yield those that need an end."""
        for name, at in self.open[depth:]:
            self.counts[name] -= 1
            if name not in SELF_CLOSED:
                yield at, f"`<{name}>` isn't closed", f"`</{name}>`"
        del self.open[depth:]
