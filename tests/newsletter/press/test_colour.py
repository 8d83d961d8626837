"""A converted page looks as it did before, and all it shows is in the inks of the press."""

import base64
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, parse_content_stream, unparse_content_stream
from PIL import Image, ImageChops, ImageDraw, ImageStat
from weasyprint import HTML

from members_portal.newsletter.preflight.inventory import Inventory, chosen_colours
from members_portal.newsletter.press.colour import Separation
from members_portal.newsletter.press.ink import DEFAULT_PROFILE
from members_portal.newsletter.print_error import PrintError
from tests.long_cases import quick_first
from tests.newsletter.press_run import FONTS

STYLE = f"""<style>
@font-face {{ font-family: body; src: url(file://{FONTS}/SourceSansPro-Regular.ttf) }}
@font-face {{ font-family: heads; src: url(file://{FONTS}/SourceSansPro-Bold.ttf) }}
@page {{ size: 90mm 60mm; margin: 5mm }} body {{ font: 10pt body; margin: 0 }} h1 {{ font: 14pt heads; margin: 0 }}
</style>"""
VECTOR = """<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100"><defs>
<mask id="m"><rect width="200" height="100" fill="#fff"/><circle cx="50" cy="50" r="30" fill="#000"/>
<rect x="120" y="20" width="40" height="40" fill="#f00"/></mask></defs>
<rect width="200" height="100" fill="#8a4a3a" mask="url(#m)"/>
<circle cx="100" cy="50" r="20" fill="#4a8a5a" stroke="#6b3a4a" stroke-width="4" opacity=".5"/></svg>"""


def photo(size: tuple[int, int] = (120, 80)) -> Image.Image:
    """Make a picture of many colours, none of them gaudy: those no press can print."""
    across = Image.linear_gradient("L").resize(size).point(lambda level: 90 + level // 3)
    round_ = Image.radial_gradient("L").resize(size).point(lambda level: 80 + level // 3)
    down = Image.linear_gradient("L").transpose(Image.Transpose.ROTATE_90).resize(size).point(lambda v: 70 + v // 3)
    return Image.merge("RGB", (across, round_, down))


def badge() -> Image.Image:
    """Make a half transparent disc."""
    image = Image.new("RGBA", (60, 60))
    ImageDraw.Draw(image).ellipse((4, 4, 55, 55), fill=(160, 70, 60, 128))
    return image


def grey_square() -> Image.Image:
    """Make a picture in black and white, which WeasyPrint writes as RGB."""
    image = Image.new("1", (40, 40), 1)
    ImageDraw.Draw(image).rectangle((8, 8, 30, 30), fill=0)
    return image


def source(image: Image.Image, kind: str) -> str:
    """Return the address of a picture that holds it."""
    data = BytesIO()
    image.save(data, kind)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(data.getvalue()).decode()}"


PIECES = {
    "text": '<h1 style="color: #1b4a6b">Heading</h1><p>Black <b style="color: #777">grey</b></p>',
    "opacity": '<h1 style="color: #1b4a6b; opacity: .5">Heading</h1>',
    "linear gradient": '<div style="height: 40mm; background: linear-gradient(90deg, #8a4a3a, #4a708a, #fff)"></div>',
    "radial gradient": '<div style="height: 40mm; background: radial-gradient(#6b8a5a22, #8a6b3a)"></div>',
    "borders": '<div style="height: 20mm; border: 2mm solid #6b3a4a; border-radius: 4mm"></div>',
    "lab": '<h1 style="color: oklch(50% .1 30)">Heading</h1>',
    "jpeg": f'<img width=200 src="{source(photo(), "JPEG")}">',
    "png": f'<img width=200 src="{source(photo(), "PNG")}">',
    "grey photo": f'<img width=200 src="{source(photo().convert("L"), "JPEG")}">',
    "black and white": f'<img width=100 src="{source(grey_square(), "PNG")}">',
    "transparent png": f'<div style="background: #cde"><img width=100 src="{source(badge(), "PNG")}"></div>',
    "palette": f'<img width=100 src="{source(photo().convert("P"), "PNG")}">',
    "svg": VECTOR,
    "svg picture": f'<img src="data:image/svg+xml;base64,{base64.b64encode(VECTOR.encode()).decode()}">',
    "tiles": f'<div style="height: 30mm; background: url({source(badge(), "PNG")}) 0 0 / 8mm"></div>',
}


def lay_out(piece: str, pages: int = 1) -> Pdf:
    """Lay out a piece of HTML on each of so many pages."""
    body = '<div style="break-after: page"></div>'.join([piece] * pages)
    return pikepdf.open(BytesIO(bytes(HTML(string=STYLE + body).write_pdf())))


@pytest.fixture(scope="module")
def separation() -> Separation:
    return Separation()


def picture_of(pdf: Pdf, folder: Path, name: str) -> Image.Image:
    """Rasterise the first page as a press with the profile would show it."""
    file = folder / f"{name}.pdf"
    pdf.save(file)
    profile = ["-defaultcmykprofile", str(DEFAULT_PROFILE)]
    subprocess.run(["pdftoppm", "-r", "50", "-png", "-singlefile", *profile, file, folder / name], check=True)
    return Image.open(folder / f"{name}.png").convert("RGB")


def foreign_colours(pdf: Pdf) -> Iterator[str]:
    """Find what isn't CMYK or grey on any page."""
    inventory = Inventory()
    for page in pdf.pages:
        yield from (what for _, what in inventory.page(page))
        yield from chosen_colours(page, page.Contents.read_bytes(), page.resources)


def pictures(pdf: Pdf) -> list[pikepdf.Object]:
    """Return the pictures of the first page."""
    return [drawn for drawn in pdf.pages[0].resources.XObject.values() if drawn.Subtype == Name.Image]


@pytest.mark.parametrize("name", quick_first(PIECES, 5))
def test_a_converted_page_looks_as_before_and_is_in_the_presss_colours(
    separation: Separation, tmp_path: Path, name: str
) -> None:
    before = picture_of(lay_out(PIECES[name]), tmp_path, "before")
    pdf = lay_out(PIECES[name])
    separation.convert(pdf)
    after = picture_of(pdf, tmp_path, "after")
    difference = max(ImageStat.Stat(ImageChops.difference(before, after)).mean)
    print(f"difference={difference:.2f}")
    assert difference < 5  # poppler mixes the inks of gradients without the profile
    assert ImageStat.Stat(before.convert("L")).stddev[0] > 1, "there is nothing to see"
    assert list(foreign_colours(pdf)) == []


@pytest.mark.parametrize("name", quick_first(sorted(set(PIECES) - {"grey photo"}), 4))
def test_the_unconverted_page_is_seen_to_be_in_others(name: str) -> None:
    assert list(foreign_colours(lay_out(PIECES[name]))) != []


def test_black_text_is_pure_black_ink(separation: Separation) -> None:
    pdf = lay_out("<p>Words")
    separation.convert(pdf)
    assert b"\n0 0 0 1 k\n" in pdf.pages[0].Contents.read_bytes()


def test_what_has_no_colour_stays_as_it_was(separation: Separation) -> None:
    pdf = lay_out("<p>Words</p>")
    before = unparse_content_stream(parse_content_stream(pdf.pages[0]))
    separation.convert(pdf)
    assert pdf.pages[0].Contents.read_bytes() == before.replace(b"\n0 0 0 rg\n", b"\n0 0 0 1 k\n")


def test_pages_that_share_their_content_still_do(separation: Separation) -> None:
    pdf = lay_out(PIECES["text"])
    pdf.pages.append(pdf.pages[0])
    separation.convert(pdf)
    assert pdf.pages[0].Contents.objgen == pdf.pages[1].Contents.objgen


def test_what_pages_share_is_converted_once(separation: Separation, tmp_path: Path) -> None:
    pdf = lay_out(PIECES["linear gradient"] + PIECES["lab"], pages=3)
    separation.convert(pdf)
    assert list(foreign_colours(pdf)) == []


def test_masks_measure_light_in_grey(separation: Separation) -> None:
    pdf = lay_out(VECTOR)
    separation.convert(pdf)
    found = entries(pdf.pages[0].resources, Name.ExtGState)
    masks = [state.SMask.G for state in found if isinstance(state.get(Name.SMask), Dictionary)]
    assert masks
    assert {str(mask.Group.CS) for mask in masks} == {"/DeviceGray"}
    assert any(b"0.3 g" in mask.read_bytes() for mask in masks), "red is 0.3 of the light"


def entries(resources: pikepdf.Object, kind: Name) -> Iterator[pikepdf.Object]:
    """Find what resources name, those of forms and tiles, too."""
    yield from resources.get(kind, Dictionary()).values()
    for drawn in (Name.XObject, Name.Pattern):
        for drawing in resources.get(drawn, Dictionary()).values():
            yield from entries(drawing.get(Name.Resources, Dictionary()), kind)


@pytest.mark.parametrize(
    ("name", "filter_", "space"),
    [
        ("jpeg", "/DCTDecode", "/DeviceCMYK"),
        ("png", "/DCTDecode", "/DeviceCMYK"),
        ("palette", "/FlateDecode", "/DeviceCMYK"),
        ("transparent png", "/FlateDecode", "/DeviceCMYK"),
        ("black and white", "/FlateDecode", "/DeviceGray"),
        ("grey photo", "/DCTDecode", "/DeviceGray"),
    ],
)
def test_photos_become_jpeg_and_drawings_stay_sharp(
    separation: Separation, name: str, filter_: str, space: str
) -> None:
    pdf = lay_out(PIECES[name])
    separation.convert(pdf)
    (picture,) = pictures(pdf)
    assert (str(picture.Filter), str(picture.ColorSpace)) == (filter_, space)
    assert (Name.SMask in picture) == (name == "transparent png")


def test_an_indexed_picture_gets_another_palette(separation: Separation) -> None:
    pdf = lay_out(PIECES["palette"])
    (name, picture) = next(iter(pdf.pages[0].resources.XObject.items()))
    palette = Array([Name.Indexed, Name.DeviceRGB, 1, pikepdf.String(b"\x00\x00\x00\xff\xff\xff")])
    indexed = pdf.make_stream(b"\x00", Subtype=Name.Image, Width=8, Height=1, BitsPerComponent=1, ColorSpace=palette)
    pdf.pages[0].resources.XObject[name] = indexed
    separation.convert(pdf)
    converted = pdf.pages[0].resources.XObject[name].ColorSpace
    assert converted[1] == Name.DeviceCMYK
    assert converted[3].read_bytes() == b"\x00\x00\x00\xff\x00\x00\x00\x00"
    assert picture is not indexed


@pytest.mark.long
def test_conversion_gives_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one", "two"):
        pdf = lay_out("".join(PIECES.values()))
        Separation().convert(pdf)
        pdf.save(tmp_path / name, deterministic_id=True)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_content_stream_of_no_document_is_converted(separation: Separation) -> None:
    assert separation.content(b"q 0 0 0 rg 1 1 1 RG BT (rg) Tj ET Q") == b"q\n0 0 0 1 k\n0 0 0 0 K\nBT\n(rg) Tj\nET\nQ"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"/CS0 cs 1 0 0 scn", "colours in /CS0 can't be separated"),
        (b"BI /W 1 /H 1 /CS /RGB /BPC 8 ID abc EI", "samples of a picture"),
    ],
)
def test_what_cannot_be_separated_is_an_error(separation: Separation, content: bytes, message: str) -> None:
    with pytest.raises(PrintError, match=message):
        separation.content(content)


def test_a_sampled_gradient_is_an_error(separation: Separation) -> None:
    pdf = lay_out(PIECES["linear gradient"])
    shading = next(entries(pdf.pages[0].resources, Name.Shading))
    shading.Function = pdf.make_stream(b"", FunctionType=4)
    with pytest.raises(PrintError, match="a function of type 4"):
        separation.convert(pdf)
