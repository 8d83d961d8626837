"""Decoding of QR codes: pages are rasterised at 300 dpi, and decoded by a library independent of the encoder."""

import shutil
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from pikepdf import Page, Pdf
from PIL import Image

from members_portal.newsletter.post.address_window import Zone
from members_portal.newsletter.preflight.trim import POINTS_PER_MM, boxes_of
from members_portal.newsletter.print_error import PrintError

DPI = 300
POINTS_PER_INCH = 72
PAGES_PER_RASTER = 25  # pages per run of the rasteriser
AROUND = 1.0  # mm of margin around the code's zone
PROGRAM = "pdftoppm"
ERROR_SHOWN = 300  # characters of its error output


def read_codes(pages: Iterable[Page], code: Zone | None) -> Iterator[list[str]]:
    """Yield the texts of the QR codes of each page; `code` is their zone on the trimmed sheet, if known."""
    if not shutil.which(PROGRAM):
        raise PrintError(f"{PROGRAM} isn't on PATH (Debian: poppler-utils)")
    waiting = iter(pages)
    while batch := list(islice(waiting, PAGES_PER_RASTER)):
        with TemporaryDirectory() as folder:
            yield from _read(batch, code, Path(folder))


def _read(pages: Sequence[Page], code: Zone | None, folder: Path) -> Iterator[list[str]]:
    import zxingcpp

    kinds, plain = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode), zxingcpp.TextMode.Plain
    crop = _crop(pages[0], code) if code else []
    with Pdf.new() as alone:
        alone.pages.extend(pages)
        alone.save(folder / "pages.pdf")
    command = [PROGRAM, "-r", str(DPI), "-gray", *crop, "pages.pdf", "page"]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if run.returncode:
        raise PrintError(f"{PROGRAM} says: {run.stderr.strip()[:ERROR_SHOWN]}")
    for picture in sorted(folder.glob("page-*.pgm")):
        with Image.open(picture) as image:
            yield [found.text for found in zxingcpp.read_barcodes(image, formats=kinds, text_mode=plain)]


def _crop(page: Page, code: Zone) -> list[str]:
    """Return the options that rasterise only the zone; pixels count from the MediaBox's top left corner."""
    boxes = boxes_of(page)
    trim = boxes.trim or boxes.media
    left = trim[0] - boxes.media[0] + (code.left - AROUND) * POINTS_PER_MM
    top = boxes.media[3] - trim[3] + (code.top - AROUND) * POINTS_PER_MM
    lengths = left, top, (code.width + 2 * AROUND) * POINTS_PER_MM, (code.height + 2 * AROUND) * POINTS_PER_MM
    pixels = [str(round(length / POINTS_PER_INCH * DPI)) for length in lengths]
    return [part for option in zip(("-x", "-y", "-W", "-H"), pixels, strict=True) for part in option]
