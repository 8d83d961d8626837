"""Where the address shows: the windows' measures against each other, and against the envelopes they are cut in."""

import pytest

from members_portal.newsletter.post.address_window import (
    DIN_5008_B,
    INCH,
    MM_PER_PT,
    US_10,
    WINDOWS,
    Window,
    Zone,
    window_named,
)
from members_portal.newsletter.print_error import PrintError

EVERY = pytest.mark.parametrize("window", WINDOWS.values(), ids=list(WINDOWS))

# What each window is cut in, in mm: the envelope's height and width, the window's distance from its left and its lower
# edge, the window's size, the clearance asked for, the sheet's width and the height of its first panel.
ENVELOPES = {
    "DIN 5008 B": (110, 220, 20, 15, 90, 45, 0, 210, 105),
    "US #10": tuple(inches * INCH for inches in (4.125, 9.5, 0.875, 0.5, 4.5, 1.125, 0.125, 8.5, 4)),
    "UK DL": (110, 220, 20, 18, 90, 35, 2, 210, 105),
}


def seen(window: Window) -> list[Zone]:
    """Return the area of the sheet visible in all four extreme positions, less the clearance."""
    height, width, left, below, across, high, clear, sheet, panel = ENVELOPES[window.name]
    across_slack, down_slack = width - sheet, height - panel
    top = panel - below - high
    return [
        Zone(left - right + clear, top + up + clear, across - 2 * clear, high - 2 * clear)
        for right in (0, across_slack)
        for up in (0, down_slack)
    ]


@EVERY
def test_the_recipient_is_seen_however_the_sheet_slides(window: Window) -> None:
    zone = window.recipient
    for view in seen(window):
        assert view.left - 1e-6 <= zone.left
        assert zone.right <= view.right + 1e-6
        assert view.top - 1e-6 <= zone.top
        assert zone.bottom <= view.bottom + 1e-6


@EVERY
def test_a_window_lies_on_the_panel_that_is_folded_to_the_front(window: Window) -> None:
    assert window.bottom < window.folds[0]
    assert window.folds == tuple(sorted(window.folds))


@EVERY
def test_words_keep_their_margin_from_the_left_edge(window: Window) -> None:
    assert window.recipient.left >= window.left + window.margin - 1e-6


@EVERY
def test_lines_are_high_enough_to_read(window: Window) -> None:
    assert window.type_size >= 9  # points; USPS reads 8 at the least
    assert window.leading >= 1.2 * window.type_size * MM_PER_PT - 1e-6
    assert window.lines * window.leading == pytest.approx(window.recipient.height)


def test_the_german_field_is_that_of_the_standard() -> None:
    field = (DIN_5008_B.left, DIN_5008_B.top, DIN_5008_B.width, DIN_5008_B.height)
    assert field == (20, 45, 85, 45)
    assert DIN_5008_B.notes
    assert DIN_5008_B.notes.height + DIN_5008_B.recipient.height == pytest.approx(DIN_5008_B.height)
    assert DIN_5008_B.notes.bottom == pytest.approx(DIN_5008_B.recipient.top)
    assert (DIN_5008_B.folds, DIN_5008_B.punch, DIN_5008_B.lines) == ((105, 210), 148.5, 6)


def test_american_paper_has_the_american_window() -> None:
    assert US_10.paper == "Letter"
    assert US_10.punch is None


@EVERY
def test_every_address_fills_the_lines_of_the_window(window: Window) -> None:
    for count in range(window.lines + 1):
        address = ("line",) * count
        assert window.filled_by(address) == address + ("",) * (window.lines - count)
    long = ("line",) * (window.lines + 1)
    assert window.filled_by(long) == long  # a fault that preflight reports, not one to hide


def test_a_window_is_known_by_its_name() -> None:
    assert window_named("UK DL") is WINDOWS["UK DL"]


def test_another_name_is_an_error_that_helps() -> None:
    with pytest.raises(PrintError, match=r"no address window `DIN 5008-B`.*did you mean `DIN 5008 B`\?"):
        window_named("DIN 5008-B")


def test_nonsense_gets_the_list_and_no_guess() -> None:
    with pytest.raises(PrintError) as caught:
        window_named("porthole")
    assert str(caught.value).endswith("expected DIN 5008 B, US #10, UK DL")
