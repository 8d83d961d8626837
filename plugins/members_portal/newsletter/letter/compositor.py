"""Composition of sides: members' values and QR codes set into pages that were laid out once.

A side is composed only if the result equals WeasyPrint's. WeasyPrint lays out a side with a value that doesn't fit its
frame, or that needs a fallback font, right-to-left text, or a style in which the typesetter was not proven.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from members_portal.newsletter.letter.frame import Frame
from members_portal.newsletter.letter.master import Slot, number
from members_portal.newsletter.letter.qr_code import QrBar, operators
from members_portal.newsletter.letter.typesetter import TypesetLine, Typesetter

ROOM = 0.01  # CSS pixels: a line may exceed its frame by this rounding error


@dataclass(frozen=True)
class Forme:
    """One side of a sheet, ready for composition.

    `fonts` are pairs of a font's name in the PDF and its file; `glyphs` are the glyph ids in the PDF, by font name.
    """

    frame: Frame
    fonts: tuple[tuple[str, Path], ...]
    glyphs: Mapping[str, frozenset[int]]


@lru_cache(maxsize=32)
def _typesetter(fonts: tuple[tuple[str, Path], ...]) -> Typesetter:
    return Typesetter({name: path.read_bytes() for name, path in fonts})


def compose_side(forme: Forme, values: Sequence[str], codes: Sequence[Sequence[QrBar]]) -> bytes | None:
    """Return the content stream of one side with its QR codes, or None when WeasyPrint has to lay the side out."""
    typesetter = _typesetter(forme.fonts)
    lines: dict[int, bytes] = {}
    for slot in forme.frame.holes:
        if isinstance(slot, Slot) and values[slot.number]:
            line = _line(values[slot.number], slot, forme, typesetter)
            if line is None:
                return None
            lines[slot.number] = _shown(line, slot)
    return b"\n".join(_filled(forme.frame, lines, [operators(bars) for bars in codes]))


def _line(text: str, slot: Slot, forme: Forme, typesetter: Typesetter) -> TypesetLine | None:
    """Return a value as a line, or None when it can't be set here or doesn't fit its slot."""
    style = slot.style
    if style is None or not typesetter.covers(text.upper() if style.capitals else text, style.font):
        return None
    line = typesetter.set(text, style)
    fits = line.width <= slot.width + ROOM and line.glyphs <= forme.glyphs[style.font]
    return line if fits else None


def _shown(line: TypesetLine, slot: Slot) -> bytes:
    assert slot.style is not None  # noqa: S101 - `_line` has used it
    room = slot.width - line.width
    left = slot.x + {"left": 0.0, "center": room / 2, "right": room}[slot.align]
    place = number(left), number(slot.y), slot.style.font.encode(), number(slot.style.size)
    return b"1 0 0 -1 %s %s Tm\n/%s %s Tf\n" % place + line.operand + b" TJ"


def _filled(frame: Frame, lines: Mapping[int, bytes], drawn: Sequence[bytes]) -> Iterator[bytes]:
    for part, hole in zip(frame.parts, (*frame.holes, ...), strict=True):
        yield part
        if isinstance(hole, int):
            yield drawn[hole]
        elif isinstance(hole, Slot) and hole.number in lines:
            yield lines[hole.number]
