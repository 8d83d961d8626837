"""The expectations for a print run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from members_portal.newsletter.post.address_window import DIN_5008_B, Window, Zone
from members_portal.newsletter.preflight.address_reading import Glyphs
from members_portal.newsletter.press.postage import A4, Paper

BLEED = 3.0  # mm
SAMPLE = 200  # letters in the samples; all letters of a smaller run


@dataclass(frozen=True)
class Expected:
    """The expectations for a run: paper, bleed in mm, and the places of the address and the QR code on the front.

    `addresses` returns the glyphs of the addresses of members, given by their ids. They are compared where the text of
    a window is not that of the address, which is usual in scripts that reorder letters.
    `kept` is the part of the front with the access code: no coupon may be cut out in front of it or behind it.
    Dark text on the front must be in black ink only; with `black_front`, all text except white.
    """

    paper: Paper = A4
    window: Window | None = DIN_5008_B
    code: Zone | None = None
    kept: Zone | None = None
    addresses: Callable[[Sequence[str]], Sequence[Glyphs]] | None = None
    bleed: float = BLEED
    sample: int = SAMPLE
    black_front: bool = False
