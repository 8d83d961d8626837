"""The gate opens fonts and pictures: a file cut off, emptied or replaced by text does not pass."""

from __future__ import annotations

import shutil
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from members_portal.publish.gate.candidate import paths_in
from members_portal.publish.gate.media_check import damaged_media, opens_as_font, opens_as_picture
from tests.publish.project import Project

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF")


def picture(kind: str) -> bytes:
    data = BytesIO()
    Image.linear_gradient("L").resize((40, 30)).convert("RGB").save(data, kind)
    return data.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
def test_a_whole_picture_opens_and_a_damaged_one_does_not(kind: str) -> None:
    whole = picture(kind)
    assert opens_as_picture(whole)
    for damaged in (b"", b"text", whole[: len(whole) // 2], whole[:-3], bytes(len(whole))):
        assert not opens_as_picture(damaged), damaged[:20]


def test_data_after_the_end_of_a_photo_is_no_damage() -> None:
    assert opens_as_picture(picture("JPEG") + bytes(2000))


def test_a_whole_font_opens_and_a_damaged_one_does_not(harbour: Project) -> None:
    fonts = sorted((harbour.release / "theme" / "fonts").glob("*.woff2"))
    assert fonts
    for font in fonts:
        whole = font.read_bytes()
        assert opens_as_font(whole)
        for damaged in (b"", b"text", whole[:-1], whole[: len(whole) // 2], bytes(len(whole))):
            assert not opens_as_font(damaged)


def test_each_damaged_file_of_the_tree_is_named(harbour: Project, tmp_path: Path) -> None:
    (font, *_) = sorted((harbour.release / "theme" / "fonts").glob("*.woff2"))
    for edition in ("public", "editions/gold"):
        (tmp_path / edition / "images").mkdir(parents=True)
        (tmp_path / edition / "images" / "cut.JPG").write_bytes(picture("JPEG")[:-20])
        (tmp_path / edition / "images" / "whole.png").write_bytes(picture("PNG"))
        shutil.copyfile(font, tmp_path / edition / "whole.woff2")
    (tmp_path / "public" / "empty.woff2").write_bytes(b"")
    assert list(damaged_media(tmp_path, paths_in(tmp_path))) == [
        "editions/gold/images/cut.JPG can't be opened: the picture is damaged",
        "public/empty.woff2 can't be opened: the font is damaged",
        "public/images/cut.JPG can't be opened: the picture is damaged",
    ]
