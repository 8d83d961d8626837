"""The view of the cut: coupons are cut out along dashed lines, and nothing that has to be kept lies in front or behind.

A sheet is turned on its long edge, so that x on the back is the paper's width less x on the front.
"""

from collections.abc import Iterable, Iterator

from members_portal.newsletter.post.address_window import Zone, around
from members_portal.newsletter.preflight.trace import TracedDash
from members_portal.newsletter.preflight.trim import POINTS_PER_MM, Boxes

CUT_PLAY = 2.0  # mm around the cut: the play of scissors, and the register of the two sides of a sheet


def cut_zone(dashes: Iterable[TracedDash], boxes: Boxes) -> Zone | None:
    """Return the part of the trimmed sheet inside the dashed lines of a page; None without such lines."""
    zones = []
    for dash in dashes:
        left, top = boxes.on_sheet(dash.left, dash.top)
        zones.append(Zone(left, top, dash.width / POINTS_PER_MM, dash.height / POINTS_PER_MM))
    return around(zones) if zones else None


def from_back(zone: Zone, paper_width: float) -> Zone:
    """Return where a zone of the back lies on the front."""
    return Zone(paper_width - zone.right, zone.top, zone.width, zone.height)


def cut_faults(front: Zone | None, back: Zone | None, kept: Zone, paper_width: float) -> Iterator[str]:
    """Yield the problems of the cuts of a sheet; `kept` is the part of the front that has to be kept."""
    behind = from_back(back, paper_width) if back else None
    for zone, side in ((front, "on its front"), (behind, "on its back")):
        if zone and zone.grown(CUT_PLAY).meets(kept):
            across, down = f"{zone.left:.1f} to {zone.right:.1f}", f"{zone.top:.1f} to {zone.bottom:.1f}"
            place = f"{across} mm from the left, {down} mm from the top"
            yield f"a coupon cut out {side} takes the access code with it ({place})"
