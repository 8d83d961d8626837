"""The QR code of a sign-in address, as rectangles: on paper vector and pure black, so that it is sharp at any size."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

import segno

QUIET = 4  # modules of white around the code (ISO/IEC 18004, 5.3.8)
LEVEL = "m"  # of error correction: 15 %
MASK = 0  # a fixed one: to choose the best costs more than all the rest, and any reader copes


@dataclass(frozen=True)
class Bar:
    """Dark modules side by side: column and row of the first, and how many."""

    x: int
    y: int
    width: int


class QrCodes:
    """Makes QR codes that all have the same number of modules, whatever they say."""

    def __init__(self, longest: str) -> None:
        self.version = int(segno.make_qr(longest, error=LEVEL, mask=MASK, boost_error=False).version)
        self.size = 17 + 4 * self.version + 2 * QUIET

    def bars(self, text: str) -> Iterator[Bar]:
        """Encode a text; raise ValueError when it is longer than the longest."""
        code = segno.make_qr(text, version=self.version, error=LEVEL, mask=MASK, boost_error=False)
        for y, row in enumerate(code.matrix, QUIET):
            x = QUIET
            for dark, modules in groupby(row):
                width = len(list(modules))
                if dark:
                    yield Bar(x, y, width)
                x += width

    def picture(self, bars: Iterable[Bar]) -> str:
        """Draw bars as SVG, in an address that an `img` can have."""
        drawing = "".join(f"M{bar.x} {bar.y}h{bar.width}v1h-{bar.width}z" for bar in bars)
        box = f'viewBox="0 0 {self.size} {self.size}" width="{self.size}" height="{self.size}"'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{drawing}"/></svg>'
        return f"data:image/svg+xml,{quote(svg)}"


PLACEHOLDER = (Bar(5, 6, 7), Bar(9, 9, 1))  # stands for any code in a page that is laid out without one


def operators(bars: Iterable[Bar]) -> bytes:
    """Draw bars in PDF operators, in the order in which WeasyPrint draws that SVG path."""
    return b"\n".join(
        b"%d %d m\n%d %d l\n%d %d l\n%d %d l\nh" % (b.x, b.y, b.x + b.width, b.y, b.x + b.width, b.y + 1, b.x, b.y + 1)
        for b in bars
    )
