"""The only caller of WeasyPrint: HTML in, laid-out pages and a tagged PDF (PDF/UA-1) out.

Warnings that WeasyPrint only logs (a missing picture, a character without a font) are errors here: a printed letter
can't be corrected.
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

from members_portal.newsletter.combining_marks import set_marks
from members_portal.newsletter.post.address_window import Zone
from members_portal.newsletter.print_error import PrintError

if TYPE_CHECKING:
    from weasyprint import Document

PHOTO_DPI = 300  # the resolution of an offset press; finer pictures are scaled down
MM_PER_PIXEL = 25.4 / 96  # a CSS pixel in millimetres
LOGGERS = ("weasyprint", "fontTools")


@dataclass(frozen=True)
class Materials:
    """The files that a layout may read: the content folder, the theme's print folder, and fonts as (name, file)."""

    content: Path
    theme: Path
    fonts: tuple[tuple[str, Path], ...]


def lay_out(html: str, materials: Materials, files: frozenset[str]) -> Document:
    """Lay out a document; raise PrintError for a missing resource. `files` are the content paths it may show."""
    from members_portal.newsletter.fetcher import BuildFetcher, render_html

    fetcher = BuildFetcher(content=materials.content, files=files, theme=materials.theme, fonts=dict(materials.fonts))
    with warnings_as_errors():
        return render_html(set_marks(html), fetcher, font_config=_fonts(materials))


@lru_cache(maxsize=4)
def _fonts(_materials: Materials) -> Any:
    """Return the font configuration of a theme, cached: loading the fonts takes longer than a page."""
    from weasyprint.text.fonts import FontConfiguration

    return FontConfiguration()


atexit.register(_fonts.cache_clear)  # before the interpreter's teardown, in which WeasyPrint's cleanup fails


def write_pdf(document: Document) -> bytes:
    """Return a laid-out document as PDF/UA-1, the same bytes for the same document."""
    with warnings_as_errors():
        data = bytes(document.write_pdf(pdf_variant="pdf/ua-1", dpi=PHOTO_DPI, optimize_images=False))
    document.url_fetcher.check()  # pictures inside an SVG are requested only now
    return data


@contextmanager
def warnings_as_errors() -> Iterator[None]:
    """Raise PrintError for warnings logged by WeasyPrint or fontTools in this context."""
    warnings: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: warnings.append(record.getMessage())  # type: ignore[method-assign]
    loggers = [logging.getLogger(name) for name in LOGGERS]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
    if warnings:
        raise PrintError("\n".join(dict.fromkeys(warnings)))


def sheet_pages(document: Document) -> list[list[int]]:
    """Return the page indices of each `section.sheet` of a document."""
    pages: dict[int, list[int]] = {}
    for number, page in enumerate(document.pages):
        for box in page._page_box.descendants(placeholders=True):
            element = getattr(box, "element", None)
            if element is not None and element.tag == "section" and "sheet" in element.get("class", "").split():
                pages.setdefault(id(element), []).append(number)
                break
    return list(pages.values())


def text_boxes(document: Document, page: int) -> Iterator[tuple[Mapping[str, str], Any, Any]]:
    """Yield each line of a value on a page, as (attributes of its element, its block box, the line's text box)."""
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
    """Return the zones of the pictures with a class on a page."""
    return [
        _zone(box.content_box_x(), box.content_box_y(), box.width, box.height)
        for box in document.pages[page]._page_box.descendants(placeholders=True)
        if box.element_tag == "img" and name in box.element.get("class", "").split()
    ]


def kept_zones(document: Document, page: int) -> list[Zone]:
    """Return the zones of the elements with the attribute `data-keep` on a page: nothing of them may be cut off."""
    from weasyprint.formatting_structure.boxes import BlockBox

    return [
        _zone(box.border_box_x(), box.border_box_y(), box.border_width(), box.border_height())
        for box in document.pages[page]._page_box.descendants(placeholders=True)
        if isinstance(box, BlockBox) and box.element is not None and "data-keep" in box.element.attrib
    ]


def _zone(x: float, y: float, width: float, height: float) -> Zone:
    """Return a zone of CSS pixels in millimetres."""
    return Zone(x * MM_PER_PIXEL, y * MM_PER_PIXEL, width * MM_PER_PIXEL, height * MM_PER_PIXEL)
