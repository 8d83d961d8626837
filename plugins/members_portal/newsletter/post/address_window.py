"""Address windows: where on the sheet an envelope shows it, which part of that is safe, and where the sheet is folded.

All lengths are millimetres from the top left corner of the trimmed sheet. A window is given as it lies when the folded
sheet rests in the lower left corner of its envelope. The sheet can slide from there until it meets the other edges;
what shows in every position, less the clearance that the post wants, is the zone for the recipient.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from members_portal.loyalty.input.problem import closest
from members_portal.newsletter.print_error import PrintError

INCH = 25.4
MM_PER_PT = INCH / 72
LARGEST = 10.5  # points: an address needn't be larger than the letter
SOLID = 1.2  # a line's height to its type, at the least, so that readers of posts tell the lines apart


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


def around(zones: Iterable[Zone]) -> Zone:
    """Return the smallest rectangle that holds all of these."""
    found = list(zones)
    left, top = min(zone.left for zone in found), min(zone.top for zone in found)
    return Zone(left, top, max(zone.right for zone in found) - left, max(zone.bottom for zone in found) - top)


@dataclass(frozen=True)
class Window(Zone):
    """A window with the room inside it: `recipient` holds so many `lines`, `notes` the return address, if any.

    `margin` is the least distance of words from the window's left edge; `folds` and `punch` are measured from the top.
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
        """The height of a line, so that the zone's lines fill it."""
        return self.recipient.height / self.lines

    @property
    def type_size(self) -> float:
        """The size of type for that, in whole or half points."""
        return min(LARGEST, int(2 * self.leading / MM_PER_PT / SOLID + 1e-6) / 2)

    def filled_by(self, address: tuple[str, ...]) -> tuple[str, ...]:
        """Add empty lines below an address, so that every sheet has the same number of them."""
        return address + ("",) * (self.lines - len(address))


# DIN 5008:2020, form B, in an envelope DL (110 x 220 mm) with the window of DIN 680 (45 x 90 mm, 20 mm from the left,
# 15 mm from below). The field is 85 x 45 mm: 17.7 mm for the return address and notes, 27.3 mm for six lines of
# address. Words begin 5 mm inside it; they end 5 mm before its edge, where the window still is when the sheet lies to
# the right. Folded at 105 and 210 mm, punched at the middle of A4.
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
# below. USPS Publication 25, section 3-9 (DMM 601.6.3): the address keeps 1/8 in of clearance on all sides however the
# sheet slides. Equal thirds would slide by 7/16 in and leave room for three lines; so the sheet is folded at 4 and 8
# in: it slides by 1/8 in, and five lines stay clear, the most that USPS and its guidance for mail abroad ask for.
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
# the lowest that Royal Mail's guides allow. They want 2 mm clear around what machines read through a window. Folded at
# 105 and 210 mm like DIN's, since a sheet in thirds of 99 mm could slide by 11 mm and would lose the sixth line.
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
    """Return a window by the name it has in settings; raise PrintError for another."""
    if window := WINDOWS.get(name):
        return window
    meant = closest(name, WINDOWS)
    hint = f" (did you mean {meant}?)" if meant else ""
    raise PrintError(f"there is no address window `{name}`, expected {', '.join(WINDOWS)}{hint}")
