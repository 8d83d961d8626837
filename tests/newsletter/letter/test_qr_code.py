"""The QR code of a sign-in address: read back by a reader of others, as a picture and from a PDF."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from members_portal.newsletter.letter.pdf_writer import PdfWriter, array, dictionary, reference, stream
from members_portal.newsletter.letter.qr_code import QUIET, QrBar, QrCodes, operators
from tests.examples import examples
from tests.newsletter import specimen

LONGEST = 120
PIXELS = 4  # of a module
URL_LETTERS = st.characters(min_codepoint=0x21, max_codepoint=0x7E)


def picture(bars: Iterable[QrBar], size: int) -> Image.Image:
    """Draw bars, so many pixels to a module."""
    image = Image.new("L", (size * PIXELS, size * PIXELS), 255)
    draw = ImageDraw.Draw(image)
    for bar in bars:
        left, top = bar.x * PIXELS, bar.y * PIXELS
        draw.rectangle((left, top, left + bar.width * PIXELS - 1, top + PIXELS - 1), fill=0)
    return image


def said(image: Image.Image) -> list[str]:
    """Return the texts of the QR codes in a picture."""
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    return [code.text for code in zxingcpp.read_barcodes(image, formats=formats)]


@settings(max_examples=examples(10, 200))
@given(st.text(URL_LETTERS, min_size=1, max_size=LONGEST))
def test_a_code_says_what_it_was_given(text: str) -> None:
    codes = QrCodes("x" * LONGEST)
    assert said(picture(codes.bars(text), codes.size)) == [text]


def test_sign_in_addresses_are_read_from_a_pdf(tmp_path: Path) -> None:
    addresses = [sheet.sign_in for sheet in specimen.sheets(12)]
    codes = QrCodes(max(addresses, key=len))
    file = tmp_path / "codes.pdf"
    file.write_bytes(pdf([(codes, address) for address in addresses]))
    command = ["pdftoppm", "-r", "150", str(file), str(tmp_path / "page"), "-gray"]
    subprocess.run(command, check=True, capture_output=True)
    pages = sorted(tmp_path.glob("page-*.pgm"))
    assert [said(Image.open(page)) for page in pages] == [[address] for address in addresses]


def pdf(drawn: Iterable[tuple[QrCodes, str]]) -> bytes:
    """Draw codes on pages of their own, 27 mm wide."""
    file = io.BytesIO()
    writer = PdfWriter(file)
    root, kids, edge = writer.number(), [], 27 / 25.4 * 72
    for codes, text in drawn:
        scale = edge / codes.size
        contents = b"%.5f 0 0 -%.5f 0 %.5f cm\n" % (scale, scale, edge) + operators(codes.bars(text)) + b"\nf"
        page = {"Type": b"/Page", "Parent": reference(root), "MediaBox": b"[0 0 %.3f %.3f]" % (edge, edge)}
        page |= {"Contents": reference(writer.add(stream(contents, {}))), "Resources": b"<<>>"}
        kids.append(reference(writer.add(dictionary(page))))
    writer.write(root, dictionary({"Type": b"/Pages", "Kids": array(kids), "Count": b"%d" % len(kids)}))
    catalog = writer.add(dictionary({"Type": b"/Catalog", "Pages": reference(root)}))
    writer.close(catalog, writer.add(b"<<>>"), bytes(16))
    return file.getvalue()


@settings(max_examples=examples(8, 100))
@given(st.text(URL_LETTERS, min_size=1, max_size=LONGEST))
def test_all_codes_are_of_one_size_with_four_modules_of_white_around(text: str) -> None:
    codes = QrCodes("x" * LONGEST)
    bars = list(codes.bars(text))
    assert QUIET == 4
    assert min(bar.x for bar in bars) == min(bar.y for bar in bars) == 4
    assert max(bar.x + bar.width for bar in bars) == max(bar.y + 1 for bar in bars) == codes.size - 4


def test_bars_of_a_row_never_touch() -> None:
    codes = QrCodes("x" * LONGEST)
    bars = list(codes.bars("https://club.example/sign-in/#0123456789"))
    assert all(one.y < other.y or one.x + one.width < other.x for one, other in pairwise(bars))


def test_what_is_longer_than_the_longest_is_refused() -> None:
    codes = QrCodes("https://club.example/sign-in/#0123456789")
    with pytest.raises(ValueError, match="does not fit"):
        list(codes.bars("https://club.example/sign-in/#" + "0" * 400))


def test_the_longest_itself_fits() -> None:
    for length in (1, 14, 15, 26, 27, 200, 700):  # around the ends of the smallest versions of level M
        codes = QrCodes("x" * length)
        assert said(picture(codes.bars("x" * length), codes.size)) == ["x" * length]


def test_the_picture_of_a_code_draws_its_bars() -> None:
    codes = QrCodes("x" * 40)
    bars = list(codes.bars("x" * 40))
    svg = unquote(codes.picture(bars).removeprefix("data:image/svg+xml,"))
    assert svg.count("M") == len(bars)
    assert f'viewBox="0 0 {codes.size} {codes.size}"' in svg
    assert f"M{bars[0].x} {bars[0].y}h7v1h-7z" in svg  # the first is the upper left finder's top
