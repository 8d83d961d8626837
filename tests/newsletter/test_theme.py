"""The print theme: the sheets that go wrong first, in every window, and the pages of an issue on both papers."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pikepdf
import pytest

from members_portal.newsletter.issue import ArticleSection, Issue, Sheet
from members_portal.newsletter.layout import (
    MM_PER_PIXEL,
    kept_zones,
    lay_out,
    picture_zones,
    sheet_pages,
    text_boxes,
    write_pdf,
)
from members_portal.newsletter.layout_check import check_layout
from members_portal.newsletter.letter.master import Master, lay_out_master
from members_portal.newsletter.letter.planning import Planner
from members_portal.newsletter.letter.sheets import sides_of
from members_portal.newsletter.post.address_window import DIN_5008_B, MM_PER_PT, WINDOWS, Window, Zone, around
from members_portal.newsletter.preflight.cut_view import cut_faults, cut_zone
from members_portal.newsletter.preflight.qr_reading import read_codes
from members_portal.newsletter.preflight.trace import TracedDash, Tracer
from members_portal.newsletter.preflight.trim import boxes_of
from members_portal.newsletter.preflight.typeface import read_typeface
from members_portal.newsletter.print_error import PrintError
from tests.long_cases import quick_and_long
from tests.newsletter import planners, specimen

if TYPE_CHECKING:
    from weasyprint import Document

PAPERS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
SAME = 0.02  # mm
LARGE = 24  # CSS pixels: type from which on WCAG asks for less contrast
EVERY_WINDOW = pytest.mark.parametrize("name", quick_and_long(WINDOWS, {"DIN 5008 B"}))
EVERY_PAPER = pytest.mark.parametrize("name", quick_and_long(["DIN 5008 B", "US #10"], {"DIN 5008 B"}))
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}


def awkward() -> dict[str, Sheet]:
    """Return the specimen's awkward sheets, and one of as many lines as the narrowest window holds, in tall letters."""
    sheets = specimen.awkward_sheets()
    full = ("السيدة نور الهدى الخطيب", "长谷川样本", "17 Tarhouse Steps", "Inverskea, P99 R0P3", "IRELAND")
    sheets["five lines"] = replace(sheets["no coupons"], address=full)
    return {name: replace(sheet, member=f"M-{place}") for place, (name, sheet) in enumerate(sheets.items())}


@dataclass(frozen=True)
class Laid:
    """The difficult sheets in one window: the planner, the document, and the pages of each sheet."""

    window: Window
    planner: Planner
    document: Document
    pages: dict[str, list[int]]

    def sides(self) -> Iterator[tuple[str, int]]:
        """List the pages with the difficulty of their sheets."""
        yield from ((name, page) for name, pages in self.pages.items() for page in pages)


@cache
def laid(name: str) -> Laid:
    """Lay the awkward sheets out as their members get them, once for each window."""
    sheets, window = awkward(), WINDOWS[name]
    planner = planners.planner(list(sheets.values()), window=window)
    issue = planner.issues["gold"]
    html = [side for order in planner.orders for side in sides_of(order, _Job(planner))]  # type: ignore[arg-type]
    document = lay_out(planner.templates.shell(issue).around(html), planner.materials, planner.files["gold"])
    found = sheet_pages(document)
    pages = {name: found[2 * at] + found[2 * at + 1] for at, name in enumerate(sheets)}
    return Laid(window, planner, document, pages)


@dataclass(frozen=True)
class _Job:
    """The fields of a job that `sides_of` reads."""

    planner: Planner

    @property
    def sides(self) -> tuple[str, ...]:
        return self.planner.sides["gold"]

    @property
    def longest(self) -> dict[str, str]:
        return self.planner.longest


@cache
def master(name: str) -> Master:
    """Lay the sides of the awkward sheets out with their values open."""
    planner = laid(name).planner
    shell = planner.templates.shell(planner.issues["gold"])
    return lay_out_master(shell, planner.sides["gold"], planner.files["gold"], planner.materials, planner.characters)


@cache
def edition(name: str, key: str = "gold") -> Document:
    """Lay out the pages of the winter issue as the printer gets them."""
    return _edition(specimen.issue(key), WINDOWS[name])


def _edition(issue: Issue, window: Window) -> Document:
    planner = planners.planner(issue=issue, window=window)
    for way in planner.templates.editions(issue):
        document = lay_out(way, planner.materials, issue.files)
        if len(document.pages) % 2 == 0:
            break
    return document


# What is on a page


def words(document: Document, page: int) -> Iterator[tuple[Any, Zone]]:
    """Find the lines of text of a page, and where their type is: the height of its capitals, or about so."""
    from weasyprint.formatting_structure.boxes import TextBox

    for box in document.pages[page]._page_box.descendants(placeholders=True):
        if isinstance(box, TextBox) and box.text.strip():
            size = box.style["font_size"]
            top = box.position_y + box.baseline - 0.66 * size
            yield (
                box,
                Zone(
                    box.position_x * MM_PER_PIXEL,
                    top * MM_PER_PIXEL,
                    box.width * MM_PER_PIXEL,
                    0.66 * size * MM_PER_PIXEL,
                ),
            )


def meet(one: Zone, other: Zone, least: float = SAME) -> bool:
    """Tell whether two zones have more in common than an edge."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.bottom, other.bottom) - max(one.top, other.top)
    return across > least and down > least


def inside(zone: Zone, outer: Zone) -> bool:
    """Tell whether a zone lies in another."""
    return (
        zone.left >= outer.left - SAME
        and zone.top >= outer.top - SAME
        and zone.right <= outer.right + SAME
        and zone.bottom <= outer.bottom + SAME
    )


def address(found: Laid, name: str) -> list[Zone]:
    """Return the zones of the lines of an address, from the top of accents to the bottom of descenders."""
    shown = [box for _, _, box in text_boxes(found.document, found.pages[name][0]) if "line" in classes(box)]
    size = found.window.type_size * MM_PER_PT
    places = [(box, (box.position_y + box.baseline) * MM_PER_PIXEL) for box in shown]
    return [
        Zone(box.position_x * MM_PER_PIXEL, at - 0.8 * size, box.width * MM_PER_PIXEL, 1.05 * size)
        for box, at in places
    ]


# Sheets


@pytest.mark.long
@EVERY_WINDOW
def test_every_sheet_has_two_sides_of_a_page_each(name: str) -> None:
    found = laid(name)
    assert list(found.pages.values()) == [[2 * at, 2 * at + 1] for at in range(len(found.pages))]
    assert len(found.document.pages) == 2 * len(found.pages)


@pytest.mark.long
@EVERY_WINDOW
def test_every_sheet_is_of_the_windows_paper(name: str) -> None:
    width, height = PAPERS[WINDOWS[name].paper]
    for page in laid(name).document.pages:
        assert (page.width * MM_PER_PIXEL, page.height * MM_PER_PIXEL) == pytest.approx((width, height), abs=0.01)


@EVERY_WINDOW
def test_every_address_that_fits_lies_in_the_windows_zone(name: str) -> None:
    found = laid(name)
    for kind, sheet in awkward().items():
        lines = address(found, kind)
        if len(sheet.address) > found.window.lines:
            continue
        assert len(lines) >= len(sheet.address)
        if lines:
            assert inside(around(lines), found.window.recipient), f"{kind}: {around(lines)}"


@EVERY_WINDOW
def test_lines_of_an_address_are_a_windows_leading_apart(name: str) -> None:
    found = laid(name)
    shown = [box for _, _, box in text_boxes(found.document, found.pages["no postcode"][0])][:3]
    tops = [(box.position_y + box.baseline) * MM_PER_PIXEL for box in shown]
    leading = found.window.leading
    assert [tops[1] - tops[0], tops[2] - tops[1]] == pytest.approx([leading, leading], abs=0.01)


@EVERY_WINDOW
def test_nothing_else_shows_in_the_window(name: str) -> None:
    found = laid(name)
    for kind, (front, _) in found.pages.items():
        for box, zone in words(found.document, front):
            if meet(zone, found.window):
                assert "line" in classes(box) or "return" in classes(box), f"{kind}: {box.text}"
            if meet(zone, found.window.recipient):
                assert "line" in classes(box), f"{kind}: {box.text}"
        for picture in picture_zones(found.document, front, "qr") + picture_zones(found.document, front, "portrait"):
            assert not meet(picture, found.window)


def classes(box: Any) -> list[str]:
    """Return the classes of the element that a text stands in."""
    return str(box.element.get("class", "")).split() if box.element is not None else []


@EVERY_WINDOW
def test_no_words_lie_on_others_or_off_the_page(name: str) -> None:
    found = laid(name)
    for kind, page in found.sides():
        check_apart(found.document, page, kind, name, allowed=kind == "nine lines")


def check_apart(document: Document, page: int, kind: str, name: str, *, allowed: bool = False) -> None:
    """Ask that words of a page don't overlap, and stay clear of its edges."""
    width, height = PAPERS[WINDOWS[name].paper]
    shown = list(words(document, page))
    paper = Zone(4, 4, width - 8, height - 8)
    assert not [box.text for box, zone in shown if not inside(zone, paper)], f"{kind}, page {page + 1}"
    over = [(one.text, two.text) for (one, a), (two, b) in combinations(shown, 2) if meet(a, b, 0.2)]
    assert allowed or not over, f"{kind}, page {page + 1}"


@EVERY_WINDOW
def test_codes_are_large_enough_white_around_and_read(name: str) -> None:
    found = laid(name)
    zones = [picture_zones(found.document, front, "qr") for front, _ in found.pages.values()]
    assert all(len(each) == 1 for each in zones)
    assert all(min(zone.width, zone.height) >= 26 for (zone,) in zones)
    for kind, (front, _) in found.pages.items():
        ((zone,),) = (picture_zones(found.document, front, "qr"),)
        assert not [box.text for box, other in words(found.document, front) if meet(zone, other)], kind


@pytest.mark.long
@EVERY_WINDOW
def test_nothing_is_cut_in_front_of_the_access_code_or_behind_it(name: str) -> None:
    found = laid(name)
    width, _ = PAPERS[found.window.paper]
    with pikepdf.open(io.BytesIO(write_pdf(found.document))) as pdf:
        for kind, (front, back) in found.pages.items():
            (kept,) = kept_zones(found.document, front)
            shown = [box for _, _, box in text_boxes(found.document, front) if "access-code" in classes(box)]
            code = [zone for box, zone in words(found.document, front) if box in shown]
            assert len(code) == 1
            assert all(inside(zone, kept) for zone in code + picture_zones(found.document, front, "qr"))
            cut, cut_behind = (cut_of(pdf.pages[page]) for page in (front, back))
            assert (cut, cut_behind is None) == (None, kind in NOTHING_TO_CUT)
            assert not list(cut_faults(cut, cut_behind, kept, width)), kind


NOTHING_TO_CUT = {"no coupons", "five lines"}


def cut_of(page: pikepdf.Page) -> Zone | None:
    """Find the part of a page inside dashed lines."""
    dashes = Tracer(page.resources, read_typeface, dashes=True).follow(page)
    return cut_zone((each for each in dashes if isinstance(each, TracedDash)), boxes_of(page))


@pytest.mark.long
@EVERY_WINDOW
def test_coupon_codes_are_read_from_the_paper(name: str) -> None:
    found = laid(name)
    sheet, (_, back) = awkward()["twelve coupons"], found.pages["twelve coupons"]
    with pikepdf.open(io.BytesIO(write_pdf(found.document))) as pdf:
        (read,) = read_codes([pdf.pages[back]], None)
    assert set(read) == {coupon.code for coupon in sheet.coupons_overleaf if coupon.code}


@pytest.mark.long
@EVERY_WINDOW
def test_every_value_is_one_that_the_typesetter_sets(name: str) -> None:
    slots = [slot for side in master(name).slots for slot in side]
    assert len(slots) > 50
    assert not [slot for slot in slots if slot.style is None]
    assert [code is not None for code in master(name).codes].count(True) >= 4  # covers


def test_sheets_say_what_they_should() -> None:
    found = laid("DIN 5008 B")
    shown = {kind: [page_text(found.document, page) for page in pages] for kind, pages in found.pages.items()}
    assert "Six offers are yours overleaf, and more in the portal." in shown["twelve coupons"][0]
    assert "Not all of them fit: 6 more are in your portal." in shown["twelve coupons"][1]
    assert "One offer is yours overleaf." in shown["one coupon"][0]
    assert "yours overleaf" not in shown["no coupons"][0]
    assert "Keep this sheet" in shown["no coupons"][1]
    assert "Where you stand" not in shown["no statement"][0]
    assert "−120" in shown["owing"][0]
    assert "The next 120 make it even" in shown["owing"][0]
    assert "Strand & Hitch Coffee Roasters +353 20 915 0147" in shown["no manager"][0]
    assert "Dear 欧阳静怡," in shown["Chinese"][0]


def page_text(document: Document, page: int) -> str:
    """Return the text of a page in content order."""
    return " ".join(" ".join(box.text.split()) for box, _ in words(document, page))


# The issue


@EVERY_PAPER
def test_an_edition_fills_sheets_of_paper(name: str) -> None:
    assert len(edition(name).pages) % 2 == 0
    assert 6 <= len(edition(name).pages) <= 10


def with_letter(html: str) -> Document:
    """Lay out the winter issue with another letter of the editors."""
    return _edition(replace(specimen.issue(), editorial=html, summary="Short."), WINDOWS["DIN 5008 B"])


@pytest.mark.long
def test_sections_begin_below_the_contents_of_a_letter_of_one_line() -> None:
    document = with_letter("<p>Dear all, the herring is back.</p>")
    check_apart(document, 0, "one line", "DIN 5008 B")
    (listed,) = [zone for box, zone in words(document, 0) if "reach" in classes(box)][:1]
    headings = [zone for box, zone in words(document, 0) if box.element_tag == "h2" and zone.width > 20]
    assert all(zone.top > listed.bottom for zone in headings if zone.left < listed.right and zone.top > listed.top)


FOOTNOTE = '<div class="footnote"><ol><li><p>Or two.</p></li></ol></div>'


@pytest.mark.parametrize(
    ("html", "has_initial"),
    [
        (f"<p>Dear all,</p>\n<p>{'the herring is back. ' * 10}</p>", True),
        ("<p>Dear all,</p>\n<p>the herring is back.</p><p>So is the kettle.</p>", False),
        (f"<p>Dear all,</p>\n<p>Sprat,<br>{'the herring is back. ' * 10}</p>", False),
        (f"<p>The herring is back.</p>\n{FOOTNOTE}", False),
        ("<p>Dear all,</p>\n<ul><li><p>Herring.</p></li></ul>", False),
        ("<blockquote><p>Herring.</p></blockquote><p>Dear all,</p>", False),
        ("<p>Dear all,</p>\n<p><em>The herring</em> is back.</p>", False),
    ],
    ids=["two paragraphs", "one line", "line break", "footnote", "list", "quotation", "markup"],
)
def test_a_drop_cap_begins_the_second_paragraph_and_nothing_else(html: str, has_initial: bool) -> None:
    planner = planners.planner(issue=replace(specimen.issue(), editorial=html))
    shown = planner.templates.editions(planner.issues["gold"])[0]
    assert ('class="initial"' in shown) == has_initial


def test_a_portrait_picture_leaves_no_page_before_it_empty() -> None:
    document = article_with(f"<p>{'Before it. ' * 60}</p>{tall_picture()}<p>{'After it. ' * 60}</p>")
    (height,) = [
        box.height * MM_PER_PIXEL
        for page in range(len(document.pages))
        for box in document.pages[page]._page_box.descendants(placeholders=True)
        if box.element_tag == "img" and box.element.get("alt") == "A tall picture"
    ]
    assert height <= 105 + SAME


def tall_picture() -> str:
    """Return a picture three times as high as wide."""
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 300"><path d="M0 0h100v300H0z"/></svg>'
    return f'<p><img src="data:image/svg+xml,{quote(svg)}" alt="A tall picture"></p>'


def test_promises_follow_a_chart_on_its_page() -> None:
    document = edition("DIN 5008 B")
    charts = [page for page in range(len(document.pages)) if "In figures" in page_text(document, page)]
    assert "What we promised" in page_text(document, charts[-1])


def test_two_charts_share_a_row() -> None:
    document = edition("DIN 5008 B")
    (page,) = [page for page in range(len(document.pages)) if "In figures" in page_text(document, page)][-1:]
    one, other = [zone for zone in drawings(document, page) if zone.width > 70]
    assert one.right < other.left
    assert one.top == pytest.approx(other.top, abs=SAME)


def article_with(html: str, name: str = "DIN 5008 B") -> Document:
    """Lay out an issue with one article of this text."""
    issue = specimen.short_issue("gold")
    (article,) = specimen.articles("reports/nine-minutes-forty.md", full=["reports/nine-minutes-forty.md"])
    only = replace(article, html=html, picture=None, file="reports/nine-minutes-forty.md")
    return _edition(replace(issue, sections=(ArticleSection("report", "Reports", (only,)),)), WINDOWS[name])


CODE_LINE = '<pre><code><span class="code-line">{}</span></code></pre>'


@pytest.mark.long
def test_a_line_of_code_is_in_letters_of_one_width_and_indented_where_it_goes_on() -> None:
    document = article_with(CODE_LINE.format("wide() and mill() " * 12) + "<p><code>wwww</code> <code>iiii</code></p>")
    check_layout(document)
    shown = [(box, zone) for page in range(len(document.pages)) for box, zone in words(document, page)]
    lines = [zone.left for box, zone in shown if classes(box) == ["code-line"]]
    assert len(lines) > 2
    assert [left - lines[0] for left in lines[1:]] == pytest.approx([14 * MM_PER_PT] * (len(lines) - 1), abs=SAME)
    wide, narrow = (zone.width for box, zone in shown if box.element_tag == "code")
    assert wide == pytest.approx(narrow)


@pytest.mark.long
def test_a_task_that_takes_two_lines_has_a_hanging_indent() -> None:
    task = f'<ul class="task-list"><li class="task-list-item"><span class="task">[ ]</span> {"to do " * 40}</li></ul>'
    document = article_with(task)
    lines = [
        zone.left
        for page in range(len(document.pages))
        for box, zone in words(document, page)
        if classes(box) == ["task-list-item"]
    ]
    assert len(lines) > 2
    assert lines == pytest.approx([lines[-1]] * len(lines), abs=0.5)


@pytest.mark.long
@pytest.mark.parametrize(("rows", "least"), [(8, 8), (30, 2)], ids=["small", "large"])
def test_a_table_is_kept_together_or_divided_between_two_rows_and_two(rows: int, least: int) -> None:
    head = "<thead><tr><th>Year</th></tr></thead>"
    table = f"<table>{head}<tbody>{''.join(f'<tr><td>row {row}</td></tr>' for row in range(rows))}</tbody></table>"
    document = article_with("".join(f"{table}<p>{'Text. ' * 14 * place}</p>" for place in range(10)))
    counts = [len(re.findall(r"row \d+", page_text(document, page))) for page in range(len(document.pages))]
    tables = "".join(page_text(document, page) + "/" for page in range(len(document.pages)))
    parts = [len(re.findall(r"row \d+", part)) for part in re.split(r"Year|/", tables)]
    assert sum(counts) == 10 * rows
    assert min(part for part in parts if part) >= least


@pytest.mark.long
def test_a_column_of_words_is_clear_of_the_numbers_before_it() -> None:
    row = "<tr>" + '<td align="right">2900</td>' * 11 + "<td>a wet year</td></tr>"
    document = article_with(f"<table>{row * 2}</table>")
    found = [(box.text, zone) for page in range(len(document.pages)) for box, zone in words(document, page)]
    last = max(zone.right for text, zone in found if text == "2900")
    assert min(zone.left for text, zone in found if text == "a wet year") - last > 3


def table_of(columns: int) -> str:
    """Return a table with long words in its cells."""
    row = "<td>Extraordinary 12345.60</td>" * columns
    return f"<table>{f'<tr>{row}</tr>' * 3}</table>"


@pytest.mark.long
@EVERY_PAPER
def test_wide_tables_and_long_lines_of_code_stay_within_the_margins(name: str) -> None:
    code = f"<pre><code>{'x=1;' * 75}\n  indented</code></pre><p>{'abcdefghij' * 20}</p>"
    check_layout(article_with("".join(map(table_of, (6, 8, 12, 14))) + code, name))


@pytest.mark.long
def test_text_in_a_margin_is_an_error_that_names_the_file() -> None:
    beyond = '<table><tr><td style="white-space: nowrap">' + "word " * 60 + "</td></tr></table>"
    named = r"^reports/nine-minutes-forty\.md: page \d: `word word .*` is beyond the margin"
    with pytest.raises(PrintError, match=named):
        check_layout(article_with(beyond))


def test_text_that_is_printed_twice_is_an_error_that_names_the_file() -> None:
    style = "@page { size: A6; margin: 10mm } section { break-inside: avoid } aside { float: left; width: 30mm }"
    note = f"<aside><p>{'Words beside. ' * 14}</p></aside>"
    figure = f"<figure>{note}<h3>Heading</h3><div style='height: 40mm'></div></figure>"
    body = f"<div style='height: 95mm'>Before.</div><section data-file='reports/a.md'>{figure * 2}</section>"
    page = f"<html lang=en><title>Twice</title><style>{style}</style>{body}</html>"
    with pytest.raises(PrintError, match=r"^reports/a\.md: page \d: `Words beside\.` is printed twice"):
        check_layout(lay_out(page, laid("DIN 5008 B").planner.materials, frozenset()))


@pytest.mark.long
def test_no_note_in_the_margin_is_divided_between_pages() -> None:
    quotation = f"<blockquote>{'<p>Beside the text.</p>' * 4}</blockquote>"
    document = article_with("".join(f"{quotation}<p>{'Text. ' * (90 + 5 * place)}</p>" for place in range(40)))
    check_layout(document)
    pages: dict[Any, set[int]] = {}
    for page in range(len(document.pages)):
        for box in document.pages[page]._page_box.descendants(placeholders=True):
            if box.element_tag == "blockquote" or "margin" in classes(box):
                pages.setdefault(box.element, set()).add(page)
    assert len(pages) > 40
    assert {len(each) for each in pages.values()} == {1}


@EVERY_PAPER
def test_pages_are_numbered_from_one_to_the_last(name: str) -> None:
    document = edition(name)
    for number, page in enumerate(document.pages, 1):
        corners = [box for box in page._page_box.children if getattr(box, "at_keyword", "") in CORNERS]
        shown = [text.text for box in corners for text in box.descendants() if hasattr(text, "text")]
        assert str(number) in shown


CORNERS = {"@bottom-left", "@bottom-right"}


@EVERY_PAPER
def test_no_heading_ends_a_page(name: str) -> None:
    check_headings(edition(name))


def check_headings(document: Document) -> None:
    """Ask that below each heading of a page, something that is none begins there."""
    for page in range(len(document.pages)):
        shown = [(heading_of(box), zone) for box, zone in words(document, page) if not in_margin(document, page, box)]
        shown += [("", zone) for zone in drawings(document, page)]
        for tag, zone in shown:
            below = [other for kind, other in shown if not kind and other.top >= zone.top - SAME]
            beside = [other for other in below if other.left < zone.right and zone.left < other.right]
            assert not tag or beside, f"{tag} at the end of page {page + 1}"


def test_a_heading_that_ends_a_page_would_be_found() -> None:
    style = "@page { size: A6; margin: 10mm } div { height: 110mm } h2 { break-after: auto; margin: 0 }"
    body = "<div>Words</div><h2>Alone</h2><p style='break-inside: avoid'>More<br>words<br>below<br>it</p>"
    page = f"<html lang=en><title>Alone</title><style>{style}</style>{body}</html>"
    document = lay_out(page, laid("DIN 5008 B").planner.materials, frozenset())
    with pytest.raises(AssertionError, match="h2 at the end of page 1"):
        check_headings(document)


def heading_of(box: Any) -> str:
    """Return the heading that a text belongs to, if it is one's."""
    element = box.element
    return box.element_tag if element is not None and box.element_tag in HEADINGS else ""


def in_margin(document: Document, page: int, box: Any) -> bool:
    """Tell whether a text stands in a margin box of a page: its running head, or its number."""
    margins = [each for each in document.pages[page]._page_box.children if hasattr(each, "at_keyword")]
    return any(box is each for margin in margins for each in margin.descendants())


def drawings(document: Document, page: int) -> Iterator[Zone]:
    """Find the pictures of a page."""
    from weasyprint.formatting_structure.boxes import ReplacedBox

    for box in document.pages[page]._page_box.descendants(placeholders=True):
        if isinstance(box, ReplacedBox):
            yield Zone(
                box.position_x * MM_PER_PIXEL,
                box.position_y * MM_PER_PIXEL,
                box.width * MM_PER_PIXEL,
                box.height * MM_PER_PIXEL,
            )


@EVERY_PAPER
def test_no_words_of_an_edition_lie_on_others_or_off_the_page(name: str) -> None:
    for page in range(len(edition(name).pages)):
        check_apart(edition(name), page, "edition", name)


@pytest.mark.long
@EVERY_PAPER
@pytest.mark.parametrize("key", ["member", "silver", "gold", "platinum"])
def test_all_editions_fill_sheets_and_have_no_heading_at_the_end_of_a_page(name: str, key: str) -> None:
    for issue in (specimen.issue(key), specimen.short_issue(key)):
        document = _edition(issue, WINDOWS[name])
        assert len(document.pages) % 2 == 0
        check_headings(document)
        for page in range(len(document.pages)):
            check_apart(document, page, f"{key}, {issue.title}", name)


def test_a_short_issue_takes_one_sheet() -> None:
    assert len(_edition(specimen.short_issue(), DIN_5008_B).pages) == 2


@EVERY_PAPER
def test_an_edition_keeps_its_text_out_of_the_bleed_and_has_one(name: str) -> None:
    with pikepdf.open(io.BytesIO(write_pdf(edition(name)))) as pdf:
        for page in pdf.pages:
            bleed, trim = ([float(each) for each in page.obj[f"/{box}Box"]] for box in ("Bleed", "Trim"))
            margins = [trim[0] - bleed[0], trim[1] - bleed[1], bleed[2] - trim[2], bleed[3] - trim[3]]
            assert margins == pytest.approx([3 / MM_PER_PIXEL * 0.75] * 4, abs=0.01)


# Colours


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the contrast of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: tuple[float, ...]) -> float:
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour[:3]]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def srgb(colour: Any) -> tuple[float, ...]:
    """Return a colour of WeasyPrint's in parts of one."""
    return tuple(float(part) for part in colour.to("srgb").coordinates)


def coloured(box: Any, ground: tuple[float, ...] = (1, 1, 1)) -> Iterator[tuple[Any, tuple[float, ...]]]:
    """Walk the boxes of a page with the ground that each stands on."""
    background = box.style["background_color"]
    if background != "currentcolor" and background.alpha == 1:
        ground = srgb(background)
    yield box, ground
    for child in getattr(box, "children", ()):
        yield from coloured(getattr(child, "_box", child), ground)


def faint(document: Document) -> list[str]:
    """List the texts that are too faint to read on their ground."""
    from weasyprint.formatting_structure.boxes import TextBox

    found = []
    for page in document.pages:
        for box, ground in coloured(page._page_box):
            if isinstance(box, TextBox) and box.text.strip():
                least = 3.0 if box.style["font_size"] >= LARGE else 4.5
                reached = contrast(srgb(box.style["color"]), ground)
                found += [f"{box.text}: {reached:.2f}"] if reached < least else []
    return found


def test_all_words_are_dark_enough_to_read() -> None:
    assert faint(edition("DIN 5008 B")) == []
    assert faint(laid("DIN 5008 B").document) == []


@pytest.mark.parametrize("tier", specimen.programme().tiers, ids=lambda tier: tier.key)
def test_every_tiers_colour_carries_its_words(tier: Any) -> None:
    colour = tuple(int(tier.colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    band = tuple(part / 255 for part in (0xFF, 0xFA, 0xF0))
    assert contrast(colour, band) >= 4.5  # the band below the masthead
    assert contrast(colour, (1, 1, 1)) >= 4.5  # what an offer is worth


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((0.4667, 0.4667, 0.4667), (1, 1, 1)) == pytest.approx(4.48, abs=0.01)
