"""QR codes drawn in the browser: module for module those of segno, and read by ZXing."""

from __future__ import annotations

import re

import pytest
import segno
import zxingcpp
from PIL import Image
from playwright.sync_api import Page

TEXTS = ("1", "M-1001", "7XHE-FAKC-DK08-Y44Q", "Ünï-çøđé ☕", "https://example.com/#" + "ZNS-" * 8)
FULL = tuple(("Ropewalk, " * 11)[:room] for room in (17, 32, 53, 78, 106))  # bytes of versions 1 to 5
Drawn = dict[str, tuple[int, set[tuple[int, int]]]]
QUIET = 4  # modules of margin


@pytest.fixture(scope="module")
def drawn(seal_page: Page) -> Drawn:
    """Draw all texts: the size of each code, and its dark modules as row and column."""
    seal_page.add_script_tag(url="/qr-code.js")
    codes = seal_page.evaluate("texts => texts.map(text => qrCode(text))", [*TEXTS, *FULL])
    found = [re.findall(r"M(\d+) (\d+)h1v1h-1z", code["path"]) for code in codes]
    modules = [{(int(row), int(column)) for column, row in places} for places in found]
    return {text: (code["size"], dark) for text, code, dark in zip((*TEXTS, *FULL), codes, modules, strict=True)}


@pytest.mark.parametrize("text", FULL)  # segno fills shorter texts otherwise
def test_a_code_is_that_of_segno(drawn: Drawn, text: str) -> None:
    size, dark = drawn[text]
    assert size == 21 + 4 * FULL.index(text)
    other = segno.make_qr(text, error="l", mask=0, mode="byte", boost_error=False)
    rows = list(other.matrix)
    assert dark == {(row, column) for row in range(size) for column in range(size) if rows[row][column]}


@pytest.mark.parametrize("text", [*TEXTS, *FULL])
def test_a_code_is_read(drawn: Drawn, text: str) -> None:
    size, dark = drawn[text]
    image = Image.new("L", (size + 2 * QUIET,) * 2, 255)
    for row, column in dark:
        image.putpixel((column + QUIET, row + QUIET), 0)
    [read] = zxingcpp.read_barcodes(image.resize((8 * image.width,) * 2, Image.Resampling.NEAREST))
    assert read.text == text
