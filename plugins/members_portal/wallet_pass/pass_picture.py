"""Icon and logo of a pass: the site's mark, or without one the first letter of its name on the house colour."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

ICON_SIZES = {"icon.png": 29, "icon@2x.png": 58, "icon@3x.png": 87}  # pixels on each side
LOGO_SIZES = {"logo.png": 50, "logo@2x.png": 100, "logo@3x.png": 150}
SAMPLE_SIZE = 40  # pixels
NO_CHARACTER = "\uffff"
LETTER_SHARE = 0.66  # of the picture's height
MOST_COLOURS = 16  # of the palette: two colours and the steps between them


def letter_of(name: str, font: Path) -> str:
    """Return the first letter or digit of a name that a font can draw, as a capital; a dot without one."""
    face = ImageFont.truetype(str(font), SAMPLE_SIZE)
    box = bytes(face.getmask(NO_CHARACTER))  # what the font draws for a character that it lacks
    capitals = (character.upper()[:1] for character in name if character.isalnum())
    return next((capital for capital in capitals if bytes(face.getmask(capital)) != box), "•")


def mark_pictures(mark: Path) -> dict[str, bytes]:
    """Return the pictures of a pass by file name, as PNG, made from a square picture of the site's mark."""
    with Image.open(mark) as opened:
        whole = opened.convert("RGB")
    return {
        name: _png(whole.resize((size, size), Image.Resampling.LANCZOS))
        for name, size in (ICON_SIZES | LOGO_SIZES).items()
    }


def letter_pictures(letter: str, font: Path, colour: str, ink: str) -> dict[str, bytes]:
    """Return the pictures of a pass by file name, as PNG, with a letter."""
    return {name: _picture(letter, font, size, colour, ink) for name, size in (ICON_SIZES | LOGO_SIZES).items()}


def _picture(letter: str, font: Path, size: int, colour: str, ink: str) -> bytes:
    picture = Image.new("RGB", (size, size), colour)
    face = ImageFont.truetype(str(font), round(size * LETTER_SHARE))
    ImageDraw.Draw(picture).text((size / 2, size / 2), letter, ink, face, anchor="mm")
    return _png(picture)


def _png(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.quantize(MOST_COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()
