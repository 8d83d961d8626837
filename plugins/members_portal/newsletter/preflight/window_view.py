"""The view through the envelope's window: it must show the member's whole address, and nothing else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from members_portal.newsletter.post.address_window import Window, Zone
from members_portal.newsletter.preflight.trace import TracedText
from members_portal.newsletter.preflight.trim import POINTS_PER_MM, Boxes
from members_portal.newsletter.press.run_manifest import window_hash

PLAY = 3.0  # mm around the window that may become visible through a shifted or skewed fold
ZONE_TOLERANCE = 0.5  # mm of tolerance at the edges of a zone
ASCENT, DESCENT = 0.75, 0.25  # em above and below the baseline


@dataclass(frozen=True)
class SeenWords(Zone):
    """Text on the sheet, and its rectangle."""

    words: str
    text: TracedText


def on_sheet(text: TracedText, boxes: Boxes) -> SeenWords:
    """Return the rectangle of a text on the trimmed sheet, in millimetres from its top left corner."""
    left, baseline = boxes.on_sheet(text.x, text.y)
    size = text.size / POINTS_PER_MM
    return SeenWords(
        left, baseline - ASCENT * size, text.width / POINTS_PER_MM, (ASCENT + DESCENT) * size, text.words, text
    )


@dataclass(frozen=True)
class WindowView:
    """The texts near the window: all that are seen, and those shown in the zone of the address."""

    seen: tuple[SeenWords, ...]
    shown: tuple[SeenWords, ...]

    def shows(self, address: str) -> bool:
        """Tell whether the text of the zone is an address, given by its `window_hash`."""
        return window_hash(each.words for each in self.shown) == address


def is_seen(text: TracedText) -> bool:
    """Tell whether a text is more than spaces; glyphs of some scripts have no text of their own."""
    return bool(text.words.strip() or (text.glyphs and not text.words))


def view_of(texts: Sequence[TracedText], boxes: Boxes, window: Window) -> WindowView:
    """Return the view through the window on a page."""
    words = [on_sheet(text, boxes) for text in texts if is_seen(text)]
    seen = [each for each in words if each.meets(window.grown(PLAY))]
    inner = window.recipient.grown(-ZONE_TOLERANCE)
    shown = [each for each in seen if each.meets(inner) or _within(each, window.recipient)]  # a vowel sign is narrow
    return WindowView(tuple(seen), tuple(shown))


def window_faults(view: WindowView, window: Window) -> Iterator[str]:
    """Yield the problems of the places of texts in a view."""
    seen, shown = view.seen, view.shown
    outside = [each for each in shown if not _within(each, window.recipient)]
    astray = [each for each in seen if each not in shown and not (window.notes and _within(each, window.notes))]
    yield from (f"the address reaches out of its zone{_place(each)}" for each in outside)
    yield from (f"something else shows in the window{_place(each)}" for each in astray)


def notes(texts: Sequence[TracedText], boxes: Boxes, window: Window) -> str:
    """Return the text above the address: the return address, the same on all letters."""
    if not window.notes:
        return ""
    shown = (on_sheet(text, boxes) for text in texts)
    return " ".join(each.words for each in shown if each.words.strip() and _within(each, window.notes))


def _place(words: SeenWords) -> str:
    """Return the position of a text, not the text: reports must not reveal members' addresses."""
    across, down = f"{words.left:.1f} to {words.right:.1f}", f"{words.top:.1f} to {words.bottom:.1f}"
    return f" ({across} mm from the left, {down} mm from the top)"


def _within(inner: Zone, outer: Zone) -> bool:
    room = outer.grown(ZONE_TOLERANCE)
    across = room.left <= inner.left and inner.right <= room.right
    return across and room.top <= inner.top and inner.bottom <= room.bottom
