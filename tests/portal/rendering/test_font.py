"""Web fonts: small, deterministic, cached."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from members_portal.cache_entry import open_entry, seal_entry
from members_portal.portal.rendering import font
from members_portal.portal.rendering.font import build_fonts

KEY = b"key of the cache"
FONTS = {"sans": ("font-source-sans-pro", "SourceSansPro-Regular.ttf")}


def build(fonts: Mapping[str, tuple[str, str]], target: Path, cache: Path, key: bytes) -> None:
    """Write fonts into a folder."""
    for name, data in build_fonts(fonts, cache, key):
        target.mkdir(exist_ok=True)
        (target / name).write_bytes(data)


@pytest.fixture(scope="module")
def font_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make one font."""
    folder = tmp_path_factory.mktemp("fonts")
    build(FONTS, folder / "site", folder / "cache", KEY)
    return folder


def test_a_font_is_packed_and_keeps_the_letters_of_names(font_made: Path) -> None:
    file = font_made / "site" / "sans.woff2"
    assert file.read_bytes()[:4] == b"wOF2"
    assert file.stat().st_size < 80_000
    letters = TTFont(file).getBestCmap()
    assert {ord(letter) for letter in "Aéßøőžșữ–“€…"} <= set(letters)


@pytest.mark.long
def test_the_same_font_is_the_same_bytes(font_made: Path, tmp_path: Path) -> None:
    build(FONTS, tmp_path / "site", tmp_path / "cache", KEY)
    assert (tmp_path / "site" / "sans.woff2").read_bytes() == (font_made / "site" / "sans.woff2").read_bytes()
    assert sorted(file.name for file in (tmp_path / "cache").iterdir()) == sorted(
        file.name for file in (font_made / "cache").iterdir()
    )


def test_a_font_is_made_once(font_made: Path, tmp_path: Path) -> None:
    (kept,) = (font_made / "cache").iterdir()
    before = kept.stat()
    build(FONTS, tmp_path / "again", font_made / "cache", KEY)
    assert open_entry(KEY, kept.name, kept.read_bytes()) == (tmp_path / "again" / "sans.woff2").read_bytes()
    assert kept.stat().st_mtime_ns == before.st_mtime_ns


@pytest.mark.long
def test_a_font_that_another_key_authenticates_is_not_taken(font_made: Path, tmp_path: Path) -> None:
    (kept,) = (font_made / "cache").iterdir()
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / kept.name).write_bytes(seal_entry(b"another key", kept.name, b"wOF2 planted"))
    build(FONTS, tmp_path / "site", cache, KEY)
    assert (tmp_path / "site" / "sans.woff2").read_bytes() == (font_made / "site" / "sans.woff2").read_bytes()


@pytest.mark.long
def test_pelican_alone_and_a_publish_keep_their_own_fonts(font_made: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    shutil.copytree(font_made / "cache", cache)
    build(FONTS, tmp_path / "plain", cache, b"")
    before = {file.name: file.stat().st_mtime_ns for file in cache.iterdir()}
    for key in (KEY, b""):
        build(FONTS, tmp_path / f"again-{len(key)}", cache, key)
    assert {file.name: file.stat().st_mtime_ns for file in cache.iterdir()} == before
    assert len(before) == 2


@pytest.mark.long
@pytest.mark.parametrize("damage", [lambda data: b"", lambda data: data[:-1], lambda data: data[:-1] + b"\0"])
def test_a_damaged_font_in_the_cache_is_made_again(
    font_made: Path, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    (kept,) = (font_made / "cache").iterdir()
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / kept.name).write_bytes(damage(kept.read_bytes()))
    build(FONTS, tmp_path / "site", cache, KEY)
    assert (tmp_path / "site" / "sans.woff2").read_bytes() == (font_made / "site" / "sans.woff2").read_bytes()
    assert (cache / kept.name).read_bytes() == kept.read_bytes()


def test_a_damaged_font_of_a_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "sans.ttf").write_bytes(b"")
    monkeypatch.setattr(font, "font_file", lambda package, file: tmp_path / "sans.ttf")
    with pytest.raises(OSError, match=r"^sans\.ttf is no font \(.*\): install its package again$"):
        build(FONTS, tmp_path / "site", tmp_path / "cache", KEY)


def test_another_recipe_is_another_font(font_made: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(font, "LATIN", "U+0041")
    build(FONTS, tmp_path / "site", font_made / "cache", KEY)
    assert set(TTFont(tmp_path / "site" / "sans.woff2").getBestCmap()) == {ord("A")}
    assert len(list((font_made / "cache").iterdir())) == 2


@pytest.mark.long
def test_a_font_of_signs_keeps_all_its_signs_in_one_weight(tmp_path: Path) -> None:
    build({"emoji": ("manimgx-fonts", "NotoEmoji[wght].ttf")}, tmp_path / "site", tmp_path / "cache", KEY)
    made = TTFont(tmp_path / "site" / "emoji.woff2")
    known = set(made.getBestCmap())
    assert {ord(sign) for sign in "🎈❤✈😀🫠"} <= known
    assert ord("1") not in known
    assert "fvar" not in made
