"""A small print run to check: two letters of four pages, laid out by WeasyPrint and separated as the press does it."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf
from weasyprint import HTML

from members_portal.newsletter.letter.qr_code import QrCodes
from members_portal.newsletter.post.address_window import Zone
from members_portal.newsletter.press.colour import Separation
from members_portal.newsletter.press.pdfx import SUBTYPE, output_intent, pdf_date, xmp
from members_portal.newsletter.press.run_manifest import ManifestRow, content_hash, letter_hash, text_hash, window_hash

FONTS = Path(str(import_module("font_source_sans_pro").__file__)).parent / "files"
MADE = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
TITLE = "The winter letter: print run"
CODE = Zone(150, 200, 30, 30)
PAGES = 4

STYLE = f"""
@font-face {{ font-family: body; src: url(file://{FONTS}/SourceSansPro-Regular.ttf) }}
@font-face {{ font-family: heads; src: url(file://{FONTS}/SourceSansPro-Bold.ttf); font-weight: bold }}
@page {{ size: A4; margin: 20mm; bleed: 3mm }}
body {{ font: 11pt/14pt body; margin: 0 }}
h2 {{ font: bold 16pt heads; color: #1b4a6b; opacity: .9; margin: 0 0 5mm }}
section {{ break-after: page; position: relative; height: 240mm }}
.address, .sender, .code, .greeting {{ position: absolute; margin: -20mm 0 0 -20mm }}
.address {{ left: 25mm; top: 64mm; width: 75mm }}
.sender {{ left: 25mm; top: 52mm; font-size: 7pt }}
.greeting {{ left: 25mm; top: 110mm; color: #555 }}
.code {{ left: {CODE.left}mm; top: {CODE.top}mm; width: {CODE.width}mm }}
.band {{ height: 30mm; background: linear-gradient(to right, #1b4a6b, #c8a24a); }}
"""
PEOPLE = {
    "M-2001": ("Freja Brandt", "17 Tarhouse Steps", "Inverskea, P99 R0P3"),
    "M-2002": ("Dafydd O’Dwyer", "Hofje 3-C", "3016 XZ Rotterdam", "NETHERLANDS"),
}


def sign_in(member: str) -> str:
    """Return the address that a member's QR code holds."""
    return f"https://club.strandandhitch.example/sign-in/#{member.replace('-', '')}KZ7Q4W9XHM2T"


def front(member: str, address: str = "") -> str:
    """Return the front of a sheet as HTML."""
    codes = QrCodes(sign_in(member))
    picture = codes.picture(codes.bars(sign_in(member)))
    lines = address or "<br>".join(PEOPLE[member])
    return f"""<section><p class=sender>Strand &amp; Hitch, The Ropewalk, Inverskea</p><p class=address>{lines}</p>
    <p class=greeting>Dear friend of the house</p><img class=code src="{picture}" alt=""></section>"""


def html(fronts: list[str]) -> str:
    """Return the sheets, and the two pages that all letters share."""
    sheets = [f"{each}<section><h2>Coupons</h2><p>Ten per cent off</p></section>" for each in fronts]
    shared = "<section><h2>News</h2><div class=band></div></section><section><h2>More</h2><p>Words</p></section>"
    return f"<html lang=en><style>{STYLE}</style>{''.join(sheets)}{shared}"


@cache
def laid_out(*fronts: str) -> bytes:
    """Lay out the pages, in the screen's colours."""
    return bytes(HTML(string=html(list(fronts) or [front(member) for member in PEOPLE])).write_pdf())


@cache
def separation() -> Separation:
    """Open the press's profile once."""
    return Separation()


def good_run(*fronts: str) -> Pdf:
    """Return a run as it should be."""
    pdf = pikepdf.open(BytesIO(laid_out(*fronts)))
    separation().convert(pdf)
    share_pages(pdf)
    mark(pdf)
    return pdf


def share_pages(pdf: Pdf) -> None:
    """Put the pages that letters share behind each sheet."""
    *sheets, news, more = (page.obj for page in pdf.pages)
    order = [page for at in range(0, len(sheets), 2) for page in (*sheets[at : at + 2], news, more)]
    copies = [pdf.make_indirect(copy(page)) for page in order]
    while len(pdf.pages):
        del pdf.pages[0]
    pdf.pages.extend(pikepdf.Page(page) for page in copies)


def mark(pdf: Pdf) -> None:
    """Mark a document as PDF/X-4."""
    intent = output_intent(separation().inks)
    profile = pdf.make_stream(intent.profile, N=4)
    pdf.Root.OutputIntents = Array(
        [
            Dictionary(
                Type=Name.OutputIntent,
                S=Name(SUBTYPE),
                OutputConditionIdentifier=intent.identifier,
                Info=intent.info,
                DestOutputProfile=profile,
            )
        ]
    )
    packet = xmp(TITLE, MADE, UUID(int=4), "en")
    pdf.Root.Metadata = pdf.make_stream(packet, Type=Name.Metadata, Subtype=Name.XML)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(Title=TITLE, CreationDate=pdf_date(MADE), ModDate=pdf_date(MADE), Trapped=Name("/False"))
    )


def rows_of(pdf: Pdf) -> list[ManifestRow]:
    """Describe a run as its manifest does."""
    rows = []
    for place, (member, lines) in enumerate(PEOPLE.items()):
        pages = list(pdf.pages)[PAGES * place : PAGES * (place + 1)]
        rows.append(
            ManifestRow(
                sequence=place + 1,
                kind="letter",
                member=member,
                edition="gold",
                first=PAGES * place + 1,
                last=PAGES * (place + 1),
                pages=PAGES,
                sheets=PAGES // 2,
                grams=18,
                weight="to 20 g",
                country="IE",
                postcode="P99 R0P3",
                window=window_hash(lines),
                sign_in=text_hash(sign_in(member)),
                sha256=letter_hash(content_hash(page.obj.Contents.read_bytes()) for page in pages),
            )
        )
    return rows


def saved(pdf: Pdf, folder: Path, spoil: Callable[[Pdf], None] = lambda _: None) -> Path:
    """Spoil a run in one way, and save it."""
    spoil(pdf)
    path = folder / "run.pdf"
    pdf.save(path, deterministic_id=True)
    return path
