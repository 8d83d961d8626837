"""What the gate reads of a file: PDFs, captions, calendars, indexes, feeds."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from html import unescape

import pikepdf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, Object
from weasyprint import HTML

from members_portal.publish.gate import pdf_text
from members_portal.publish.gate.pdf_text import PdfReader
from members_portal.publish.gate.phrase_search import Watchlist, make_watchlist
from members_portal.publish.gate.readable_text import readings
from members_portal.publish.gate.search.decoded import search_words
from members_portal.publish.gate.work_limit import MOST_SHOWN, Budget, TooComplex
from tests.long_cases import quick_and_long

TITLE = "The drowned bell of Skagerholm"
HIDDEN: Watchlist = make_watchlist([(TITLE, "the title")], (), ())
CUE = "00:00:01.000 --> 00:00:02.000 line:0\n"
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
        ("files/card.vcf", "NOTE;ENCODING=QUOTED-PRINTABLE:The drow=\r\nned bell of Skager=\r\nholm"),
        ("files/card.vcf", "NOTE;ENCODING=QUOTED-PRINTABLE:The=20drowned=20bell=\r\n =20of Skagerholm"),
        ("files/card.VCF", "NOTE:The drowned bell of Ska\r\n gerholm"),
        ("media/film.vtt", f"WEBVTT\n\n{CUE}The drowned\n\n{CUE}bell of\n\n{CUE}Skagerholm"),
        ("media/film.vtt", f"WEBVTT\r\n\r\nfirst\r\n{CUE}The drowned\r\n\r\n2\r\n{CUE}bell of Skagerholm\r\n"),
        ("media/film.vtt", f"WEBVTT\n\n{CUE}The drowned\n\nNOTE x\ny\n\n{CUE}- bell of <b>Skagerholm</b>"),
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


def test_a_font_is_read_once_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr(pdf_text, "_face", read.append)
    made = pikepdf.new()
    fonts = Dictionary(Own=made.make_indirect(Dictionary(Subtype=Name.Type1)))
    for word in (b"bell", b"boat"):
        made.add_blank_page().obj.Resources = Dictionary(Font=fonts)
        made.pages[-1].Contents = made.make_stream(b"BT /Own 9 Tf (The) Tj /Own 8 Tf (%s) Tj ET" % word)
    PdfReader().texts(saved(made))
    assert len(read) == 1


WRONG: dict[str, tuple[bytes, Dictionary]] = {
    "font": (b"", Dictionary(Font=Dictionary(Own=12))),
    "fonts": (b"BT /Own 9 Tf (The) Tj ET", Dictionary(Font=12)),
    "form": (b"/Own Do", Dictionary(XObject=Dictionary(Own=12))),
    "operand": (b"BT /Own 0 0 1 0 (bell) Tm ET", Dictionary()),
}


@pytest.mark.parametrize("part", WRONG)
def test_a_pdf_with_parts_of_a_wrong_type_is_refused(part: str) -> None:
    made = pikepdf.new()
    content, resources = WRONG[part]
    made.add_blank_page().obj.Resources = resources
    made.pages[0].Contents = made.make_stream(content)
    with pytest.raises(TooComplex, match="parts of a wrong type"):
        PdfReader().texts(saved(made))


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


def form(made: pikepdf.Pdf, content: bytes, **resources: Object) -> Object:
    stream = made.make_stream(content)
    stream.Type, stream.Subtype, stream.BBox = Name.XObject, Name.Form, Array([0, 0, 9, 9])
    stream.Resources = Dictionary(XObject=Dictionary({f"/{name}": value for name, value in resources.items()}))
    return made.make_indirect(stream)


def saved(made: pikepdf.Pdf) -> bytes:
    file = io.BytesIO()
    made.save(file, compress_streams=True)
    return file.getvalue()


def forms(fan: int, depth: int, text: str = "") -> bytes:
    """Return a PDF of forms in which each draws the next one `fan` times; the innermost shows a text."""
    made = pikepdf.new()
    made.add_blank_page()
    inner = form(made, f"BT ({text}) Tj ET".encode())
    for _ in range(depth - 1):
        inner = form(made, b"/X Do " * fan, X=inner)
    made.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=inner))
    made.pages[0].obj.Contents = made.make_stream(b"/X Do " * fan)
    return saved(made)


def names(fan: int, depth: int) -> bytes:
    """Return a PDF of forms in which each names the next one `fan` times."""
    made = pikepdf.new()
    made.add_blank_page()
    inner = form(made, b"q Q")
    for _ in range(depth - 1):
        inner = form(made, b"q Q", **{f"X{number}": inner for number in range(fan)})
    made.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=inner))
    made.pages[0].obj.Contents = made.make_stream(f"BT ({TITLE}) Tj ET".encode())
    return saved(made)


def long_pdf(*contents: bytes, pages: int = 1) -> bytes:
    """Return a PDF whose pages share their contents."""
    made = pikepdf.new()
    shared = [made.make_indirect(made.make_stream(content)) for content in contents]
    for number in range(pages):
        made.add_blank_page()
        made.pages[-1].obj.Contents = Array([*shared, made.make_stream(b"%%%d" % number)])
    return saved(made)


def packed_objects(size: int) -> bytes:
    """Return a PDF with an object stream that unpacks to a size."""
    made = pikepdf.new()
    made.add_blank_page()
    made.Root.Note = made.make_indirect(Dictionary(Contents=" " * size))
    file = io.BytesIO()
    made.save(file, compress_streams=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return file.getvalue()


SHORT_BOMBS: dict[str, Callable[[], bytes]] = {  # up to 300 KB each, which took minutes or gigabytes
    "forms in forms": lambda: forms(60, 5),
    "forms too deep": lambda: forms(1, 20, TITLE),
    "operators": lambda: long_pdf(b"(a) Tj " * (MOST_SHOWN // 10 * 11)),
    "shared pages": lambda: long_pdf(b"(a) Tj " * (MOST_SHOWN // 100), pages=110),
    "spaces": lambda: long_pdf(b" " * (300 << 20)),
    "objects": lambda: packed_objects(40 << 20),
    "operands": lambda: long_pdf(b"1 " * (8 << 20)),
    "names as operands": lambda: long_pdf(b"/a " * (8 << 20)),
    "many streams": lambda: long_pdf(*[b"% a\n" * (1 << 22)] * 9),
}


@pytest.mark.parametrize("name", quick_and_long(SHORT_BOMBS, {"operands"}))
def test_a_pdf_that_would_take_minutes_is_refused(name: str) -> None:
    data = SHORT_BOMBS[name]()
    assert len(data) < 1 << 19
    budget = replace(Budget.of(len(data)), shown=MOST_SHOWN // 20)
    with pytest.raises(TooComplex):
        PdfReader().texts(data, budget)


@pytest.mark.parametrize("name", quick_and_long(SHORT_BOMBS, {"operators"}))
def test_a_refused_pdf_is_read_once(name: str) -> None:
    reader, data = PdfReader(), SHORT_BOMBS[name]()
    for _ in range(2):
        with pytest.raises(TooComplex):
            reader.texts(data)
    assert len(reader.refused) == 1


@pytest.mark.long
def test_forms_and_names_below_the_limits_are_read() -> None:
    assert found("a.pdf", forms(10, 4, TITLE))
    assert found("a.pdf", names(10, 6))


def test_a_form_that_draws_itself_is_read_once() -> None:
    made = pikepdf.new()
    made.add_blank_page()
    inner = form(made, f"BT ({TITLE}) Tj ET /X Do".encode())
    inner.Resources.XObject.X = inner
    made.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=inner))
    made.pages[0].obj.Contents = made.make_stream(b"/X Do")
    assert found("a.pdf", saved(made))


def test_a_damaged_stream_does_not_hide_the_others() -> None:
    made = pikepdf.new()
    for content in (b"q Q", f"BT ({TITLE}) Tj ET".encode()):
        made.add_blank_page()
        made.pages[-1].obj.Contents = made.make_stream(content)
    made.pages[0].obj.Contents.write(b"no picture", filter=Name.DCTDecode)
    file = io.BytesIO()
    made.save(file)
    assert found("a.pdf", file.getvalue())


def test_the_last_of_many_pages_is_read() -> None:
    made = pikepdf.new()
    for _ in range(2100):
        made.add_blank_page()
    made.pages[-1].obj.Contents = made.make_stream(f"BT ({TITLE}) Tj ET".encode())
    assert found("a.pdf", saved(made))


def test_the_limits_of_qpdf_are_as_before() -> None:
    before = pikepdf.settings.get_qpdf_limits()
    PdfReader().texts(pdf(TITLE))
    assert pikepdf.settings.get_qpdf_limits() == before


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_the_fields_of_a_wallet_pass_are_read(method: int) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as package:
        package.writestr("pass.json", json.dumps({"storeCard": {"backFields": [{"value": TITLE}]}}))
    assert found("wallet/membership.pkpass", packed.getvalue())
    assert not found("wallet/membership.pkpass", b"")


PIECES = ["\n<main>", "\n<h2 id='x'>", "\n<nav\n", "<b>", "</b>", "<a\nb", ">", "<", "&", "amp;", "&#83;", "&lt;", "\n"]
WORDS = ["Ska", "gerholm", "’", "e\u0301", "\u0301", "\u00ad", " ", "ﬁ", "欧阳", "x" * 1100, "y " * 5000]


@given(st.lists(st.sampled_from([*PIECES, *WORDS])).map("".join))
@example("a<b\n<main>c>d")
@example("a&am\n<main>p;b")
@example("<p\nx>a</p\n>\n<main>b</main>")
def test_the_sections_of_a_page_have_the_words_of_the_whole_page(text: str) -> None:
    found = [(reading.joined.split(), reading.noise) for reading in readings("index.html", text.encode(), PdfReader())]
    untagged = unescape(re.sub("<[^<>]*>", "", text))
    plain, unescaped = search_words(text), search_words(unescape(text))
    due = [(plain, False), (unescaped, False), (search_words(untagged), True)]
    assert found == [due[0], *([due[1]] if unescaped != plain else []), *([due[2]] if "<" in text else [])]
    assert all("  " not in reading.joined.strip() for reading in readings("index.html", text.encode(), PdfReader()))


@pytest.mark.parametrize(
    "page",
    [
        "<p>The drowned\n<h2>bell of</h2>\n<main>Skagerholm</main>",
        "<p>The drowned bell of Ska<b\n<main>gerholm",
        "<p>The drowned bell of Ska<i\n\n>gerholm</i>\n<main>",
        "<main>\n<section>The drow<a\nhref>ned</a> bell\n<h1 id='x'>of &#83;kagerholm</h1>",
    ],
)
def test_a_phrase_over_the_sections_of_a_page_is_found(page: str) -> None:
    assert found("index.html", page.encode()) == ("<main>gerholm" not in page)
