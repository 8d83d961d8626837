"""Checks of laid-out pages: text in a margin, and text that is printed twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from members_portal.newsletter.print_error import PrintError

if TYPE_CHECKING:
    from weasyprint import Document

ROUNDED_PIXELS = 0.5  # CSS pixels of rounding error
TEXT_SHOWN = 40  # characters of a text in a message
REPEATED = ("thead", "tfoot")  # elements printed on each page of a table


@dataclass(frozen=True)
class _Origin:
    """Where a text comes from: its file, and whether it is in a table head, which is repeated on each page."""

    file: str = ""
    repeats: bool = False

    def below(self, element: Any) -> _Origin:
        """Return the origin of texts in an element."""
        if element is None:
            return self
        return _Origin(element.get("data-file", self.file), self.repeats or element.tag in REPEATED)


def check_layout(document: Document) -> None:
    """Raise PrintError for text in the left or right margin of a page, and for text that is printed twice.

    The message names the file that the text comes from.
    """
    unprinted: dict[Any, int] = {}
    for number, page in enumerate(document.pages, 1):
        box = page._page_box
        left = box.content_box_x() - ROUNDED_PIXELS
        right = left + box.width + 2 * ROUNDED_PIXELS
        for text, origin in _texts_of_page(box):
            if text.position_x < left or text.position_x + _width(text) > right:
                raise _fault(text, origin, number, "is beyond the margin")
            if not origin.repeats and _is_printed_twice(text, unprinted):
                raise _fault(text, origin, number, "is printed twice")


def _fault(text: Any, origin: _Origin, page: int, what: str) -> PrintError:
    where = f"{origin.file}: " if origin.file else ""
    return PrintError(f"{where}page {page}: `{text.text.strip()[:TEXT_SHOWN]}` {what}")


def _texts_of_page(page: Any) -> Iterator[tuple[Any, _Origin]]:
    """Yield the text boxes of a page, without margin boxes: running heads and folios."""
    for child in page.children:
        if not hasattr(child, "at_keyword"):
            yield from _texts(child, _Origin())


def _texts(box: Any, origin: _Origin) -> Iterator[tuple[Any, _Origin]]:
    """Yield the text boxes below a box with their origins."""
    origin = origin.below(getattr(box, "element", None))
    if hasattr(box, "text"):
        if box.text.strip():
            yield box, origin
        return
    for child in getattr(box, "children", ()):
        yield from _texts(getattr(child, "_box", child), origin)


def _width(box: Any) -> float:
    """Return the width of a text box without the spaces at its end, which may hang in the margin."""
    return float(box.width * len(box.text.rstrip()) / len(box.text))


def _is_printed_twice(box: Any, unprinted: dict[Any, int]) -> bool:
    """Count a text box as printed; tell whether its element has printed more than its text."""
    element = box.element
    if element is None or box.element_tag != element.tag:  # generated text, such as the number of a list item
        return False
    left = unprinted[element] if element in unprinted else _own_length(element)
    unprinted[element] = left - _length(box.text)
    return unprinted[element] < 0


def _own_length(element: Any) -> int:
    """Return the length of an element's text without its children, in letters and digits."""
    parts = [element.text, *(child.tail for child in element)]
    return sum(max(_length(part), _length(part.upper())) for part in parts if part)  # the style sheet may set capitals


def _length(text: str) -> int:
    return sum(map(str.isalnum, text))  # line breaks change spaces and hyphens
