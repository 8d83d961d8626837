"""The one place where WeasyPrint is called: HTML in, laid-out pages and a tagged PDF (PDF/UA-1) out.

Whatever WeasyPrint merely logs (a picture that isn't there, a letter that no font has) is an error here: nobody reads
the log of a letter that is in the post.
"""

from __future__ import annotations

import atexit
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from members_portal.newsletter.post.address_window import Zone
from members_portal.newsletter.print_error import PrintError

if TYPE_CHECKING:
    from weasyprint import Document

PHOTO_DPI = 300  # what an offset press can show; what is finer is made smaller
MM = 25.4 / 96  # a CSS pixel in millimetres
LOGGERS = ("weasyprint", "fontTools")


@dataclass(frozen=True)
class Materials:
    """What a layout may read: the content folder, the theme's print folder, and font files by name."""

    content: Path
    theme: Path
    fonts: tuple[tuple[str, Path], ...]


def lay_out(html: str, materials: Materials, files: frozenset[str]) -> Document:
    """Lay out a document; raise PrintError when anything of it can't be had. `files` are content paths it may show."""
    from members_portal.newsletter.fetcher import BuildFetcher, render

    fetcher = BuildFetcher(content=materials.content, files=files, theme=materials.theme, fonts=dict(materials.fonts))
    with no_complaints():
        return render(html, fetcher, font_config=_fonts(materials))


@lru_cache(maxsize=4)
def _fonts(_materials: Materials) -> Any:
    """Keep one font configuration for each theme: reading the fonts anew costs more than a page."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


atexit.register(_fonts.cache_clear)  # or WeasyPrint's own clearing up comes too late, and complains


def write_pdf(document: Document) -> bytes:
    """Write a laid-out document as PDF/UA-1, the same bytes for the same document."""
    with no_complaints():
        data = bytes(document.write_pdf(pdf_variant="pdf/ua-1", dpi=PHOTO_DPI, optimize_images=False))
    document.url_fetcher.check()  # pictures in pictures are asked for only now
    return data


@contextmanager
def no_complaints() -> Iterator[None]:
    """Raise PrintError when a library only logs that something is wrong."""
    complaints: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: complaints.append(record.getMessage())  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    if complaints:
        raise PrintError("\n".join(dict.fromkeys(complaints)))


def sheet_pages(document: Document) -> list[list[int]]:
    """Return the pages that each `sheet` of a document stands on."""
    pages: dict[int, list[int]] = {}
    for number, page in enumerate(document.pages):
        for box in page._page_box.descendants(placeholders=True):
            element = getattr(box, "element", None)
            if element is not None and element.tag == "section" and "sheet" in element.get("class", "").split():
                pages.setdefault(id(element), []).append(number)
                break
    return list(pages.values())


def text_boxes(document: Document, page: int) -> Iterator[tuple[Mapping[str, str], Any, Any]]:
    """Find each line of a value on a page: the attributes of its element, the block it stands in, the line."""
    from weasyprint.formatting_structure.boxes import BlockBox, TextBox

    for block in document.pages[page]._page_box.descendants(placeholders=True):
        element = getattr(block, "element", None)
        if element is None or "data-value" not in element.attrib or block.element_tag != "div":
            continue
        if not isinstance(block, BlockBox):
            continue
        for box in block.descendants(placeholders=True):
            if isinstance(box, TextBox):
                yield element.attrib, block, box


def picture_zones(document: Document, page: int, name: str) -> list[Zone]:
    """Find the pictures of a class on a page."""
    return [
        Zone(box.content_box_x() * MM, box.content_box_y() * MM, box.width * MM, box.height * MM)
        for box in document.pages[page]._page_box.descendants(placeholders=True)
        if box.element_tag == "img" and name in box.element.get("class", "").split()
    ]
