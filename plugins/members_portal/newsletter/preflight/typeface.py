"""Typefaces: the widths and the Unicode text of the character codes of a PDF font."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, String

BLOCK = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>|(\[|\])")
WIDE = 1000  # units per em


@dataclass(frozen=True)
class Typeface:
    """A font with codes of `size` bytes: widths in thousandths of the type size, and text by code."""

    name: str
    size: int
    widths: Mapping[int, float]
    default: float
    text: Mapping[int, str]

    def set(self, shown: Object, spacing: float = 0) -> tuple[float, str, tuple[int, ...]]:
        """Return the advance of an operand of Tj or TJ for type size 1, its text and its codes.

        `spacing` is the character spacing, for type size 1 too.
        """
        advance, all_codes = 0.0, list[int]()
        for part in shown.as_list() if isinstance(shown, Array) else [shown]:
            if isinstance(part, String):
                codes = list(self._codes(bytes(part)))
                advance += sum(self.widths.get(code, self.default) for code in codes) + len(codes) * spacing * WIDE
                all_codes += codes
            else:
                advance -= float(part)
        return advance / WIDE, "".join(self.text.get(code, "") for code in all_codes), tuple(all_codes)

    def _codes(self, data: bytes) -> Iterator[int]:
        return (int.from_bytes(data[at : at + self.size], "big") for at in range(0, len(data), self.size))


def read_typeface(font: Object) -> Typeface:
    """Read a font dictionary."""
    name = str(font.get(Name.BaseFont, "")).rpartition("+")[2]  # without the tag of the subset
    text = _to_unicode(font.ToUnicode.read_bytes()) if Name.ToUnicode in font else {}
    if font.get(Name.Subtype) == Name.Type0:
        descendant = font.DescendantFonts[0]
        widths = dict(_cid_widths(descendant.get(Name.W, Array()).as_list()))
        return Typeface(name, 2, widths, float(descendant.get(Name.DW, WIDE)), text)
    first = int(font.get(Name.FirstChar, 0))
    given = font.get(Name.Widths, Array()).as_list()
    return Typeface(name, 1, {first + place: float(width) for place, width in enumerate(given)}, WIDE / 2, text)


def is_embedded(font: Object) -> bool:
    """Tell whether a font is embedded."""
    described = font.DescendantFonts[0] if Name.DescendantFonts in font else font
    files = described.get(Name.FontDescriptor, Dictionary())
    return any(name in files for name in (Name.FontFile, Name.FontFile2, Name.FontFile3))


def _cid_widths(array: Iterable[Any]) -> Iterator[tuple[int, float]]:
    """Read `c [w1 w2 ...]` and `first last w` (ISO 32000-1, 9.7.4.3)."""
    items = iter(array)
    for first in items:
        following = next(items)
        if isinstance(following, Array):
            yield from ((int(first) + place, float(width)) for place, width in enumerate(following.as_list()))
        else:
            width = float(next(items))
            yield from ((code, width) for code in range(int(first), int(following) + 1))


def _to_unicode(cmap: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for kind, body in BLOCK.findall(cmap):
        values = [bytes.fromhex(digits.decode()) for digits, bracket in HEX.findall(body) if not bracket]
        found.update(_ranges(values) if kind == b"range" else _pairs(values))
    return found


def _pairs(values: list[bytes]) -> Iterator[tuple[int, str]]:
    for code, text in zip(values[::2], values[1::2], strict=True):
        yield int.from_bytes(code, "big"), text.decode("utf-16-be", "replace")


def _ranges(values: list[bytes]) -> Iterator[tuple[int, str]]:
    """Read `first last text`; ranges with an array of texts don't occur in our files."""
    for first, last, text in zip(values[::3], values[1::3], values[2::3], strict=False):
        start, end = int.from_bytes(first, "big"), int.from_bytes(last, "big")
        point = int.from_bytes(text[-2:], "big")
        for code in range(start, end + 1):
            yield code, (text[:-2] + (point + code - start).to_bytes(2, "big")).decode("utf-16-be", "replace")
