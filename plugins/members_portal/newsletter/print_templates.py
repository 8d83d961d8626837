"""The theme's print templates, rendered.

Personal text goes into values: `{{ value(text, "name") }}` in a template renders a block of one line, and the style
sheet fixes its frame. So a page is laid out once with open values, and the values of each member are set into it later.
Two members share a *side* of a sheet when its HTML is equal except for the values. The picture of a QR code is open in
the same way: `{{ qr(kind, text) }}` renders a placeholder as the address of the picture.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from members_portal.newsletter.issue import House, Issue, Sheet
from members_portal.newsletter.post.address_window import DIN_5008_B, Window
from members_portal.newsletter.press.run_summary import Summary
from members_portal.newsletter.web_address import set_addresses

SIDES = ("cover", "overleaf")  # the sides of a sheet; each is a template and a page
VALUE_PLACEHOLDER = "x"  # the text of an open value
HOLE = "\0"  # the place of the sheets in the HTML of a document
OPEN_VALUE = re.compile(r'(<div class="value ([^"]*)" data-value=")([0-9]+)(">)x(?=</div>)')


QrText = tuple[str, str]  # the kind of a QR code, which is a key of `QR_TEXTS`, and its text
QR_TEXTS: Mapping[str, Callable[[Sheet], Iterable[str]]] = {
    "sign-in": lambda sheet: [sheet.sign_in] if sheet.sign_in else [],
    "coupon": lambda sheet: [coupon.code for coupon in sheet.coupons_overleaf if coupon.code],
}


@dataclass(frozen=True)
class Side:
    """The HTML of one side of a sheet with open values and QR codes; the values and the codes in document order."""

    html: str
    values: tuple[str, ...]
    codes: tuple[QrText, ...] = ()


@dataclass(frozen=True)
class Shell:
    """The HTML of a document before and after its sheets."""

    before: str
    after: str

    def around(self, sides: Iterable[str]) -> str:
        """Return a whole document with these sides."""
        return "".join((self.before, *sides, self.after))


class PrintTemplates:
    """Renders the print templates of one theme for one house."""

    def __init__(
        self,
        folder: Path,
        house: House,
        filters: Mapping[str, Callable[..., Any]],
        window: Window = DIN_5008_B,
        codes: BytecodeCache | None = None,
    ) -> None:
        """`window` is the envelope's address window; it also names the paper size. `codes` keeps compiled templates."""
        self.env = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            bytecode_cache=codes,
        )
        self.env.filters |= filters
        self.env.globals |= {"house": house, "window": window, "paper": window.paper}
        self.house = house

    def editions(self, issue: Issue) -> tuple[str, ...]:
        """Return two variants of an issue's pages as documents: without and with a page for notes."""
        return tuple(self._document(issue, sheets=(), pages=True, tight=tight) for tight in (True, False))

    def shell(self, issue: Issue, *, pages: bool = False, tight: bool = False) -> Shell:
        """Return the document around sheets; with `pages`, the issue's pages follow, as in a whole letter."""
        whole = self._document(issue, (Markup(HOLE),), pages, tight=tight)  # noqa: S704 - a constant
        return Shell(*whole.split(HOLE))

    def _document(self, issue: Issue, sheets: Sequence[Markup], pages: bool, *, tight: bool = False) -> str:
        template = self.env.get_template("newsletter.html")
        return set_addresses(template.render(issue=issue, sheets=sheets, pages=pages, tight=tight))

    def summary(self, summary: Summary) -> str:
        """Return the summary of a print run, the page to sign, as HTML."""
        return self.env.get_template("summary.html").render(summary=summary)

    def sides(self, sheet: Sheet, issue: Issue, placeholders: Mapping[str, str]) -> tuple[Side, ...]:
        """Return the sides of a member's sheet with open values; `placeholders` are pictures by the kind of QR code."""
        return tuple(self._side(name, sheet, issue, placeholders) for name in SIDES)

    def _side(self, name: str, sheet: Sheet, issue: Issue, placeholders: Mapping[str, str]) -> Side:
        values: list[str] = []
        codes: list[QrText] = []

        def leave_open(text: object, name: str = "") -> Markup:
            values.append(" ".join(str(text).split()))
            return Markup(f'<div class="value {name}" data-value="{len(values) - 1}">{VALUE_PLACEHOLDER}</div>')  # noqa: S704

        def open_code(kind: str, text: str) -> str:
            codes.append((kind, text))
            return placeholders[kind]

        template = self.env.get_template(f"{name}.html")
        html = template.render(issue=issue, sheet=sheet, qr=open_code, value=leave_open)
        return Side(set_addresses(html), tuple(values), tuple(codes))


def filled(html: str, values: Sequence[str], placeholders: Collection[str], pictures: Iterable[str]) -> str:
    """Return one side of a sheet with its values and the pictures of its QR codes, in document order."""
    open_values = _pictured(html, placeholders, iter(pictures))  # before the values: they may contain a placeholder
    return OPEN_VALUE.sub(lambda found: f"{found[1]}{found[3]}{found[4]}{escape(values[int(found[3])])}", open_values)


def _pictured(html: str, placeholders: Collection[str], pictures: Iterator[str]) -> str:
    if not placeholders:
        return html
    return re.sub("|".join(map(re.escape, placeholders)), lambda _: next(pictures), html)


def specimens(sides: Iterable[str], characters: str) -> Iterator[str]:
    """Yield sides until each kind of value has shown the characters once."""
    shown: set[str] = set()

    def show(found: re.Match[str]) -> str:
        if found[2] in shown:
            return f"{found[1]}{found[4]}{VALUE_PLACEHOLDER}"
        shown.add(found[2])
        return f"{found[1]}{found[4]}{escape(characters)}"

    for side in sides:
        if {kind for _, kind, _, _ in OPEN_VALUE.findall(side)} - shown:
            yield OPEN_VALUE.sub(show, side)
