"""Address windows of envelopes: the window on the sheet, the safe zone in it, and the folds of the sheet.

All lengths are millimetres from the top left corner of the trimmed sheet. The window's position is that of a folded
sheet in the lower left corner of the envelope. The sheet can slide to the opposite edges. The recipient zone is the
area visible in every position, less the clearance required by the post.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from members_portal.loyalty.input.problem import closest
from members_portal.newsletter.print_error import PrintError

INCH = 25.4
MM_PER_PT = INCH / 72
LARGEST = 10.5  # points: the type size of the letter's text
SOLID = 1.2  # minimum ratio of line height to type size: the post's OCR must separate the lines


@dataclass(frozen=True)
class Zone:
    """A rectangle on the sheet."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    def grown(self, by: float) -> "Zone":
        """Return the zone with `by` more on each side."""
        return Zone(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)

    def meets(self, other: "Zone") -> bool:
        """Tell whether two zones overlap."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def around(zones: Iterable[Zone]) -> Zone:
    """Return the bounding rectangle of zones."""
    found = list(zones)
    left, top = min(zone.left for zone in found), min(zone.top for zone in found)
    return Zone(left, top, max(zone.right for zone in found) - left, max(zone.bottom for zone in found) - top)


@dataclass(frozen=True)
class Window(Zone):
    """An address window and the zones in it: `recipient` for up to `lines` lines, `notes` for the return address.

    `margin` is the minimum distance of text from the window's left edge; `folds` and `punch` are distances from the top
    of the sheet.
    """

    name: str
    paper: str
    margin: float
    recipient: Zone
    lines: int
    folds: tuple[float, ...]
    notes: Zone | None = None
    punch: float | None = None

    @property
    def leading(self) -> float:
        """The line height: the recipient zone divided by its lines."""
        return self.recipient.height / self.lines

    @property
    def type_size(self) -> float:
        """The type size for this line height, in whole or half points."""
        return min(LARGEST, int(2 * self.leading / MM_PER_PT / SOLID + 1e-6) / 2)

    def filled_by(self, address: tuple[str, ...]) -> tuple[str, ...]:
        """Add empty lines below an address, so that every sheet has the same number of them."""
        return address + ("",) * (self.lines - len(address))


# DIN 5008:2020, form B, in an envelope DL (110 x 220 mm) with the window of DIN 680 (45 x 90 mm, 20 mm from the left,
# 15 mm from below). The field is 85 x 45 mm: 17.7 mm for the return address and notes, 27.3 mm for six lines of
# address. Text keeps 5 mm from the left edge, and 5 mm from the right edge: that part is visible in every position of
# the sheet. Folded at 105 and 210 mm, punched at the middle of A4.
DIN_5008_B = Window(
    name="DIN 5008 B",
    paper="A4",
    left=20,
    top=45,
    width=85,
    height=45,
    margin=5,
    notes=Zone(left=25, top=45, width=75, height=17.7),
    recipient=Zone(left=25, top=62.7, width=75, height=27.3),
    lines=6,
    folds=(105, 210),
    punch=148.5,
)

# Envelope #10 (4 1/8 x 9 1/2 in) with the trade's standard window: 1 1/8 x 4 1/2 in, 7/8 in from the left, 1/2 in from
# below. USPS Publication 25, section 3-9 (DMM 601.6.3): the address keeps 1/8 in of clearance on all sides in every
# position of the sheet. Equal thirds could slide by 7/16 in and leave three lines. Folded at 4 and 8 in, the sheet
# slides by 1/8 in and leaves five lines, the maximum that USPS asks for, also for mail abroad.
US_10 = Window(
    name="US #10",
    paper="Letter",
    left=7 / 8 * INCH,
    top=(4 - 1 / 2 - 9 / 8) * INCH,
    width=9 / 2 * INCH,
    height=9 / 8 * INCH,
    margin=1 / 8 * INCH,
    recipient=Zone(left=1 * INCH, top=21 / 8 * INCH, width=13 / 4 * INCH, height=3 / 4 * INCH),
    lines=5,
    folds=(4 * INCH, 8 * INCH),
)

# Envelope DL (ISO 269: 110 x 220 mm) with the usual British window: 35 x 90 mm, 20 mm from the left, 18 mm from below,
# the lowest position in Royal Mail's guides, which require 2 mm of clearance around the address. Folded at 105 and
# 210 mm as for DIN 5008: a sheet in thirds of 99 mm could slide by 11 mm and would lose the sixth line.
UK_DL = Window(
    name="UK DL",
    paper="A4",
    left=20,
    top=52,
    width=90,
    height=35,
    margin=2,
    recipient=Zone(left=22, top=59, width=76, height=26),
    lines=6,
    folds=(105, 210),
    punch=148.5,
)

WINDOWS = {window.name: window for window in (DIN_5008_B, US_10, UK_DL)}


def window_named(name: str) -> Window:
    """Return the window of a name in PORTAL_PRINT; raise PrintError for an unknown one."""
    if window := WINDOWS.get(name):
        return window
    meant = closest(name, WINDOWS)
    hint = f" (did you mean {meant}?)" if meant else ""
    raise PrintError(f"there is no address window `{name}`, expected {', '.join(WINDOWS)}{hint}")
