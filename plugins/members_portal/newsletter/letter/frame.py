"""Frames: the content stream of a master's side, cut at its open values and QR codes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

import pikepdf

from members_portal.newsletter.letter import qr_code
from members_portal.newsletter.letter.master import Slot
from members_portal.newsletter.print_error import PrintError

MARKED_CONTENT = frozenset({"BDC", "BMC", "EMC"})  # marked-content operators (ISO 32000-1, 14.6)
SAME_POSITION = 1e-4  # CSS pixels: positions closer than this are equal


@dataclass(frozen=True)
class Frame:
    """A content stream cut at its holes: `parts` are the pieces around; a hole is a slot, or the index of a QR code."""

    parts: tuple[bytes, ...]
    holes: tuple[Slot | int, ...]


def frame_of(page: pikepdf.Page, slots: Sequence[Slot], *, tagged: bool = True) -> Frame:
    """Cut a page's content stream at its slots and QR codes; drop marked-content operators unless `tagged`."""
    instructions = [
        each for each in pikepdf.parse_content_stream(page) if tagged or str(each.operator) not in MARKED_CONTENT
    ]
    places = dict(_places(instructions, slots))
    if missing := [slot.number for slot in slots if slot not in {hole for _, hole in places.values()}]:
        raise PrintError(f"values {missing} of a sheet aren't where they were laid out")
    parts, holes, start = [], [], 0
    for first, (last, hole) in sorted(places.items()):
        parts.append(pikepdf.unparse_content_stream(instructions[start:first]))
        holes.append(hole)
        start = last
    parts.append(pikepdf.unparse_content_stream(instructions[start:]))
    return Frame(tuple(parts), tuple(holes))


def _places(instructions: Sequence[Any], slots: Sequence[Slot]) -> Iterator[tuple[int, tuple[int, Slot | int]]]:
    """Yield the instructions of each placeholder as (first index, (end index, slot or index of the QR code))."""
    waiting, codes = list(slots), count()
    first, last = qr_code.QR_PLACEHOLDER[0], qr_code.QR_PLACEHOLDER[-1]
    for index, instruction in enumerate(instructions):
        match str(instruction.operator):
            case "Tm":
                x, y = map(float, instruction.operands[4:6])
                for slot in waiting:
                    if abs(slot.start - x) < SAME_POSITION and abs(slot.y - y) < SAME_POSITION:
                        waiting.remove(slot)
                        yield index, (index + 3, slot)
                        break
            case "m" if [float(each) for each in instruction.operands] == [first.x, first.y]:
                end = next(at for at in range(index, len(instructions)) if str(instructions[at].operator) == "f")
                corner = [float(each) for each in instructions[end - 2].operands]
                if corner == [last.x, last.y + 1]:
                    yield index, (end, next(codes))
