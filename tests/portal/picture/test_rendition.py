"""The widths and formats of a picture."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from members_portal.picture_file import find_metadata
from members_portal.portal.picture.rendition import EncodedPicture, encode_picture, rendition_widths
from tests.pictures import TAG, animation, encoded, halves, tagged

DIGEST = "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("width", "widths"),
    [(1, [1]), (480, [480]), (500, [500]), (700, [480, 700]), (1200, [480, 960, 1200]), (4000, [480, 960, 1600])],
)
def test_a_picture_has_up_to_three_widths_and_none_above_its_own(width: int, widths: list[int]) -> None:
    assert rendition_widths(width) == widths


@pytest.mark.parametrize(
    ("data", "kind", "endings"),
    [
        (tagged("jpg", image=halves(700, 10)), "JPEG", ["480.avif", "700.avif", "480.jpg", "700.jpg"]),
        (tagged("gif"), "GIF", ["40.avif", "40.jpg"]),
        (encoded(Image.new("RGBA", (40, 20)), "PNG"), "PNG", ["40.avif", "40.webp"]),
        (animation(), "GIF", ["32.avif"]),
    ],
)
def test_the_renditions_are_avif_and_jpeg_or_webp_with_transparency(data: bytes, kind: str, endings: list[str]) -> None:
    made = encode_picture(data, kind, DIGEST)
    found = [each.address.removeprefix(f"assets/pictures/{DIGEST[:24]}-") for each in made.facts.renditions]
    assert found == endings
    for each, file in zip(made.facts.renditions, made.renditions, strict=True):
        image = Image.open(io.BytesIO(file))
        assert (image.format, image.width) == (each.kind, each.width)
        assert find_metadata(file) == []
        assert TAG.encode() not in file


def test_the_same_picture_gives_the_same_bytes() -> None:
    source = tagged("jpg", image=halves(700, 500))
    made = encode_picture(source, "JPEG", DIGEST)
    assert made == encode_picture(source, "JPEG", DIGEST)
    assert EncodedPicture.from_bytes(DIGEST, made.to_bytes()) == made


def test_the_dimensions_are_those_of_the_upright_picture() -> None:
    facts = encode_picture(tagged("jpg", orientation=6), "JPEG", DIGEST).facts
    assert (facts.width, facts.height) == (20, 40)
