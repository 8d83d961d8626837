"""Page boxes of the print run, and coordinates on the trimmed sheet."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pikepdf import Array, Name, Object, Page

from members_portal.newsletter.preflight.trace import TracedText
from members_portal.newsletter.press.postage import Paper

POINTS_PER_MM = 72 / 25.4  # points
TRIM_TOLERANCE = 0.1  # mm of tolerance for the size of the trimmed sheet
LEAST_MARGIN = 5.0  # mm from the trim to text: presses cut with up to 3 mm of play
ROUNDED = 0.01  # mm of rounding error

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Boxes:
    """A page's boxes, in points; None where it has none."""

    media: Box
    bleed: Box | None
    trim: Box | None

    def on_sheet(self, x: float, y: float) -> tuple[float, float]:
        """Return a point as millimetres from the left and the top of the trimmed sheet."""
        left, _, _, top = self.trim or self.media
        return (x - left) / POINTS_PER_MM, (top - y) / POINTS_PER_MM


def boxes_of(page: Page) -> Boxes:
    """Read a page's boxes."""
    media = page.mediabox.unparse()
    bleed, trim = (page.obj[name].unparse() if name in page.obj else None for name in (Name.BleedBox, Name.TrimBox))
    return _boxes(media, bleed, trim)


@lru_cache(maxsize=64)
def _boxes(media: bytes, bleed: bytes | None, trim: bytes | None) -> Boxes:
    return Boxes(_box(media), _box(bleed) if bleed else None, _box(trim) if trim else None)


def _box(written: bytes) -> Box:
    a, b, c, d = (float(number) for number in Object.parse(written).as_list())
    return min(a, c), min(b, d), max(a, c), max(b, d)


def trim_faults(boxes: Boxes, paper: Paper, bleed: float) -> Iterator[str]:
    """Yield the problems of a page's boxes; `bleed` is the minimum, in millimetres."""
    if boxes.trim is None or boxes.bleed is None:
        yield "has no TrimBox" if boxes.trim is None else "has no BleedBox"
        return
    left, bottom, right, top = boxes.trim
    width, height = (right - left) / POINTS_PER_MM, (top - bottom) / POINTS_PER_MM
    if abs(width - paper.width) > TRIM_TOLERANCE or abs(height - paper.height) > TRIM_TOLERANCE:
        yield f"is trimmed to {width:.1f} x {height:.1f} mm, and {paper.name} is {paper.width} x {paper.height} mm"
    if least_margin(boxes.bleed, boxes.trim) < bleed - ROUNDED:
        yield f"has a bleed of {least_margin(boxes.bleed, boxes.trim):.1f} mm, expected {bleed} mm"
    if least_margin(boxes.media, boxes.bleed) < -ROUNDED:
        yield "has a BleedBox that reaches out of the MediaBox"


def least_margin(outer: Box, inner: Box) -> float:
    """Return the smallest margin between two nested boxes, in millimetres."""
    left, bottom, right, top = inner
    return min(left - outer[0], bottom - outer[1], outer[2] - right, outer[3] - top) / POINTS_PER_MM


def is_near_edge(text: TracedText, boxes: Boxes) -> bool:
    """Tell whether a text is beyond the trim or too close to it."""
    left, baseline = boxes.on_sheet(text.x, text.y)
    trim = boxes.trim or boxes.media
    width, height = (trim[2] - trim[0]) / POINTS_PER_MM, (trim[3] - trim[1]) / POINTS_PER_MM
    least = LEAST_MARGIN - ROUNDED
    right = left + text.width / POINTS_PER_MM
    return min(left, width - right, baseline, height - baseline) < least


def annotations(page: Page, boxes: Boxes) -> Iterator[str]:
    """Yield the annotations that overlap the printed area (ISO 15930-7, 6.17)."""
    printed = boxes.bleed or boxes.media
    for annotation in page.obj.get(Name.Annots, Array()):
        if annotation.get(Name.Subtype) != Name.Popup and _meet(_box(annotation.Rect.unparse()), printed):
            yield f"has an annotation ({annotation.get(Name.Subtype)})"


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
