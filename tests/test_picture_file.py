"""Raster pictures: all metadata are removed, orientation and colour profile are applied, other files are refused."""

from __future__ import annotations

import io
import random
from typing import Any

import pytest
from PIL import Image

from members_portal import picture_file
from members_portal.picture_file import (
    FORMATS,
    UnreadablePicture,
    find_metadata,
    printed_picture,
    published_picture,
    read_picture,
)
from tests.pictures import ENDINGS, TAG, animation, encoded, halves, profile_with_swapped_colours, tagged

Colour = tuple[int, int, int]


def decoded(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def colour_at(data: bytes, x: int, y: int) -> Colour:
    red, green, blue = decoded(data).convert("RGB").getpixel((x, y))  # type: ignore[misc]
    return red, green, blue


def is_near(found: Colour, expected: Colour) -> bool:
    return all(abs(one - other) < 24 for one, other in zip(found, expected, strict=True))


@pytest.mark.parametrize("ending", ENDINGS)
def test_all_metadata_are_removed(ending: str) -> None:
    source = tagged(ending)
    assert TAG.encode() in source
    assert find_metadata(source) != []
    data = published_picture(read_picture(source), ENDINGS[ending])
    assert TAG.encode() not in data
    assert find_metadata(data) == []
    assert decoded(data).format == ENDINGS[ending]
    assert is_near(colour_at(data, 5, 10), (220, 30, 30))
    assert TAG.encode() not in printed_picture(source)[0]


@pytest.mark.parametrize("ending", ["avif", "jpg", "png", "webp"])
def test_the_orientation_is_applied(ending: str) -> None:
    data = published_picture(read_picture(tagged(ending, orientation=6)), ENDINGS[ending])
    assert decoded(data).size == (20, 40)  # turned clockwise by a quarter: the left half is on top
    assert is_near(colour_at(data, 10, 5), (220, 30, 30))
    assert is_near(colour_at(data, 10, 35), (30, 30, 220))


@pytest.mark.parametrize("ending", ["avif", "jpg", "png", "webp"])
def test_the_colours_are_converted_to_srgb(ending: str) -> None:
    source = encoded(
        Image.new("RGB", (16, 16), (200, 40, 40)), ENDINGS[ending], icc_profile=profile_with_swapped_colours()
    )
    data = published_picture(read_picture(source), ENDINGS[ending])
    assert "icc_profile" not in decoded(data).info
    assert is_near(colour_at(data, 8, 8), (40, 200, 40))


@pytest.mark.parametrize("profile", [b"", b"no profile", b"\0" * 200])
def test_a_picture_with_a_damaged_profile_counts_as_srgb(profile: bytes) -> None:
    data = published_picture(read_picture(encoded(halves(), "JPEG", icc_profile=profile)), "JPEG")
    assert is_near(colour_at(data, 5, 10), (220, 30, 30))


@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [
        ("1", "PNG", (255, 255, 255)),
        ("L", "PNG", (255, 255, 255)),
        ("L", "JPEG", (255, 255, 255)),
        ("LA", "PNG", (255, 255, 255)),
        ("P", "GIF", (255, 255, 255)),
        ("I;16", "PNG", (255, 255, 255)),
        ("CMYK", "JPEG", (255, 255, 255)),
        ("RGBA", "WEBP", (255, 255, 255)),
    ],
)
def test_each_colour_mode_is_read(mode: str, kind: str, expected: Colour) -> None:
    white: dict[str, Any] = {
        "I;16": 65535,
        "LA": (255, 255),
        "RGBA": (255, 255, 255, 255),
        "CMYK": (0, 0, 0, 0),
        "1": 1,
    }
    image = Image.new(mode, (16, 16), white.get(mode, 255))
    if mode == "P":
        image = Image.new("RGB", (16, 16), "white").quantize(4)
    for target in ("AVIF", "GIF", "JPEG", "PNG", "WEBP"):
        assert is_near(colour_at(published_picture(read_picture(encoded(image, kind)), target), 8, 8), expected)


def test_a_jpeg_keeps_its_quality() -> None:
    image = Image.effect_noise((200, 200), 60).convert("RGB")
    for quality in (40, 95):
        source = encoded(image, "JPEG", quality=quality)
        data = published_picture(read_picture(source), "JPEG")
        assert 0.8 < len(data) / len(source) < 1.1


def test_transparency_is_kept_and_is_white_in_a_jpeg() -> None:
    image = Image.new("RGBA", (16, 16), (200, 0, 0, 0))
    picture = read_picture(encoded(image, "PNG"))
    assert picture.has_alpha
    assert decoded(published_picture(picture, "PNG")).getpixel((8, 8))[3] == 0  # type: ignore[index]
    assert colour_at(published_picture(picture, "JPEG"), 8, 8) == (255, 255, 255)
    assert not read_picture(encoded(halves().convert("RGBA"), "PNG")).has_alpha  # every pixel is opaque


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF", "PNG"])
def test_an_animation_keeps_its_frames_and_prints_as_the_first(kind: str) -> None:
    source = animation(kind)
    data = published_picture(read_picture(source), kind)
    image = Image.open(io.BytesIO(data))
    assert getattr(image, "n_frames", 1) == 3
    printed, media_type = printed_picture(source)
    assert is_near(colour_at(printed, 8, 8), (255, 0, 0))
    assert media_type in {"image/png", "image/jpeg"}


@pytest.mark.parametrize(
    ("ending", "media_type"), [("avif", "image/jpeg"), ("webp", "image/jpeg"), ("gif", "image/png")]
)
def test_a_picture_is_printed_as_jpeg_or_png(ending: str, media_type: str) -> None:
    data, found = printed_picture(tagged(ending))
    assert (found, decoded(data).format) == (media_type, media_type.partition("/")[2].upper())


def test_a_large_picture_is_reduced() -> None:
    picture = read_picture(encoded(halves(3000, 30), "JPEG"))
    assert decoded(published_picture(picture, "JPEG")).size == (2560, 26)


HEIC = b"\0\0\0\x18ftypheic" + b"\0" * 16


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "is empty"),
        (b"Late light from a window.", "is not a picture"),
        (b"<!DOCTYPE html><p>Not found", "holds a web page"),
        (b"\n<svg xmlns='http://www.w3.org/2000/svg'/>", "holds an SVG picture"),
        (b"%PDF-1.7\n", "holds a PDF document"),
        (HEIC, "holds a HEIC picture, which few browsers show"),
        (encoded(halves(), "TIFF"), "holds a TIFF picture"),
        (encoded(halves(), "BMP"), "holds a BMP picture"),
        (encoded(Image.effect_noise((90, 90), 50), "JPEG")[:900], "is damaged or incomplete"),
        (encoded(Image.effect_noise((90, 90), 50), "PNG")[:900], "is damaged or incomplete"),
        (encoded(Image.effect_noise((90, 90), 50), "WEBP")[:900], "is not a picture"),
        (encoded(halves(), "JPEG")[:12], "is not a picture"),
    ],
)
def test_another_file_is_refused_with_the_reason(data: bytes, what: str) -> None:
    with pytest.raises(UnreadablePicture) as caught:
        read_picture(data)
    assert caught.value.what == what


@pytest.mark.parametrize("kind", ["PNG", "GIF"])
def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picture_file, "MOST_PIXELS", 32 * 20 * 2)
    with pytest.raises(UnreadablePicture, match="million pixels"):
        read_picture(animation("GIF") if kind == "GIF" else encoded(halves(100, 100), "PNG"))


def test_no_damage_to_a_picture_raises_another_error() -> None:
    chance = random.Random(13)
    tried = refused = 0
    for ending in ENDINGS:
        source = tagged(ending)
        for _ in range(40):
            data = bytearray(source)
            for _ in range(3):
                data[chance.randrange(len(data))] = chance.randrange(256)
            tried += 1
            try:
                picture = read_picture(bytes(data))
                assert TAG.encode() not in published_picture(picture, FORMATS[f".{ending}"])
            except UnreadablePicture:
                refused += 1
    print(f"damaged_pictures={tried}, refused={refused}")
    assert 0 < refused < tried
