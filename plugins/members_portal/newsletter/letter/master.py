"""Masters: sides of sheets laid out once, with open values.

A master's document holds distinct sides of members' sheets, then a specimen whose pages are discarded: sides that show
every character in every kind of value. Because of the specimen, the embedded fonts hold the glyphs for members' values,
and the typesetter can be compared with WeasyPrint, style by style.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import pikepdf

from members_portal.newsletter.layout import (
    Materials,
    kept_zones,
    lay_out,
    picture_zones,
    sheet_pages,
    text_boxes,
    write_pdf,
)
from members_portal.newsletter.letter.typesetter import Style, Typesetter
from members_portal.newsletter.post.address_window import Zone
from members_portal.newsletter.print_error import PrintError
from members_portal.newsletter.print_templates import OPEN_VALUE, Shell, specimens

if TYPE_CHECKING:
    from weasyprint import Document

CHARACTERS = "".join(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x218, 0x21C), 0x1E9E]))
SIGNS = "–—‘’‚“”„†•…‹›€−№™"
LIGATURE_PAIRS = "fi fl ffi ffl ff fj Th tt"  # characters that fonts may join to ligatures
SHOWN_LINE = re.compile(rb"BT\n1 0 0 -1 (\S+) (\S+) Tm\n/\S+ \S+ Tf\n(\[[^\]]*\]) TJ\nET")  # as WeasyPrint writes text
HEADING = re.compile(r"<h[12][^>]*>(.*?)</h[12]>", re.DOTALL)
QR_CLASS = "qr"  # the class of the QR code's <img> in the theme

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Slot:
    """The place of a value on a page: its number, its style and its frame, in CSS pixels.

    `x` is the left edge of the frame, `start` the left edge of the placeholder; `style` is None when only WeasyPrint
    can set the value.
    """

    number: int
    style: Style | None
    align: Align
    x: float
    width: float
    start: float
    y: float


@dataclass(frozen=True)
class Master:
    """A laid-out master: the PDF, and for each side its page and its slots.

    `codes` are the zones of the QR code that opens the portal, `kept` those of the part that has to be kept.
    `fonts` maps font names in the PDF to names in the materials; `glyphs` are the glyph ids in the PDF, by font name.
    """

    pdf: bytes
    pages: tuple[int, ...]
    slots: tuple[tuple[Slot, ...], ...]
    codes: tuple[Zone | None, ...]
    kept: tuple[Zone | None, ...]
    fonts: Mapping[str, str]
    glyphs: Mapping[str, frozenset[int]]


def lay_out_master(
    shell: Shell, sides: Sequence[str], files: frozenset[str], materials: Materials, extra: str
) -> Master:
    """Lay out sides as a master; `extra` are characters of members' values, in addition to European ones."""
    characters = characters_for(materials, extra)
    document = lay_out(shell.around([*sides, *specimens(sides, characters)]), materials, files)
    places = sheet_pages(document)
    for side, place in zip(sides, places, strict=False):
        if len(place) != 1:
            named = ", ".join(re.sub(r"<[^>]*>", "", heading) for heading in HEADING.findall(side))
            raise PrintError(f"one side of a letter's sheet takes more than its page: the one with {named}")
    pages = [place[0] for place in places[: len(sides)]]
    found = [[line for line in _lines(document, page) if line.number is not None] for page in pages]
    if any(len(lines) != len(OPEN_VALUE.findall(side)) for lines, side in zip(found, sides, strict=True)):
        raise PrintError("a value of a sheet isn't a block of one line: see theme/print")
    shown = [line for page in range(pages[-1] + 1, len(document.pages)) for line in _lines(document, page)]
    fonts, whole = _fonts(shown, materials)
    pdf = write_pdf(document)
    glyphs = {font.hash: frozenset(font.widths) for font in document.fonts.values()}
    proven = _proven_styles(shown, pdf, Typesetter(whole))
    slots = tuple(tuple(_slot(line, proven) for line in lines) for lines in found)
    codes = tuple(next(iter(picture_zones(document, page, QR_CLASS)), None) for page in pages)
    kept = tuple(next(iter(kept_zones(document, page)), None) for page in pages)
    return Master(pdf, tuple(pages), slots, codes, kept, fonts, glyphs)


def characters_for(materials: Materials, extra: str) -> str:
    """Return the characters of the specimen: those covered by all Latin fonts of the theme, and ligature pairs."""
    typesetter = _typesetter(materials)
    wanted = dict.fromkeys(CHARACTERS + SIGNS + "".join(sorted(set(extra))))
    fonts = [name for name, _ in materials.fonts if typesetter.covers("A", name)]
    common = [each for each in wanted if all(typesetter.covers(each, font) for font in fonts)]
    return f"{' '.join(''.join(common).split())} {LIGATURE_PAIRS}"


def _typesetter(materials: Materials) -> Typesetter:
    return Typesetter({name: path.read_bytes() for name, path in materials.fonts})


@dataclass(frozen=True)
class _Line:
    """A line of a value, laid out by WeasyPrint; lengths in CSS pixels, `data` is the font file."""

    page: int
    number: int | None
    text: str
    style: Style | None
    data: bytes
    align: Align
    x: float
    width: float
    start: float
    y: float


def _lines(document: Document, page: int) -> Iterator[_Line]:
    for attributes, block, box in text_boxes(document, page):
        style, data = _style(box)
        number = attributes["data-value"]
        yield _Line(
            page,
            int(number) if number else None,
            box.text,
            style,
            data,
            _align(box.style),
            block.content_box_x(),
            block.width,
            box.position_x,
            box.position_y + box.baseline,
        )


def _align(style: Any) -> Align:
    match style["text_align_all"]:
        case "right" | "end":
            return "right"
        case "center":
            return "center"
    return "left"


def _style(box: Any) -> tuple[Style | None, bytes]:
    """Return the style of a line and its font file; None for a style that the typesetter doesn't support."""
    from weasyprint.pdf.fonts import Font
    from weasyprint.text.ffi import ffi
    from weasyprint.text.fonts import font_features, get_pango_font_key

    css = box.style
    box.pango_layout.reactivate(css)
    line, _ = box.pango_layout.get_first_line()
    run = line.runs[0]
    pango_font = run.data.item.analysis.font
    _, description, size = get_pango_font_key(pango_font)
    font, alone = Font(pango_font, description, size), run.next == ffi.NULL
    box.pango_layout.deactivate()
    unusual = css["word_spacing"] or css["text_decoration_line"] != "none" or css["direction"] != "ltr"
    if unusual or not alone or css["text_transform"] not in ("none", "uppercase"):
        return None, b""
    names = ("kerning", "variant_ligatures", "variant_position", "variant_caps", "variant_numeric")
    features = font_features(
        *(css[f"font_{name}"] for name in (*names, "variant_alternates", "variant_east_asian", "feature_settings"))
    )
    spacing = 0.0 if css["letter_spacing"] == "normal" else float(css["letter_spacing"])
    capitals = css["text_transform"] == "uppercase"
    return Style(font.hash, size, tuple(features.items()), css["lang"] or "", spacing, capitals), font.file_content


def _fonts(lines: Iterable[_Line], materials: Materials) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the theme's fonts in use, as names and as files; system fonts are left out."""
    known = {path.read_bytes(): name for name, path in materials.fonts}
    used = {line.style.font: line.data for line in lines if line.style and line.data in known}
    return {font: known[data] for font, data in used.items()}, used


def _proven_styles(lines: Sequence[_Line], pdf: bytes, typesetter: Typesetter) -> frozenset[Style]:
    """Return the styles in which the typesetter sets all lines of the specimen exactly as WeasyPrint did."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        shown = {page: _text_operands(opened.pages[page].Contents.read_bytes()) for page in {x.page for x in lines}}
    differ: set[Style] = set()
    for line in lines:
        if line.style and (line.style.font not in typesetter.faces or not _same(line, shown[line.page], typesetter)):
            differ.add(line.style)
    return frozenset(line.style for line in lines if line.style) - differ


def _same(line: _Line, shown: frozenset[tuple[bytes, bytes, bytes]], typesetter: Typesetter) -> bool:
    assert line.style is not None  # noqa: S101 - checked by the caller
    style = replace(line.style, capitals=False)  # the text is in capitals already
    return (number(line.start), number(line.y), typesetter.set(line.text, style).operand) in shown


def _text_operands(content: bytes) -> frozenset[tuple[bytes, bytes, bytes]]:
    """Return the lines in a content stream by WeasyPrint, as (x, y, operand of TJ)."""
    return frozenset(SHOWN_LINE.findall(content))


def _slot(line: _Line, proven: frozenset[Style]) -> Slot:
    assert line.number is not None  # noqa: S101 - checked by the caller
    style = line.style if line.style in proven else None
    return Slot(line.number, style, line.align, line.x, line.width, line.start, line.y)


def number(value: float) -> bytes:
    """Return a number in the notation of pydyf."""
    return f"{value:f}".rstrip("0").rstrip(".").encode()
