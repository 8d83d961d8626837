"""Pages of two documents in one file: in order, trimmed, tagged as one, with nothing of the pages left out."""

from __future__ import annotations

import io
import subprocess
import zlib
from collections.abc import Iterator
from functools import cache

import pikepdf
import pytest
from pikepdf import Array, Name, Object, OutlineItem, Pdf

from members_portal.newsletter.layout import Materials, lay_out, write_pdf
from members_portal.newsletter.letter.assembly import TaggedPdf, assemble, write_edition
from tests.newsletter import specimen
from tests.newsletter.planners import THEME, fonts

MATERIALS = Materials(specimen.CONTENT, THEME, fonts())
PAGE = """<!DOCTYPE html><html lang="en-IE"><head><title>{title}</title>
<link rel="stylesheet" href="theme:css/fonts.css">
<style>@page {{ size: A6; bleed: 3mm; margin: 12mm }} body {{ font: 10pt/12pt "Source Serif"; margin: 0 }}
h1 {{ font-weight: 400; font-size: 14pt }} section + section {{ break-before: page }}</style></head>
<body>{body}</body></html>"""
DOT = "data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E"
SECTION = """<section id="of-{word}"><h1>{word}</h1>
<p><img alt="A dot, {word}" src="{dot}" width="9"></p>
<p>See <a href="https://{word}.example/">outside</a> or <a href="#of-{following}">next</a>.</p>
<table><tr><th>{word} head</th></tr><tr><td>{word} cell</td></tr></table></section>"""


@cache
def document(*words: str) -> bytes:
    """Make a tagged document with a page for each word: heading, picture, table, links out and to the next page."""
    pairs = zip(words, (*words[1:], words[0]), strict=True)
    sections = [SECTION.format(word=word, following=after, dot=DOT) for word, after in pairs]
    html = PAGE.format(title=" ".join(words), body="".join(sections))
    return write_pdf(lay_out(html, MATERIALS, frozenset()))


ISSUE = ("first", "second", "third")
SHEETS = ("alpha", "beta", "gamma", "delta")


def bound(sheets: bytes, *pages: int) -> bytes:
    """Bind pages of a document in front of the issue's."""
    source = TaggedPdf(sheets)
    return assemble(write_edition(document(*ISSUE)), [(source, page) for page in pages]).complete()


def texts(pdf: bytes) -> list[str]:
    """Return the first word of each page."""
    shown = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    return [page.split()[0] for page in shown.split("\f")[:-1]]


def opened(data: bytes) -> Pdf:
    """Read a file that nothing is wrong with."""
    pdf = pikepdf.open(io.BytesIO(data), attempt_recovery=False)
    assert pdf.check_pdf_syntax() == []
    return pdf


@pytest.mark.parametrize("pages", [(), (0,), (1, 2), (3, 0)], ids=str)
def test_pages_stand_in_the_order_in_which_they_were_bound(pages: tuple[int, ...]) -> None:
    whole = bound(document(*SHEETS), *pages)
    assert texts(whole) == [SHEETS[page] for page in pages] + list(ISSUE)
    opened(whole)


def test_pages_of_several_documents_are_bound_together() -> None:
    sources = [TaggedPdf(document(*SHEETS)), TaggedPdf(document("other", "another"))]
    whole = assemble(write_edition(document(*ISSUE)), [(sources[0], 1), (sources[1], 1), (sources[0], 2)]).complete()
    assert texts(whole) == ["beta", "another", "gamma", *ISSUE]
    check_tags(opened(whole), 6)


@pytest.mark.parametrize("pages", [(), (1,), (0, 1), (3, 2)], ids=str)
def test_the_tags_of_all_pages_are_one_tree(pages: tuple[int, ...]) -> None:
    check_tags(opened(bound(document(*SHEETS), *pages)), len(pages) + len(ISSUE))


def check_tags(pdf: Pdf, count: int) -> None:
    """Ask that the tree leads to the pages there are, in order, and every mark and link back to it."""
    pages = [page.obj.objgen for page in pdf.pages]
    assert len(pages) == count
    tree = pdf.Root.StructTreeRoot
    (root,) = list(tree.K)
    assert (root.S, root.P.objgen) == (Name.Document, tree.objgen)
    found = [pages.index(element.Pg.objgen) for element in root.K]
    assert found == sorted(found)
    assert set(found) == set(range(count))
    numbers = tree.ParentTree.Nums.as_list()
    parents = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
    used = []
    for page in pdf.pages:
        used.append(int(page.obj.StructParents))
        entries = parents[used[-1]].as_list()
        marked = [each.operands[1] for each in pikepdf.parse_content_stream(page, "BDC")]
        assert [int(mark.MCID) for mark in marked if "/MCID" in mark] == list(range(len(entries)))
        assert all(entry.Pg.objgen == page.obj.objgen for entry in entries)
        for link in page.obj.get("/Annots", []):
            used.append(int(link.StructParent))
            assert parents[used[-1]].S == "/Link"
            assert link.objgen in [kid.Obj.objgen for kid in kids(parents[used[-1]]) if "/Obj" in kid]
    assert sorted(used) == sorted(parents) == list(range(len(parents)))


def kids(element: Object) -> Iterator[Object]:
    """List the descendants of a structure element."""
    below = element.K if isinstance(element.K, pikepdf.Array) else [element.K]
    yield from (kid for kid in below if isinstance(kid, pikepdf.Dictionary))


def test_pages_are_trimmed() -> None:
    with opened(bound(document(*SHEETS), 0)) as pdf:
        for page in pdf.pages:
            assert page.mediabox.as_list() == page.trimbox.as_list()
            left, bottom, right, top = (float(each) for each in page.mediabox)
            assert (right - left, top - bottom) == pytest.approx((105 / 25.4 * 72, 148 / 25.4 * 72), abs=0.01)
            assert not {"/BleedBox", "/CropBox"} & set(page.obj.keys())


def page_of(item: OutlineItem) -> Object:
    """Return the page that a bookmark leads to."""
    assert isinstance(item.destination, Array)
    return item.destination[0]


def test_links_of_the_issue_lead_where_they_led() -> None:
    with opened(bound(document(*SHEETS), 1, 2)) as pdf:
        names = pdf.Root.Names.Dests.Names.as_list()
        pages = [page.obj.objgen for page in pdf.pages]
        places = {str(name): pages.index(goal[0].objgen) for name, goal in zip(names[::2], names[1::2], strict=True)}
        assert places == {f"of-{word}": 2 + at for at, word in enumerate(ISSUE)}
        with pdf.open_outline() as outline:
            assert [(each.title, pages.index(page_of(each).objgen)) for each in outline.root] == [
                ("first", 2),
                ("second", 3),
                ("third", 4),
            ]


def test_nothing_of_pages_that_are_left_out_is_in_the_file() -> None:
    with opened(bound(document(*SHEETS), 1)) as pdf:
        dictionaries = [each for each in pdf.objects if isinstance(each, pikepdf.Dictionary)]
        pages = {each.objgen for each in dictionaries if each.get("/Type") == "/Page"}
        assert pages == {page.obj.objgen for page in pdf.pages}
        written = b"".join(each.unparse(resolved=True) for each in dictionaries)
    assert b"https://beta.example/" in written
    assert b"A dot, beta" in written
    for word in (b"alpha", b"gamma", b"delta"):
        assert b"//%s.example" % word not in written
        assert b"A dot, %s" % word not in written


def test_what_pages_have_in_common_is_there_once() -> None:
    with opened(bound(document(*SHEETS), 0, 1, 2, 3)) as pdf:
        fonts = [sorted(font.objgen for font in page.resources.Font.values()) for page in pdf.pages]
    assert fonts[:4] == fonts[:1] * 4
    assert fonts[4:] == fonts[4:5] * 3
    assert fonts[0] != fonts[4]


# Open pages


def test_open_pages_get_their_contents_last() -> None:
    sheets = TaggedPdf(document(*SHEETS))
    assembly = assemble(write_edition(document(*ISSUE)), [(sheets, 0), (sheets, 1)], opened=True)
    originals = [page.Contents.read_bytes() for page in sheets.pdf.pages][:2]
    for contents in ([b"", b"q Q"], originals, [b"q 1 0 0 1 0 0 cm Q", b"" * 3]):
        whole = assembly.complete([zlib.compress(content) for content in contents])
        assert whole.startswith(assembly.beginning)
        with opened(whole) as pdf:
            assert [page.Contents.read_bytes() for page in list(pdf.pages)[:2]] == list(contents)
            assert [page.obj.Contents.is_indirect for page in pdf.pages] == [True] * 5
    assert texts(assembly.complete([zlib.compress(content) for content in originals])) == ["alpha", "beta", *ISSUE]


def test_open_pages_hold_nothing_of_what_they_were_opened_from() -> None:
    sheets = TaggedPdf(document("placeholder"))
    whole = assemble(write_edition(document(*ISSUE)), [(sheets, 0)], opened=True).complete([zlib.compress(b"")])
    with opened(whole) as pdf:
        (original,) = [page.Contents.read_bytes() for page in sheets.pdf.pages]
        assert original not in [each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream)]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_every_open_page_needs_its_contents(count: int) -> None:
    sheets = TaggedPdf(document(*SHEETS))
    assembly = assemble(write_edition(document(*ISSUE)), [(sheets, 0), (sheets, 1)], opened=True)
    with pytest.raises(ValueError, match="zip"):
        assembly.complete([zlib.compress(b"")] * count)


def test_files_of_equal_contents_are_equal_and_others_have_another_identity() -> None:
    def made(word: bytes) -> bytes:
        sheets = TaggedPdf(document(*SHEETS))
        return assemble(write_edition(document(*ISSUE)), [(sheets, 2)], opened=True).complete([zlib.compress(word)])

    assert made(b"(a)") == made(b"(a)")
    identities = {bytes(opened(made(word)).trailer.ID[0]) for word in (b"(a)", b"(b)", b"(a)")}
    assert len(identities) == 2


def test_one_beginning_serves_many_letters() -> None:
    edition, sheets = write_edition(document(*ISSUE)), TaggedPdf(document(*SHEETS))
    first = assemble(edition, [(sheets, 0)]).complete()
    assert texts(assemble(edition, [(sheets, 1), (sheets, 2)]).complete()) == ["beta", "gamma", *ISSUE]
    assert assemble(edition, [(sheets, 0)]).complete() == first
    assert first.startswith(edition.beginning)
