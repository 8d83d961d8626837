"""QR codes of sign-in addresses and coupon codes as vector rectangles in pure black: sharp at any size on paper."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from urllib.parse import quote

import segno

QUIET = 4  # modules: the quiet zone around the code (ISO/IEC 18004, 5.3.8)
ERROR_CORRECTION = "m"  # error correction level M: 15 %
MASK = 0  # a fixed mask pattern: choosing the best one costs most of the time, and readers decode any


@dataclass(frozen=True)
class QrBar:
    """A horizontal run of dark modules: column and row of the first, and the number of modules."""

    x: int
    y: int
    width: int


class QrCodes:
    """Encoder for QR codes of one size: the version is that of the longest text."""

    def __init__(self, longest: str) -> None:
        self.version = int(segno.make_qr(longest, error=ERROR_CORRECTION, mask=MASK, boost_error=False).version)
        self.size = 17 + 4 * self.version + 2 * QUIET

    def bars(self, text: str) -> Iterator[QrBar]:
        """Encode a text; raise ValueError for a text that is longer than the longest."""
        code = segno.make_qr(text, version=self.version, error=ERROR_CORRECTION, mask=MASK, boost_error=False)
        for y, row in enumerate(code.matrix, QUIET):
            x = QUIET
            for dark, modules in groupby(row):
                width = len(list(modules))
                if dark:
                    yield QrBar(x, y, width)
                x += width

    def picture(self, bars: Iterable[QrBar]) -> str:
        """Return bars as an SVG in a data: URL."""
        drawing = "".join(f"M{bar.x} {bar.y}h{bar.width}v1h-{bar.width}z" for bar in bars)
        box = f'viewBox="0 0 {self.size} {self.size}" width="{self.size}" height="{self.size}"'
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" {box}><path d="{drawing}"/></svg>'
        return f"data:image/svg+xml,{quote(svg)}"


QR_PLACEHOLDER = (QrBar(5, 6, 7), QrBar(9, 9, 1))  # stands for a QR code in masters


class QrPictures:
    """The encoders of each kind of QR code; all codes of one kind have the same size."""

    def __init__(self, longest: Mapping[str, str]) -> None:
        """`longest` is the longest text of each kind."""
        self.kinds = {kind: QrCodes(text) for kind, text in longest.items()}

    @cached_property
    def placeholders(self) -> dict[str, str]:
        """The placeholder of each kind, as the address of a picture."""
        return {kind: codes.picture(QR_PLACEHOLDER) for kind, codes in self.kinds.items()}

    def bars(self, kind: str, text: str) -> tuple[QrBar, ...]:
        """Encode a text."""
        return tuple(self.kinds[kind].bars(text))

    def picture(self, kind: str, text: str) -> str:
        """Return the code of a text as the address of a picture."""
        return self.kinds[kind].picture(self.bars(kind, text))


def operators(bars: Iterable[QrBar]) -> bytes:
    """Return bars as PDF operators, in the order of WeasyPrint for the same SVG path."""
    return b"\n".join(
        b"%d %d m\n%d %d l\n%d %d l\n%d %d l\nh" % (b.x, b.y, b.x + b.width, b.y, b.x + b.width, b.y + 1, b.x, b.y + 1)
        for b in bars
    )
