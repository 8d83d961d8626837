"""Words on a page are where another program finds them, in the inks they are in."""

import re
import subprocess
from html import unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pikepdf import Dictionary, Pdf
from weasyprint import HTML

from members_portal.newsletter.preflight.inventory import Inventory
from members_portal.newsletter.preflight.trace import Paint, Traced, TracedPicture, TracedText, Tracer
from members_portal.newsletter.preflight.typeface import read_typeface
from tests.newsletter.press_run import FONTS

STYLE = f"""<style>
@font-face {{ font-family: body; src: url(file://{FONTS}/SourceSansPro-Regular.ttf) }}
@page {{ size: 120mm 90mm; margin: 10mm }} body {{ font: 12pt body; margin: 0 }} p {{ margin: 0 0 3mm }}
</style>"""
LINES = {
    "plain": "<p>Wateraffinity",
    "kerned": "<p>AVATAR,Tofu.",
    "ligatures": "<p>officefluffier",
    "spaced": "<p style='letter-spacing: 3pt'>Spaced",
    "right": "<p style='text-align: right'>Right",
    "large": "<h1>Large",
    "turned up": "<p style='transform: scale(1.5); transform-origin: left'>Scaled",
    "within a form": "<p style='opacity: .5'>Faint",
    "two sizes": "<p>small<b style='font-size: 18pt'>LARGE</b>",
    "accents": "<p>Łódź-Nguyễn",
}


def texts_of(pdf: Pdf) -> list[TracedText]:
    """Trace the words of the first page."""
    page = pdf.pages[0]
    shown = Tracer(page.resources, Inventory().typeface).follow(page)
    return [each for each in shown if isinstance(each, TracedText) and each.words.strip()]


@pytest.mark.parametrize("name", LINES)
def test_words_are_where_poppler_finds_them(tmp_path: Path, name: str) -> None:
    data = bytes(HTML(string=STYLE + LINES[name]).write_pdf())
    (tmp_path / "page.pdf").write_bytes(data)
    found = subprocess.run(
        ["pdftotext", "-bbox", tmp_path / "page.pdf", "-"], capture_output=True, text=True, check=True
    )
    words = re.findall(r'<word xMin="([\d.]+)".* xMax="([\d.]+)".*>(.*)</word>', found.stdout)
    texts = texts_of(pikepdf.open(BytesIO(data)))
    assert "".join(text.words for text in texts) == unescape("".join(word for *_, word in words))
    assert texts[0].x == pytest.approx(float(words[0][0]), abs=0.1)
    assert texts[-1].x + texts[-1].width == pytest.approx(float(words[-1][1]), abs=0.2)


def traced(content: bytes, **resources: Any) -> list[Traced]:
    """Trace operators, with one standard font of letters that are half as wide as high."""
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    font = Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Courier)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=font), **resources)
    page.obj.Contents = pdf.make_stream(content)
    found = list(Tracer(page.resources, Inventory().typeface).follow(page))
    pdf.close()
    return found


def places(content: bytes) -> list[tuple[float, float, float]]:
    """Return where words begin, and how far they go."""
    return [(text.x, text.y, text.width) for text in traced(content) if isinstance(text, TracedText)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"BT /F1 10 Tf 20 30 Td (ab) Tj ET", [(20, 30, 10)]),
        (b"BT /F1 10 Tf 20 30 Td (ab) Tj (c) Tj ET", [(20, 30, 10), (30, 30, 5)]),
        (b"BT /F1 10 Tf 20 30 Td [(a) -500 (b)] TJ ET", [(20, 30, 15)]),
        (b"BT /F1 10 Tf 12 TL 20 30 Td (a) Tj T* (b) Tj (c) ' ET", [(20, 30, 5), (20, 18, 5), (20, 6, 5)]),
        (b"BT /F1 10 Tf 20 30 TD 0 -7 TD (a) Tj T* (b) Tj ET", [(20, 23, 5), (20, 16, 5)]),
        (b"BT /F1 10 Tf 1 Tc 20 30 Td (ab) Tj ET", [(20, 30, 12)]),
        (b"2 0 0 2 5 5 cm BT /F1 10 Tf 20 30 Td (a) Tj ET", [(45, 65, 10)]),
        (b"q 2 0 0 2 5 5 cm Q BT /F1 10 Tf 20 30 Td (a) Tj ET", [(20, 30, 5)]),
        (b"BT /F1 10 Tf 3 Tr 20 30 Td (a) Tj ET", []),
    ],
)
def test_operators_place_words_as_the_standard_says(content: bytes, expected: list[tuple[float, ...]]) -> None:
    assert places(content) == expected


@pytest.mark.parametrize(
    ("operators", "paint"),
    [
        (b"", Paint("/DeviceGray", (0.0,))),
        (b"0 0 0 1 k", Paint("/DeviceCMYK", (0, 0, 0, 1))),
        (b"q 0 0 0 1 k Q", Paint("/DeviceGray", (0.0,))),
        (b"1 0 0 1 K", Paint("/DeviceGray", (0.0,))),
        (b"/DeviceCMYK cs 0 1 0 0 scn", Paint("/DeviceCMYK", (0, 1, 0, 0))),
        (b"/Pattern cs /P0 scn", Paint("/Pattern", ())),
        (b"1 0 0 rg", Paint("/DeviceRGB", (1, 0, 0))),
    ],
)
def test_words_are_in_the_colour_that_was_chosen(operators: bytes, paint: Paint) -> None:
    (text,) = traced(operators + b" BT /F1 10 Tf (a) Tj ET")
    assert isinstance(text, TracedText)
    assert text.paint == paint


@pytest.mark.parametrize(
    ("paint", "black", "dark"),
    [
        (Paint("/DeviceCMYK", (0, 0, 0, 1)), True, True),
        (Paint("/DeviceCMYK", (0, 0, 0, 0)), True, False),
        (Paint("/DeviceCMYK", (0.7, 0.6, 0.6, 0.8)), False, True),
        (Paint("/DeviceCMYK", (0.2, 0.9, 1, 0.2)), False, False),
        (Paint("/DeviceGray", (0,)), True, False),
        (Paint("/DeviceRGB", (0, 0, 0)), False, True),
        (Paint("/Pattern", ()), False, True),
    ],
)
def test_black_of_one_ink_is_told_from_black_of_four(paint: Paint, black: bool, dark: bool) -> None:
    assert (paint.is_black_ink, paint.is_dark) == (black, dark)


def test_pictures_are_as_large_as_their_frames() -> None:
    def shown(pdf: Pdf) -> list[Traced]:
        page = pdf.add_blank_page(page_size=(200, 200))
        picture = pdf.make_stream(b"\0", Subtype=pikepdf.Name.Image, Width=1, Height=1)
        page.obj.Resources = Dictionary(XObject=Dictionary(x=picture))
        page.obj.Contents = pdf.make_stream(b"0 30 -40 0 9 9 cm /x Do /missing Do")
        return list(Tracer(page.resources, read_typeface).follow(page))

    (placed,) = shown(pdf := Pdf.new())
    assert isinstance(placed, TracedPicture)
    assert (placed.width, placed.height) == (30, 40)
    pdf.close()


def test_a_form_that_draws_itself_comes_to_an_end() -> None:
    pdf = Pdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    form = pdf.make_stream(b"/x Do", Subtype=pikepdf.Name.Form, BBox=[0, 0, 1, 1])
    form.Resources = Dictionary(XObject=Dictionary(x=form))
    page.obj.Resources = Dictionary(XObject=Dictionary(x=form))
    page.obj.Contents = pdf.make_stream(b"/x Do")
    assert list(Tracer(page.resources, read_typeface).follow(page)) == []
