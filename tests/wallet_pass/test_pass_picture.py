"""The letter on icon and logo of a pass."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from members_portal.wallet_pass.pass_picture import letter_of, letter_pictures, mark_pictures
from tests.wallet_pass.cards import FONT


@pytest.mark.parametrize(
    ("name", "letter"),
    [("The Club", "T"), ("«été»", "É"), ("咖啡 Club", "C"), ("9 Lamps", "9"), ("咖啡", "•"), ("", "•")],
)
def test_the_icon_has_the_first_letter_that_the_font_has(name: str, letter: str) -> None:
    assert letter_of(name, FONT) == letter


def test_equal_pictures_are_equal_bytes_and_small() -> None:
    made = letter_pictures("T", FONT, "#12363f", "#fffaf0")
    assert letter_pictures("T", FONT, "#12363f", "#fffaf0") == made
    assert letter_pictures("U", FONT, "#12363f", "#fffaf0") != made
    assert max(map(len, made.values())) < 2000


def test_the_mark_of_the_site_is_resized(tmp_path: Path) -> None:
    Image.new("RGBA", (512, 512), "#12363f").save(tmp_path / "mark.png")
    made = mark_pictures(tmp_path / "mark.png")
    assert made.keys() == letter_pictures("T", FONT, "#12363f", "#fffaf0").keys()
    icon = Image.open(BytesIO(made["icon@3x.png"])).convert("RGB")
    assert (icon.size, icon.getpixel((40, 40))) == ((87, 87), (0x12, 0x36, 0x3F))
