"""What the gate reads of a file: PDFs, captions, calendars, indexes, feeds."""

from __future__ import annotations

import io
import json

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name
from weasyprint import HTML

from members_portal.publish.gate.pdf_text import PdfReader
from members_portal.publish.gate.phrase_search import Watchlist, make_watchlist
from members_portal.publish.gate.readable_text import readings

TITLE = "The drowned bell of Skagerholm"
HIDDEN: Watchlist = make_watchlist([(TITLE, "the title")], (), ())
PAGE = """<html lang="en"><head><title>{title}</title><style>@page {{ size: 9cm }} p {{ width: 3cm; hyphens: manual }}
</style></head><body><p>{text}</p><img alt="{alt}" src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>">
</body></html>"""


def found(path: str, data: bytes) -> bool:
    return any(HIDDEN.find(reading) for reading in readings(path, data, PdfReader()))


def pdf(text: str = "", *, title: str = "", alt: str = "") -> bytes:
    data = HTML(string=PAGE.format(text=text, title=title, alt=alt)).write_pdf(pdf_tags=True)
    assert isinstance(data, bytes)
    return data


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("index.html", f"<p>{TITLE}</p>"),
        ("index.html", "<p>The <em>drowned</em> bell of Skager<b>holm</b></p>"),
        ("index.html", "<p>The drowned bell of &#83;kagerholm</p>"),
        ("media/film.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Signe>The drowned\nbell of <i>Skagerholm</i>"),
        ("events/all.ics", "BEGIN:VEVENT\r\nSUMMARY:The drowned bell of Ska\r\n gerholm\r\nEND:VEVENT\r\n"),
        ("events/all.ics", "DESCRIPTION:Read The drowned\\nbell\\, of Skagerholm"),
        ("search.json", json.dumps({"1": {"t": "The drowned bell of \u0053kagerholm"}})),
        ("search.json", '["The drowned bell of \\u0053kagerholm"]'),
        ("feed.xml", "<feed><title>The drowned bell of Skagerholm</title></feed>"),
        ("data.csv", f"day,title\n2026-11-02,{TITLE}\n"),
        ("picture.svg", f"<svg><text>{TITLE}</text></svg>"),
    ],
)
def test_a_title_in_a_text_file_is_found(path: str, text: str) -> None:
    assert found(path, text.encode())
    assert not found(path, text.replace("bell", "boat").encode())


@pytest.mark.parametrize(
    "data",
    [
        pdf(TITLE),
        pdf("The drowned bell of Skager&shy;holm"),
        pdf("The drowned <b>bell of Skager</b>holm"),
        pdf("Words.", title=TITLE),
        pdf("Words.", alt=TITLE),
    ],
    ids=["text", "hyphen", "two fonts", "properties", "alternative text"],
)
def test_a_title_in_a_pdf_is_found(data: bytes) -> None:
    assert TITLE.encode() not in data
    assert found("a.pdf", data)


def test_other_words_in_a_pdf_are_not() -> None:
    assert not found("a.pdf", pdf("The drowned boat of Skagerholm", title="A bell", alt="Bells"))


def plain_pdf(content: bytes, font: Dictionary | None = None, **more: object) -> bytes:
    """Make a PDF of another program: a base font without a mapping to Unicode."""
    made = pikepdf.new()
    made.add_blank_page()
    page = made.pages[0]
    face = font or Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    page.obj.Resources = Dictionary(Font=Dictionary(F1=face))
    page.obj.Contents = made.make_stream(content)
    for name, value in more.items():
        page.obj[f"/{name}"] = value
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"BT /F1 9 Tf (The drowned bell of Skagerholm) Tj ET",
        b"BT /F1 9 Tf [(The) -250 (drowned) -250 (be) 20 (ll) -250 (of) -250 (Skagerholm)] TJ ET",
        b"BT 3 Tr /F1 9 Tf (The drowned) Tj (bell of Skagerholm) ' ET",
        b"/Span <</ActualText (The drowned bell of Skagerholm)>> BDC EMC",
    ],
    ids=["plain", "gaps", "invisible", "actual text"],
)
def test_a_title_in_a_pdf_of_another_program_is_found(content: bytes) -> None:
    assert found("a.pdf", plain_pdf(content))


def test_a_note_in_a_pdf_is_found() -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), Contents=TITLE)
    assert found("a.pdf", plain_pdf(b"", Annots=Array([note])))


def test_a_pdf_that_cannot_be_opened_has_no_text() -> None:
    assert PdfReader().texts(b"%PDF-") == []


def test_a_broken_font_does_not_stop_the_gate() -> None:
    broken = Dictionary(Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.X)
    assert not found("a.pdf", plain_pdf(b"BT /F1 9 Tf (bells) Tj /F2 9 Tf (boats) Tj ET", broken))


def test_shared_pages_are_read_once() -> None:
    reader, data = PdfReader(), pdf(TITLE)
    assert reader.texts(data) is reader.texts(data)
    assert len(reader.pages) == len(pikepdf.open(io.BytesIO(data)).pages)
