"""Inks of a press for colours of the screen.

Greys are printed in black ink only: text stays sharp when the four plates are out of register. Other colours are
converted with the ICC profile, relative colorimetric with black point compensation. Flat colours and pictures use the
same rule, so the background of a picture equals that of the page.
"""

import math
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal, cast

from PIL import Image, ImageChops, ImageCms, ImageMath

from members_portal.newsletter.print_error import PrintError

DEFAULT_PROFILE = Path("/usr/share/color/icc/ghostscript/default_cmyk.icc")  # Debian's libgs-common
INK_LIMIT = 3.0  # total area coverage of 4 plates: coated paper, sheet-fed press (ISO 12647-2:2013 allows up to 3.3)
FLAT_COLOURS = 4096  # a picture with fewer colours is a drawing; JPEG would add artefacts
DIGITS = 4  # decimals of an ink level: finer than any plate
NEUTRAL = (128, 128)  # Lab's a and b of greys, in bytes
SCALE = 10_000  # 10 ** DIGITS

Cmyk = tuple[float, float, float, float]


class Inks:
    """The inks of one press, described by its ICC profile."""

    def __init__(self, path: Path = DEFAULT_PROFILE, limit: float = INK_LIMIT) -> None:
        self.profile = read_profile(path)
        self.limit = limit
        self._press = _transform(self.profile)
        self._screen = ImageCms.buildTransform(_built_in("LAB"), _built_in("sRGB"), "LAB", "RGB")
        self._hued = lru_cache(maxsize=None)(self._separate)

    @property
    def description(self) -> str:
        """Return the description in the profile."""
        return (ImageCms.getOpenProfile(BytesIO(self.profile)).profile.profile_description or "").strip()

    def colour(self, red: float, green: float, blue: float) -> Cmyk:
        """Return the inks (0 to 1) of an sRGB colour (0 to 1)."""
        levels = [_byte(level) for level in (red, green, blue)]
        if levels[0] == levels[1] == levels[2]:
            return (0.0, 0.0, 0.0, round(1 - levels[0] / 255, DIGITS))
        return self._hued(*levels)

    def lab(self, lightness: float, a: float, b: float) -> Cmyk:
        """Return the inks of a CIE Lab colour (D50, 0 to 100, -128 to 127)."""
        pixel = (_byte(lightness / 100), round(a) + 128, round(b) + 128)
        screen = _apply(self._screen, Image.new("LAB", (1, 1), pixel))
        red, green, blue = cast(tuple[int, int, int], screen.getpixel((0, 0)))
        if pixel[1:] == NEUTRAL:
            red = blue = green  # removes rounding errors
        return self.colour(red / 255, green / 255, blue / 255)

    def limited(self, inks: Cmyk) -> Cmyk:
        """Scale cyan, magenta and yellow down where the total area coverage exceeds the limit."""
        *hues, black = inks
        if sum(inks) <= self.limit:
            return inks
        share = (self.limit - black) / sum(hues)
        cyan, magenta, yellow = (_down(share * hue) for hue in hues)
        return (cyan, magenta, yellow, black)

    def picture(self, image: Image.Image) -> Image.Image:
        """Return an RGB picture as CMYK, or as grey when it has no hue at all."""
        if is_grey(image):
            return image.getchannel("R")
        return _limited(_apply(self._press, image), 255 * self.limit)

    def _separate(self, red: int, green: int, blue: int) -> Cmyk:
        image = _apply(self._press, Image.new("RGB", (1, 1), (red, green, blue)))
        levels = cast(tuple[int, int, int, int], image.getpixel((0, 0)))
        cyan, magenta, yellow, black = (round(level / 255, DIGITS) for level in levels)
        return self.limited((cyan, magenta, yellow, black))


def read_profile(path: Path) -> bytes:
    """Return the bytes of a CMYK printer's profile; raise PrintError for anything else."""
    try:
        data = path.read_bytes()
        profile = ImageCms.getOpenProfile(BytesIO(data)).profile
    except (OSError, ImageCms.PyCMSError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise PrintError(f"{path}: can't be read as an ICC profile: {why}") from error
    kind = f"{profile.xcolor_space.strip()} {profile.device_class.strip()}"
    if kind != "CMYK prtr":
        raise PrintError(f"{path}: the print run needs the profile of a CMYK printer (`CMYK prtr`), not `{kind}`")
    return data


def is_grey(image: Image.Image) -> bool:
    """Tell whether all pixels of an RGB picture are grey."""
    red, green, blue = image.split()
    return not (ImageChops.difference(red, green).getbbox() or ImageChops.difference(green, blue).getbbox())


def is_flat(image: Image.Image) -> bool:
    """Tell whether a picture is a drawing: one with few colours."""
    return image.getcolors(FLAT_COLOURS) is not None


def _transform(profile: bytes) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(
        _built_in("sRGB"),
        ImageCms.getOpenProfile(BytesIO(profile)),
        "RGB",
        "CMYK",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _built_in(space: Literal["LAB", "sRGB"]) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space))


def _apply(transform: ImageCms.ImageCmsTransform, image: Image.Image) -> Image.Image:
    """Return a converted copy; the library's type is optional because of in-place conversion."""
    return cast(Image.Image, ImageCms.applyTransform(image, transform))


def _limited(image: Image.Image, most: float) -> Image.Image:
    *hues, black = image.split()
    inks = dict(zip("cmyk", (*hues, black), strict=True))
    total = ImageMath.lambda_eval(lambda ink: ink["c"] + ink["m"] + ink["y"] + ink["k"], **inks)
    if total.getextrema()[1] <= most:
        return image
    less = [ImageMath.lambda_eval(lambda ink: _less(ink, most), x=hue, **inks) for hue in hues]
    return Image.merge("CMYK", (*less, black))


def _less(ink: dict[str, Any], most: float) -> Any:
    coloured = ink["max"](ink["float"](ink["c"] + ink["m"] + ink["y"]), 1)
    share = ink["min"]((most - ink["k"]) / coloured, 1)
    return ink["convert"](ink["x"] * share, "L")


def _byte(level: float) -> int:
    return round(255 * min(1.0, max(0.0, level)))


def _down(level: float) -> float:
    return math.floor(level * SCALE) / SCALE
