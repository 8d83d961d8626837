"""The letter on icon and logo of a pass."""

from __future__ import annotations

import pytest

from members_portal.wallet_pass.pass_picture import letter_of, pass_pictures
from tests.wallet_pass.cards import FONT


@pytest.mark.parametrize(
    ("name", "letter"),
    [("The Club", "T"), ("«été»", "É"), ("咖啡 Club", "C"), ("9 Lamps", "9"), ("咖啡", "•"), ("", "•")],
)
def test_the_icon_has_the_first_letter_that_the_font_has(name: str, letter: str) -> None:
    assert letter_of(name, FONT) == letter


def test_equal_pictures_are_equal_bytes_and_small() -> None:
    made = pass_pictures("T", FONT, "#12363f", "#fffaf0")
    assert pass_pictures("T", FONT, "#12363f", "#fffaf0") == made
    assert pass_pictures("U", FONT, "#12363f", "#fffaf0") != made
    assert max(map(len, made.values())) < 2000
