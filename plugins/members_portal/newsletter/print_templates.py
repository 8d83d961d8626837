"""The templates: the theme's print templates, filled.

A letter's personal words stand in values: `{{ value(text, "name") }}` in a template makes a block of one line, whose
frame the style sheet fixes. So a page can be laid out once with its values left open, and the words of each member be
set into it. Two members have the same *side* of a sheet when its HTML is equal but for their values.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from members_portal.newsletter.issue import House, Issue, Sheet
from members_portal.newsletter.post.address_window import DIN_5008_B, Window
from members_portal.newsletter.press.run_summary import Summary

SIDES = ("cover", "overleaf")  # of a sheet: each a template, and a page
PLACEHOLDER = "x"  # what stands in a value that is left open
HOLE = "\0"  # stands for the sheets in the HTML of a document
OPEN_VALUE = re.compile(r'(<div class="value ([^"]*)" data-value=")([0-9]+)(">)x(?=</div>)')


@dataclass(frozen=True)
class Side:
    """The HTML of one side of a sheet with its values left open, and the values in the order in which they stand."""

    html: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Shell:
    """The HTML of a document around its sheets."""

    before: str
    after: str

    def around(self, sides: Iterable[str]) -> str:
        """Return a whole document."""
        return "".join((self.before, *sides, self.after))


class PrintTemplates:
    """Renders the templates of one theme for one house."""

    def __init__(
        self, folder: Path, house: House, filters: Mapping[str, Callable[..., Any]], window: Window = DIN_5008_B
    ) -> None:
        """`window` is that of the envelope, and says on which paper it is all printed."""
        self.env = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.filters |= filters
        self.env.globals |= {"house": house, "window": window, "paper": window.paper}
        self.house = house

    def editions(self, issue: Issue) -> tuple[str, ...]:
        """Return an issue's own pages as a document: on as few pages as they take, and with one for notes."""
        return tuple(self._document(issue, sheets=(), pages=True, tight=tight) for tight in (True, False))

    def shell(self, issue: Issue, *, pages: bool = False, tight: bool = False) -> Shell:
        """Return what stands around sheets; with `pages`, the issue's own follow, as in a whole letter."""
        whole = self._document(issue, (Markup(HOLE),), pages, tight=tight)  # noqa: S704 - no words of anybody
        return Shell(*whole.split(HOLE))

    def _document(self, issue: Issue, sheets: Sequence[Markup], pages: bool, *, tight: bool = False) -> str:
        template = self.env.get_template("newsletter.html")
        return template.render(issue=issue, sheets=sheets, pages=pages, tight=tight)

    def summary(self, summary: Summary) -> str:
        """Return the page that a person signs before a run is printed."""
        return self.env.get_template("summary.html").render(summary=summary)

    def sides(self, sheet: Sheet, issue: Issue, qr: str) -> tuple[Side, ...]:
        """Return a member's sheet with its values left open; the picture `qr` stands for every member's QR code."""
        return tuple(self._side(name, sheet, issue, qr) for name in SIDES)

    def _side(self, name: str, sheet: Sheet, issue: Issue, qr: str) -> Side:
        values: list[str] = []

        def leave_open(text: object, name: str = "") -> Markup:
            values.append(" ".join(str(text).split()))
            return Markup(f'<div class="value {name}" data-value="{len(values) - 1}">{PLACEHOLDER}</div>')  # noqa: S704

        template = self.env.get_template(f"{name}.html")
        return Side(template.render(issue=issue, sheet=sheet, qr=qr, value=leave_open), tuple(values))


def filled(html: str, values: Sequence[str], placeholder: str, picture: str) -> str:
    """Put words, and the picture of a QR code, into one side of a sheet."""
    open_values = html.replace(placeholder, picture)  # first, since words may say anything
    return OPEN_VALUE.sub(lambda found: f"{found[1]}{found[3]}{found[4]}{escape(values[int(found[3])])}", open_values)


def specimens(sides: Iterable[str], letters: str) -> Iterator[str]:
    """Return as many sides as it takes to show a text of all letters once in each kind of value."""
    shown: set[str] = set()

    def show(found: re.Match[str]) -> str:
        if found[2] in shown:
            return f"{found[1]}{found[4]}{PLACEHOLDER}"
        shown.add(found[2])
        return f"{found[1]}{found[4]}{escape(letters)}"

    for side in sides:
        if {kind for _, kind, _, _ in OPEN_VALUE.findall(side)} - shown:
            yield OPEN_VALUE.sub(show, side)
