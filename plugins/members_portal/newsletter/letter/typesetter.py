"""Typesetting of single lines, equal to WeasyPrint's, without the layout of a page.

WeasyPrint calls Pango for shaping, and Pango calls HarfBuzz. A line in one style and one font needs neither line breaks
nor bidirectional reordering, so HarfBuzz alone returns the same glyphs at the same positions. The operands equal those
of weasyprint.draw.text.draw_first_line (WeasyPrint 70), number for number; each master proves this for its styles.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import uharfbuzz

UNITS = 1024  # Pango units per CSS pixel
EM = 1000  # units of width per em in a PDF font
NO_LIGATURES = {"liga": False, "clig": False, "dlig": False}  # Pango disables these with letter spacing
LEFT_TO_RIGHT = frozenset({"L", "EN", "ES", "ET", "AN", "CS", "WS", "ON"})  # bidirectional classes (UAX #9)
LATIN_RANGES = (  # ranges of Unicode: Latin and common signs; without U+2044: versions of HarfBuzz differ in fractions
    *((0x20, 0x24F), (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x2043), (0x2045, 0x205E)),
    *((0x20A0, 0x20BF), (0x2116, 0x2116), (0x2122, 0x2122), (0x2212, 0x2212)),
)


@dataclass(frozen=True)
class Style:
    """The style of a line: font name in the PDF, size in CSS pixels, OpenType features, language (BCP 47).

    `spacing` is the letter spacing in CSS pixels; `capitals` is text-transform: uppercase.
    """

    font: str
    size: float
    features: tuple[tuple[str, int], ...] = ()
    language: str = ""
    spacing: float = 0.0
    capitals: bool = False


@dataclass(frozen=True)
class TypesetLine:
    """A typeset line: the operand of TJ, its width in CSS pixels, and its glyph ids."""

    operand: bytes
    width: float
    glyphs: frozenset[int]


class Typesetter:
    """Sets lines; `fonts` are whole font files by their name in the PDF."""

    def __init__(self, fonts: Mapping[str, bytes]) -> None:
        self.faces = {name: uharfbuzz.Face(data) for name, data in fonts.items()}
        self._fonts: dict[tuple[str, int], uharfbuzz.Font] = {}
        self.set = lru_cache(maxsize=4096)(self._set)

    def covers(self, text: str, font: str) -> bool:
        """Tell whether a text can be set in one run: in this font alone, from left to right."""
        known = self.code_points(font)
        return all(ord(character) in known and _is_plain(character) for character in text)

    def code_points(self, font: str) -> frozenset[int]:
        """Return the code points with a glyph in a font."""
        return self._code_points[font]

    @cached_property
    def _code_points(self) -> dict[str, frozenset[int]]:
        return {name: frozenset(face.unicodes) for name, face in self.faces.items()}

    def _font(self, style: Style) -> uharfbuzz.Font:
        scale = int(style.size * UNITS)
        if (style.font, scale) not in self._fonts:
            font = uharfbuzz.Font(self.faces[style.font])
            font.scale = (scale, scale)
            self._fonts[style.font, scale] = font
        return self._fonts[style.font, scale]

    def _set(self, text: str, style: Style) -> TypesetLine:
        font = self._font(style)
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text.upper() if style.capitals else text)
        buffer.guess_segment_properties()
        buffer.language = style.language
        uharfbuzz.shape(font, buffer, dict(style.features) | (NO_LIGATURES if style.spacing else {}))
        glyphs = [info.codepoint for info in buffer.glyph_infos]
        advances = [position.x_advance for position in buffer.glyph_positions]
        spaces = _spaces(int(style.spacing * UNITS), len(glyphs))
        size, written, whole = int(style.size * UNITS) / UNITS, "<", 0
        for glyph, advance, (before, after) in zip(glyphs, advances, spaces, strict=True):
            width, offset = advance + before + after, before / size
            natural = round(font.get_glyph_h_advance(glyph) / UNITS / size * EM)
            kerning = natural + offset - width * EM / UNITS / size
            written += (f">{-offset}<" if offset else "") + f"{glyph:04x}" + (f">{int(kerning)}<" if kerning else "")
            whole += width
        operand = written.removesuffix("<") if written.endswith("<") else written + ">"
        return TypesetLine(f"[{operand}]".encode(), whole / UNITS + style.spacing, frozenset(glyphs))


@lru_cache(maxsize=4096)
def _is_plain(character: str) -> bool:
    """Tell whether a character is Latin or a common sign: Pango shapes each script in a run of its own."""
    latin = any(first <= ord(character) <= last for first, last in LATIN_RANGES)
    return latin and unicodedata.bidirectional(character) in LEFT_TO_RIGHT and not unicodedata.combining(character)


def _spaces(spacing: int, count: int) -> list[tuple[int, int]]:
    """Split the letter spacing: a part before and a part after each glyph, none at the ends of the line."""
    before = int(spacing / 2)  # rounded towards zero, as in C
    after = spacing - before
    return [(before if index else 0, after if index < count - 1 else 0) for index in range(count)]
