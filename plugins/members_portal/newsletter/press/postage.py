"""Postage: the weight of a letter, and its weight band at the post."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from members_portal.newsletter.print_error import PrintError

LEAF = 2  # pages per sheet of paper


@dataclass(frozen=True)
class Paper:
    """A paper size, in millimetres."""

    name: str
    width: float
    height: float

    @property
    def square_metres(self) -> float:
        return self.width * self.height / 1e6


A4 = Paper("A4", 210, 297)  # ISO 216
LETTER = Paper("Letter", 215.9, 279.4)  # ANSI Y14.1
PAPERS = {paper.name: paper for paper in (A4, LETTER)}


@dataclass(frozen=True)
class Stock:
    """The stock of a letter: paper size, grammage (g/m2), and the weight of an envelope (g)."""

    paper: Paper = A4
    grammage: float = 100
    envelope: float = 5  # DL with a window, 80 g/m2

    def grams(self, sheets: int) -> int:
        """Return the weight of sheets in an envelope, in g, rounded up."""
        return math.ceil(round(sheets * self.paper.square_metres * self.grammage + self.envelope, 6))


@dataclass(frozen=True)
class WeightBand:
    """A weight band: letters up to a weight (g)."""

    name: str
    grams: int


# Deutsche Post: Standardbrief to 20 g, Kompaktbrief to 50 g. Royal Mail, An Post: letter to 100 g, as in the
# UPU's regulations for small letters (size P).
LETTER_BANDS = (WeightBand("to 20 g", 20), WeightBand("to 50 g", 50), WeightBand("to 100 g", 100))

# USPS Notice 123: first-class letters, stamped, by the ounce (28.35 g), to 3.5 oz.
US_LETTER_BANDS = (WeightBand("1 oz", 28), WeightBand("2 oz", 56), WeightBand("3 oz", 85), WeightBand("3.5 oz", 99))


def weight_class(grams: int, bands: Sequence[WeightBand] = LETTER_BANDS) -> str:
    """Return the name of the lightest band for a weight; raise PrintError above the heaviest band."""
    for band in bands:
        if grams <= band.grams:
            return band.name
    raise PrintError(f"a letter weighs {grams} g, and the post's heaviest band ends at {bands[-1].grams} g")
