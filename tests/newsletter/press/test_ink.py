"""Inks for colours of the screen."""

from pathlib import Path

import pytest
from PIL import Image, ImageCms

from members_portal.newsletter.press.ink import DEFAULT_PROFILE, Inks
from members_portal.newsletter.print_error import PrintError


@pytest.fixture(scope="module")
def inks() -> Inks:
    return Inks()


@pytest.fixture(scope="module")
def to_screen() -> ImageCms.ImageCmsTransform:
    """Return what shows the press's inks on a screen."""
    press, screen = ImageCms.getOpenProfile(str(DEFAULT_PROFILE)), ImageCms.createProfile("sRGB")
    way = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    return ImageCms.buildTransform(press, screen, "CMYK", "RGB", *way)


@pytest.mark.parametrize(
    ("colour", "expected"),
    [
        ((0, 0, 0), (0, 0, 0, 1)),
        ((1, 1, 1), (0, 0, 0, 0)),
        ((0.2, 0.2, 0.2), (0, 0, 0, 0.8)),
        ((0.5, 0.5, 0.5), (0, 0, 0, 0.498)),
    ],
)
def test_what_has_no_hue_is_black_ink_alone(
    inks: Inks, colour: tuple[float, float, float], expected: tuple[float, ...]
) -> None:
    assert inks.colour(*colour) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("colour", [(0.11, 0.29, 0.42), (0.78, 0.64, 0.29), (0.6, 0.2, 0.15), (0.2, 0.45, 0.3)])
def test_a_colour_looks_on_paper_as_on_the_screen(
    inks: Inks, to_screen: ImageCms.ImageCmsTransform, colour: tuple[float, float, float]
) -> None:
    printed = tuple(round(255 * ink) for ink in inks.colour(*colour))
    shown = ImageCms.applyTransform(Image.new("CMYK", (1, 1), printed), to_screen)
    assert shown
    assert shown.getpixel((0, 0)) == pytest.approx([255 * level for level in colour], abs=6)


@pytest.mark.long
def test_no_colour_takes_more_ink_than_the_limit() -> None:
    steps = [step / 5 for step in range(6)]
    frugal = Inks(limit=2.4)
    most = max(sum(frugal.colour(red, green, blue)) for red in steps for green in steps for blue in steps)
    print(f"most_ink={most:.4f}")
    assert 2.39 < most <= 2.4


def most_ink(picture: Image.Image) -> int:
    """Return the largest sum of inks of a pixel."""
    return max(sum(pixel) for _, pixel in picture.getcolors(100_000) or [] if isinstance(pixel, tuple))


def test_no_picture_takes_more_ink_than_the_limit() -> None:
    dark = Image.merge("RGB", [Image.linear_gradient("L").point(lambda level, at=at: level // at) for at in (8, 9, 12)])
    printed = Inks(limit=2.4).picture(dark)
    assert most_ink(printed) <= 2.4 * 255
    assert most_ink(Inks().picture(dark)) > 2.4 * 255


def test_lab_colours_are_those_of_the_screen(inks: Inks) -> None:
    assert inks.lab(54.29, 80.8, 69.89) == pytest.approx(inks.colour(1, 0, 0), abs=0.05)
    assert inks.lab(100, 0, 0) == (0, 0, 0, 0)
    assert inks.lab(0, 0, 0) == (0, 0, 0, 1)


def test_a_missing_profile_is_named(tmp_path: Path) -> None:
    with pytest.raises(PrintError, match=r"nowhere.icc: can't be read as an ICC profile: No such file"):
        Inks(tmp_path / "nowhere.icc")


def test_a_file_that_is_no_profile_is_refused(tmp_path: Path) -> None:
    (tmp_path / "words.icc").write_text("not a profile")
    with pytest.raises(PrintError, match=r"words.icc: can't be read as an ICC profile"):
        Inks(tmp_path / "words.icc")


def test_a_screens_profile_is_refused(tmp_path: Path) -> None:
    (tmp_path / "srgb.icc").write_bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    with pytest.raises(PrintError, match=r"needs the profile of a CMYK printer .* not `RGB mntr`"):
        Inks(tmp_path / "srgb.icc")
