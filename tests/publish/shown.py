"""Texts of a fragment of HTML by element and class."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"img", "br", "rect", "path", "circle", "line", "input", "hr", "meta", "link", "wbr"}


@dataclass
class Part:
    """An element: tag, attributes, texts and child elements."""

    tag: str
    attributes: dict[str, str | None] = field(default_factory=dict)
    inside: list[Part | str] = field(default_factory=list)

    def all(self, tag: str, of_class: str = "") -> list[Part]:
        """Return the descendants with a tag and a class."""
        found: list[Part] = []
        for part in self.inside:
            if isinstance(part, Part):
                classes = (part.attributes.get("class") or "").split(" ")
                found += [part] if part.tag == tag and (not of_class or of_class in classes) else []
                found += part.all(tag, of_class)
        return found

    def one(self, tag: str, of_class: str = "") -> Part:
        """Return the only such element; fail for none or several."""
        (found,) = self.all(tag, of_class)
        return found

    @property
    def text(self) -> str:
        """The text with single spaces."""
        return re.sub(r"[ \n]+", " ", "".join(self._words())).strip(" ")

    def _words(self) -> list[str]:
        return [word for part in self.inside for word in (part._words() if isinstance(part, Part) else [part])]

    @property
    def days(self) -> list[str | None]:
        """The dates of `time` elements, as YYYY-MM-DD."""
        return [part.attributes.get("datetime") for part in self.all("time")]

    def terms(self) -> dict[str, str]:
        """Return the definitions of all definition lists below, by term."""
        pairs = [(part.one("dt").text, part.one("dd").text) for part in self.all("div") if part.inside_is("dt")]
        return dict(pairs)

    def inside_is(self, tag: str) -> bool:
        return any(isinstance(part, Part) and part.tag == tag for part in self.inside)


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Part("")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        part = Part(tag, dict(attrs))
        self.open[-1].inside.append(part)
        if tag not in VOID:
            self.open.append(part)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Part(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop().tag == tag, tag

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read_html(html: str) -> Part:
    """Parse a fragment with closed elements only."""
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert len(builder.open) == 1, builder.open[-1].tag
    return builder.open[0]
