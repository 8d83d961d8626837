"""The printer's file: letters on whole sheets of paper, shared objects written once, and the PDF/X-4 metadata."""

from __future__ import annotations

import io
import re
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from members_portal.newsletter.press.pdfx import OutputIntent
from members_portal.newsletter.press.press_file import NODE_PAGES, PressFile, PressPage

Boxes = dict[str, list[float]]

MADE_AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
INTENT = OutputIntent("FOGRA39", "http://www.color.org", "Coated FOGRA39", b"a profile " * 400)
BOXES: Boxes = {"MediaBox": [0, 0, 612, 859], "BleedBox": [0, 0, 612, 859], "TrimBox": [8.5, 8.5, 603.5, 850.5]}


def document(*contents: bytes, boxes: Boxes = BOXES) -> bytes:
    """Return a document with page boxes and a font shared by its pages."""
    pdf = pikepdf.new()
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    for content in contents:
        page = Dictionary(Type=Name.Page, Contents=Stream(pdf, content), Resources=Dictionary(Font=Dictionary(F=font)))
        for name, box in boxes.items():
            page[f"/{name}"] = Array(box)
        pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))
    file = io.BytesIO()
    pdf.save(file)
    return file.getvalue()


def written(fill: Callable[[PressFile], object]) -> Pdf:
    """Write a file, and read it."""
    file = io.BytesIO()
    press = PressFile(file)
    fill(press)
    close(press)
    pdf = pikepdf.open(file, attempt_recovery=False)
    assert pdf.check_pdf_syntax() == []
    return pdf


def own_page(press: PressFile, like: PressPage, content: bytes) -> PressPage:
    """Write a page that is like another, but says something of its own."""
    return press.page(like, zlib.compress(content))


def close(press: PressFile) -> None:
    """Finish a file."""
    press.close("Winter (2026), für alle", "en-IE", MADE_AT, INTENT, "inputs")


def test_an_odd_letter_ends_with_an_empty_page_like_its_last() -> None:
    wide: Boxes = {"MediaBox": [0, 0, 700, 900], "BleedBox": [0, 0, 700, 900], "TrimBox": [9, 9, 691, 891]}

    def fill(press: PressFile) -> None:
        (last,) = press.take(document(b"(third) Tj", boxes=wide))
        placed = press.letter([*press.take(document(b"(one) Tj", b"(two) Tj")), last])
        assert (placed.first, placed.last) == (1, 4)
        assert press.letter(press.take(document(b"(five) Tj", b"(six) Tj"))).first == 5

    pdf = written(fill)
    contents = [page.Contents.read_bytes() for page in pdf.pages]
    assert contents == [b"(one) Tj", b"(two) Tj", b"(third) Tj", b"", b"(five) Tj", b"(six) Tj"]
    for name, box in wide.items():
        assert [float(each) for each in pdf.pages[3].obj[f"/{name}"]] == box


@pytest.mark.parametrize("pages", [1, 2, NODE_PAGES - 1, NODE_PAGES, NODE_PAGES + 1, 2 * NODE_PAGES, 200])
def test_the_tree_of_pages_holds_them_all_in_order(pages: int) -> None:
    def fill(press: PressFile) -> None:
        (like,) = press.take(document(b""))
        placed = press.letter([own_page(press, like, b"%% page %d" % number) for number in range(pages)])
        assert placed.last == pages + pages % 2

    pdf = written(fill)
    found = [bytes(page.Contents.read_bytes()) for page in pdf.pages]
    assert found == [b"%% page %d" % number for number in range(pages)] + [b""] * (pages % 2)
    check_node(pdf.Root.Pages)
    nodes = list(pdf.Root.Pages.Kids)
    assert all(len(node.Kids) <= NODE_PAGES for node in nodes)
    assert sum(len(node.Kids) for node in nodes) == len(found)


def check_node(node: pikepdf.Object) -> int:
    """Ask that each node of a tree of pages counts its pages and names its parent; return how many there are."""
    if node.Type == Name.Page:
        return 1
    assert all(kid.Parent.objgen == node.objgen for kid in node.Kids)
    count = sum(check_node(kid) for kid in node.Kids)
    assert int(node.Count) == count > 0
    return count


def streams(pdf: Pdf) -> list[bytes]:
    """Return the data of each stream of a file."""
    return [each.read_bytes() for each in pdf.objects if isinstance(each, Stream)]


def test_what_letters_share_is_written_once() -> None:
    def fill(press: PressFile) -> None:
        shared = press.take(document(b"(everybody's) Tj" * 9, b"(and this) Tj"))
        for number in range(50):
            own = [own_page(press, shared[0], b"(%d) Tj" % number) for _ in range(2)]
            press.letter([*own, *shared])

    pdf = written(fill)
    thirds = [page.obj.Contents.objgen for page in list(pdf.pages)[2::4]]
    assert len(thirds) == 50
    assert len(set(thirds)) == 1
    assert len({page.obj.Contents.objgen for page in list(pdf.pages)[0::4]}) == 50
    assert len({page.obj.Resources.Font.F.objgen for page in pdf.pages}) == 1
    assert sum(b"everybody's" in data for data in streams(pdf)) == 1


def test_pages_that_others_are_only_like_leave_nothing_behind() -> None:
    def fill(press: PressFile) -> None:
        (like,) = press.take(document(b"(placeholder) Tj", b"(other)"), [0], empty=True)
        press.letter([own_page(press, like, b"(own) Tj")] * 2)

    pdf = written(fill)
    assert [page.Contents.read_bytes() for page in pdf.pages] == [b"(own) Tj"] * 2
    assert not [data for data in streams(pdf) if b"placeholder" in data]
    assert pdf.pages[0].resources.Font.F.BaseFont == Name.Helvetica


def test_equal_letters_have_equal_hashes_and_others_have_others() -> None:
    def fill(press: PressFile) -> None:
        (like,) = press.take(document(b""))
        words = (b"(a)", b"(b)"), (b"(a)", b"(b)"), (b"(b)", b"(a)"), (b"(a)",), (b"(a)", b"")
        one, same, turned, odd, padded = (
            press.letter([own_page(press, like, word) for word in each]).sha256 for each in words
        )
        assert one == same != turned
        assert odd == padded  # the empty page is as if it had been there
        assert len({one, turned, odd}) == 3

    written(fill)


@pytest.fixture(scope="module")
def marked() -> Iterator[Pdf]:
    with written(lambda press: press.letter(press.take(document(b"", b"")))) as pdf:
        yield pdf


def test_the_file_says_which_press_it_is_for(marked: Pdf) -> None:
    (intent,) = list(marked.Root.OutputIntents)
    assert (intent.S, str(intent.OutputConditionIdentifier)) == (Name("/GTS_PDFX"), "FOGRA39")
    assert (str(intent.Info), str(intent.RegistryName)) == ("Coated FOGRA39", "http://www.color.org")
    assert (int(intent.DestOutputProfile.N), intent.DestOutputProfile.read_bytes()) == (4, INTENT.profile)
    assert zlib.decompress(intent.DestOutputProfile.read_raw_bytes()) == INTENT.profile


def test_a_press_that_no_registry_knows_has_none() -> None:
    file = io.BytesIO()
    press = PressFile(file)
    press.close("t", "en", MADE_AT, OutputIntent("Custom", "", "Ours", b""), "")
    with pikepdf.open(file) as pdf:
        assert "/RegistryName" not in pdf.Root.OutputIntents[0]


def test_the_file_says_what_it_is(marked: Pdf) -> None:
    packet = marked.Root.Metadata.read_raw_bytes()  # not compressed, so that any program finds it
    assert "/Filter" not in marked.Root.Metadata
    assert re.search(rb'pdfxid:GTS_PDFXVersion(="|>)PDF/X-4', packet)
    assert "Winter (2026), für alle".encode() in packet
    assert str(marked.Root.Lang) == "en-IE"
    assert (str(marked.docinfo.Title), marked.docinfo.Trapped) == ("Winter (2026), für alle", Name("/False"))
    assert str(marked.docinfo.CreationDate) == str(marked.docinfo.ModDate) == "D:20261120120000Z"
    assert marked.pdf_version == "1.6"
    first, second = (bytes(each) for each in marked.trailer.ID)
    assert first == second
    assert len(first) == 16


def test_every_page_has_its_boxes(marked: Pdf) -> None:
    for page in marked.pages:
        assert {name: [float(each) for each in page.obj[f"/{name}"]] for name in BOXES} == BOXES


def test_equal_inputs_make_equal_bytes_and_the_identity_follows_them() -> None:
    def run(inputs: str) -> bytes:
        file = io.BytesIO()
        press = PressFile(file)
        press.letter(press.take(document(b"(a)", b"(b)")))
        press.close("t", "en", MADE_AT, INTENT, inputs)
        return file.getvalue()

    one, same, other = run("one"), run("one"), run("other")
    assert one == same
    assert one != other
    assert len(one) == len(other)


@contextmanager
def memory_traced() -> Iterator[None]:
    """Trace how much memory is used."""
    tracemalloc.start()
    try:
        yield
    finally:
        tracemalloc.stop()


@pytest.mark.long
def test_letters_are_written_and_forgotten(tmp_path: Path) -> None:
    letters, own = 2000, b"(a word of their own) Tj\n" * 400
    with (tmp_path / "run.pdf").open("wb") as file, memory_traced():
        press = PressFile(file)
        shared = press.take(document(*[b"(shared) Tj"] * 6))
        before = tracemalloc.get_traced_memory()[0]
        for number in range(letters):
            sides = [own_page(press, shared[0], b"%% %d %d\n" % (number, side) + own) for side in range(2)]
            press.letter([*sides, *shared])
        kept, peak = (each - before for each in tracemalloc.get_traced_memory())
        close(press)
    print(f"letters={letters} kept_per_letter={kept / letters:.0f} peak={peak}")
    assert kept / letters < 4000  # bytes: where eight pages and two contents lie, and nothing of what is on them
    assert peak - kept < 1_000_000
    with pikepdf.open(tmp_path / "run.pdf") as pdf:
        assert len(pdf.pages) == 8 * letters
        assert pdf.pages[8 * 1999 + 1].Contents.read_bytes().startswith(b"% 1999 1\n")
