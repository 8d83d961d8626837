"""The stationery: the theme's print templates, filled.

A letter's personal words stand in values: `{{ value(text, "name") }}` in a template makes a block of one line, whose
frame the style sheet fixes. So a page can be laid out once with its values left open, and the words of each member be
set into it; two sheets whose HTML is equal but for their values have the same *shape*.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from plugins.newsletter.issue import House, Issue, Sheet

PLACEHOLDER = "x"  # what stands in a value that is left open


@dataclass(frozen=True)
class Shaped:
    """A sheet's HTML with its values left open, and the values in the order in which they stand there."""

    html: str
    values: tuple[str, ...]


class Stationery:
    """Renders the templates of one theme for one house."""

    def __init__(self, folder: Path, house: House, filters: Mapping[str, Callable[..., Any]]) -> None:
        self.env = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.filters |= filters
        self.house = house

    def document(self, issue: Issue, sheets: Sequence[str] = (), *, pages: bool = True, more: str = "") -> str:
        """Return a whole HTML document: these sheets (HTML), then the issue's own pages."""
        marked = [Markup(sheet) for sheet in sheets]  # noqa: S704 - rendered by `sheet` or `shape`
        return self.env.get_template("newsletter.html").render(
            house=self.house, issue=issue, sheets=marked, pages=pages, more=Markup(more)  # noqa: S704
        )

    def sheet(self, sheet: Sheet, issue: Issue, qr: str) -> str:
        """Return a member's sheet as HTML; `qr` is the address of the picture of its QR code."""
        return self._sheet(sheet, issue, qr, lambda text, name="": _value(text, name))

    def shape(self, sheet: Sheet, issue: Issue, qr: str) -> Shaped:
        """Return a member's sheet with its values left open; `qr` stands for every member's QR code."""
        values: list[str] = []

        def leave_open(text: object, name: str = "") -> Markup:
            values.append(" ".join(str(text).split()))
            return _value(PLACEHOLDER, name, len(values) - 1)

        html = self._sheet(sheet, issue, qr, leave_open)
        return Shaped(html, tuple(values))

    def specimen(self, sheet: Sheet, issue: Issue, qr: str, text: str) -> str:
        """Return a sheet in which the first value of each name is a text that holds every letter in use."""
        seen: set[str] = set()

        def show_letters(_text: object, name: str = "") -> Markup:
            words = PLACEHOLDER if name in seen else text
            seen.add(name)
            return _value(words, name)

        return self._sheet(sheet, issue, qr, show_letters)

    def _sheet(self, sheet: Sheet, issue: Issue, qr: str, value: Callable[..., Markup]) -> str:
        template = self.env.get_template("sheet.html")
        return template.render(house=self.house, issue=issue, sheet=sheet, qr=qr, value=value)


def _value(text: object, name: str, number: int | str = "") -> Markup:
    words = " ".join(str(text).split())
    return Markup('<div class="value {}" data-value="{}">{}</div>').format(name, number, words)
