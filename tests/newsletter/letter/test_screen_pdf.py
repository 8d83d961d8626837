"""Letters as members and printers get them: composed as if laid out, everybody's own, in one piece, repeatable."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pikepdf
import pytest

from members_portal.newsletter.issue import Sheet
from members_portal.newsletter.layout import lay_out, sheet_pages, write_pdf
from members_portal.newsletter.letter.compositor import compose_side
from members_portal.newsletter.letter.job import Job, Order
from members_portal.newsletter.letter.planning import Layouts, Planner
from members_portal.newsletter.letter.qr_code import QrPictures
from members_portal.newsletter.letter.screen_pdf import edition_pdf, letters
from members_portal.newsletter.letter.sheets import Tools, sides_of
from members_portal.newsletter.letter.typesetter import Typesetter
from members_portal.newsletter.preflight.verifier import verify_with_verapdf
from members_portal.newsletter.press.postage import Stock, WeightBand
from members_portal.newsletter.press.print_run import Press, write_run
from members_portal.newsletter.press.run_manifest import ManifestRow
from members_portal.newsletter.print_error import PrintError
from tests.long_cases import quick_and_long
from tests.newsletter import planners, specimen

FOLIOS = 8  # pages of the specimen issue


def with_canaries(sheet: Sheet, number: int) -> Sheet:
    """Put a word into every field of a sheet that no other sheet has."""
    word = f"Zq{number:03d}x"
    coupons = tuple(replace(each, code=f"{word}-{each.code[:9]}" if each.code else None) for each in sheet.coupons)
    address = (f"{word} {sheet.address[0]}", *sheet.address[1:]) if sheet.address else ()
    return replace(sheet, member=f"M-{word}", called=f"{word} {sheet.called}", address=address, coupons=coupons)


@dataclass(frozen=True)
class Made:
    """The data of the tests: sheets, planner, layouts, print run and letters."""

    sheets: list[Sheet]
    planner: Planner
    layouts: Layouts
    folder: Path
    rows: list[ManifestRow]
    letters: dict[str, bytes]
    tools: Tools

    @property
    def job(self) -> Job:
        (job,) = self.planner.jobs(self.layouts.masters).values()
        return job


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Make a print run and letters, for members with Latin and with other names."""
    folder = tmp_path_factory.mktemp("letters")
    awkward = specimen.awkward_sheets()
    chosen = [awkward[name] for name in ("Arabic", "Chinese", "long name", "no coupons")]
    sheets = [with_canaries(sheet, number) for number, sheet in enumerate([*specimen.sheets(6), *chosen])]
    planner = planners.planner(sheets)
    with planners.tools(folder) as tools:
        layouts = planners.layouts(planner, tools)
        rows = planners.print_run(planner, sheets, folder, tools)
        found = dict(letters(planner, layouts, tools))
        yield Made(sheets, planner, layouts, folder, rows, found, tools)


def text_of(pdf: Path | bytes, *options: str) -> str:
    """Return the text of a PDF."""
    data = pdf if isinstance(pdf, bytes) else pdf.read_bytes()
    shown = subprocess.run(["pdftotext", *options, "-", "-"], input=data, capture_output=True, check=True)
    return shown.stdout.decode()


def pixels(pdf: bytes, first: int, last: int) -> bytes:
    """Return the picture of pages, at 100 dpi."""
    command = ["pdftoppm", "-r", "100", "-f", str(first), "-l", str(last), "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def instructions(page: pikepdf.Page) -> list[str]:
    """Return the instructions of a page, without marked content, empty text objects and the numbers of forms."""
    drawn = [each for each in pikepdf.parse_content_stream(page) if str(each.operator) not in {"BDC", "BMC", "EMC"}]
    lines = pikepdf.unparse_content_stream(drawn).decode("latin-1").split("\n")
    return re.sub(r"BT\nET\n", "", re.sub(r"/[xs]\d+ (Do|gs)", r"\1", "\n".join(lines))).split("\n")


def laid_out(order: Order, job: Job) -> bytes:
    """Let WeasyPrint make a sheet, as the only one of its document."""
    document = lay_out(job.shell.around(sides_of(order, job)), job.materials, job.files)
    assert sheet_pages(document) == [[0], [1]]
    return write_pdf(document)


def is_composed(order: Order, job: Job) -> bool:
    """Tell whether a sheet's words can be set without laying it out."""
    pictures = QrPictures(job.longest)
    return all(
        compose_side(job.formes[side], words, [pictures.bars(*code) for code in codes])
        for side, words, codes in zip(order.sides, order.values, order.codes, strict=True)
    )


@pytest.mark.parametrize("part", quick_and_long([slice(0, 1), slice(1, 7)], [slice(0, 1)]), ids=["one", "others"])
def test_composed_sheets_draw_what_laid_out_ones_do_instruction_by_instruction(made: Made, part: slice) -> None:
    composed = [order for order in made.planner.orders if is_composed(order, made.job)]
    assert len(composed) == 7
    for order in composed[part]:
        with (
            pikepdf.open(io.BytesIO(made.letters[order.member])) as letter,
            pikepdf.open(io.BytesIO(laid_out(order, made.job))) as whole,
        ):
            for side in range(2):
                assert instructions(letter.pages[side]) == instructions(whole.pages[side])


@pytest.mark.long
def test_composed_letters_are_the_same_pictures_as_laid_out_ones(made: Made) -> None:
    order = next(order for order in made.planner.orders if is_composed(order, made.job))
    issue, templates = made.planner.issues["gold"], made.planner.templates
    shells = [templates.shell(issue, pages=True, tight=tight) for tight in (True, False)]
    both = [lay_out(shell.around(sides_of(order, made.job)), made.job.materials, made.job.files) for shell in shells]
    document = next(each for each in both if len(each.pages) % 2 == 0)
    whole = edition_pdf(write_pdf(document))  # bound as letters are: without bleed
    assert pixels(made.letters[order.member], 1, 2) == pixels(whole, 1, 2)
    assert pixels(made.letters[order.member], 3, 6) == pixels(whole, 3, 6)


@pytest.mark.long
def test_what_the_typesetter_can_not_set_is_laid_out(made: Made) -> None:
    names = {sheet.member: sheet.name for sheet in made.sheets}
    left = [names[order.member] for order in made.planner.orders if not is_composed(order, made.job)]
    assert left == [made.sheets[place].name for place in (6, 7, 8)]  # Arabic, Chinese, too long for its frame


@pytest.mark.long
def test_every_letter_holds_its_members_canary_and_nobody_elses(made: Made) -> None:
    for number, sheet in enumerate(made.sheets):
        found = set(re.findall(r"Zq\d{3}x", text_of(made.letters[sheet.member])))
        assert found == {f"Zq{number:03d}x"}


def test_every_letter_of_the_run_holds_its_members_canary_and_nobody_elses(made: Made) -> None:
    run = made.folder / "run.pdf"
    for number, row in enumerate(made.rows):
        found = set(re.findall(r"Zq\d{3}x", text_of(run, "-f", str(row.first), "-l", str(row.last))))
        assert found == {f"Zq{number:03d}x"}


def test_no_words_of_others_hide_in_a_letters_file(made: Made) -> None:
    for number, sheet in enumerate(made.sheets):
        with pikepdf.open(io.BytesIO(made.letters[sheet.member])) as pdf:
            texts = [bytes(each.unparse(resolved=True)) for each in pdf.objects if not isinstance(each, pikepdf.Stream)]
            whole = b"".join(texts)
        assert not [n for n in range(len(made.sheets)) if n != number and f"Zq{n:03d}x".encode() in whole]


def test_pages_of_a_letter_are_numbered_as_in_the_edition(made: Made) -> None:
    edition = edition_pdf(made.layouts.editions["gold"])
    letter = made.letters[made.sheets[0].member]
    for page in range(1, FOLIOS + 1):
        own = text_of(edition, "-f", str(page), "-l", str(page))
        assert text_of(letter, "-f", str(page + 2), "-l", str(page + 2)) == own
        assert re.search(rf"^{page}$", own, re.MULTILINE)


def test_the_outline_of_a_letter_leads_to_the_editions_pages(made: Made) -> None:
    with (
        pikepdf.open(io.BytesIO(edition_pdf(made.layouts.editions["gold"]))) as edition,
        pikepdf.open(io.BytesIO(made.letters[made.sheets[0].member])) as letter,
    ):
        assert outline(letter) == [(title, page + 2) for title, page in outline(edition)]
        assert {"Insider reports", "Coming up"} <= {title for title, _ in outline(edition)}


def outline(pdf: pikepdf.Pdf) -> list[tuple[str, int]]:
    """List bookmarks with the number of the page that each leads to."""
    pages = [page.obj.objgen for page in pdf.pages]

    def listed(items: list[pikepdf.OutlineItem]) -> Iterator[tuple[str, int]]:
        for item in items:
            assert isinstance(item.destination, pikepdf.Array)
            yield item.title, pages.index(item.destination[0].objgen)
            yield from listed(item.children)

    with pdf.open_outline() as found:
        return list(listed(found.root))


@pytest.mark.parametrize("kind", quick_and_long(["edition", "composed", "laid out"], {"composed"}))
def test_pdfs_to_read_are_tagged_from_end_to_end(made: Made, kind: str) -> None:
    member = {"composed": 0, "laid out": 6}.get(kind)
    data = edition_pdf(made.layouts.editions["gold"]) if member is None else made.letters[made.sheets[member].member]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == "en-IE"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert b"pdfuaid:part" in pdf.Root.Metadata.read_bytes()
        assert str(pdf.docinfo.Title)
        check_structure(pdf)
        check_fonts(pdf)
    file = made.folder / "checked.pdf"
    file.write_bytes(data)
    assert subprocess.run(["qpdf", "--check", str(file)], capture_output=True, check=True).stderr == b""
    found = verify_with_verapdf(file)
    print(f"verapdf={'not on PATH' if found is None else found or 'PASS'}")
    assert not found


def check_structure(pdf: pikepdf.Pdf) -> None:
    """Hold the structure tree against what pages mark: every mark has its element, every picture its words."""
    document = pdf.Root.StructTreeRoot.K[0]
    assert str(document.S) == "/Document"
    parents = pdf.Root.StructTreeRoot.ParentTree.Nums.as_list()
    by_key = dict(zip(map(int, parents[::2]), parents[1::2], strict=True))
    assert list(by_key) == sorted(by_key)
    for page in pdf.pages:
        marks = marked(page)
        elements = by_key[int(page.obj.StructParents)].as_list()
        assert marks == list(range(len(elements)))
        assert all(element.Pg.objgen == page.obj.objgen for element in elements)
        for annotation in page.obj.get("/Annots", []):
            assert int(annotation.StructParent) in by_key
    seen = list(walk(document))
    figures = [element for element in seen if str(element.S) == "/Figure"]
    assert figures
    assert all(str(figure.get("/Alt", "")) for figure in figures)
    assert all(element.P.objgen == document.objgen for element in document.K.as_list())


@pytest.mark.parametrize("kind", ["edition", "composed"])
def test_running_heads_and_folios_are_artifacts_and_header_cells_have_a_scope(made: Made, kind: str) -> None:
    edition = edition_pdf(made.layouts.editions["gold"])
    with pikepdf.open(io.BytesIO(edition if kind == "edition" else made.letters[made.sheets[0].member])) as pdf:
        tagged = {element.objgen for element in walk(pdf.Root.StructTreeRoot.K[0])}
        parents = pdf.Root.StructTreeRoot.ParentTree.Nums.as_list()
        listed = [element for value in parents[1::2] if isinstance(value, pikepdf.Array) for element in value]
        assert not [element for element in listed if element.objgen not in tagged]
        last = pdf.pages[-1]
        artifacts = [str(each.operands[0]) for each in pikepdf.parse_content_stream(last, "BDC")].count("/Artifact")
        assert artifacts >= 3  # running head, folio, line of contact
        cells = [element for element in walk(pdf.Root.StructTreeRoot.K[0]) if str(element.S) == "/TH"]
        scopes = {(str(cell.P.P.S), str(cell.A.Scope)) for cell in cells}
    assert scopes == {("/THead", "/Column"), ("/TBody", "/Row")}


def marked(page: pikepdf.Page) -> list[int]:
    """List the marks of a page's content that belong to its structure, in order."""
    found = [each.operands for each in pikepdf.parse_content_stream(page) if str(each.operator) == "BDC"]
    return [int(operands[1].MCID) for operands in found if "/MCID" in operands[1]]


def walk(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    """Walk the structure tree."""
    yield element
    for kid in element.get("/K", []):
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield from walk(kid)


def check_fonts(pdf: pikepdf.Pdf) -> None:
    """Ask that every font is embedded and says which letters its glyphs are."""
    fonts = [font for page in pdf.pages for font in page.resources.Font.values()]
    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font
        descriptor = font.DescendantFonts[0].FontDescriptor
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor


def test_pages_to_read_have_no_bleed(made: Made) -> None:
    with pikepdf.open(io.BytesIO(made.letters[made.sheets[0].member])) as pdf:
        for page in pdf.pages:
            assert [round(float(each)) for each in page.mediabox] == [0, 0, 595, 842]


@pytest.mark.long
def test_letters_are_the_same_bytes_when_they_are_made_again_elsewhere(made: Made, tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(specimen.CONTENT, content)
    planner = planners.planner(made.sheets, content=content)
    with planners.tools(tmp_path, processes=2) as tools:  # what is compared with was made by one
        planners.print_run(planner, made.sheets, tmp_path, tools)
        assert dict(letters(planner, planner.layouts(tools), tools)) == made.letters
    for name in ("run.pdf", "proofs.pdf"):
        assert (tmp_path / name).read_bytes() == (made.folder / name).read_bytes()


def test_letters_that_are_kept_are_not_made_again(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Typesetter, "_set", None)  # whoever sets a line now fails
    jobs = made.planner.jobs(made.layouts.masters)
    again = dict(letters(made.planner, made.layouts, made.tools))
    assert again == made.letters
    assert jobs["gold"].key == made.job.key


def test_letters_of_a_run_begin_on_a_new_sheet_and_share_what_they_have_in_common(made: Made) -> None:
    assert all(row.first % 2 == 1 and row.pages % 2 == 0 for row in made.rows)
    with pikepdf.open(made.folder / "run.pdf") as pdf:
        assert len(pdf.pages) == made.rows[-1].last
        third = [pdf.pages[row.first + 1].obj.Contents.objgen for row in made.rows]
    assert len(set(third)) == 1


@pytest.mark.long
def test_a_letter_that_does_not_fit_its_sheet_names_the_member(made: Made) -> None:
    plain = specimen.sheets(1)[0]
    endless = replace(plain, member="M-7777", called="Maximiliane " * 200)
    planner = planners.planner([plain, endless])
    with pytest.raises(PrintError, match="member M-7777: one side"):
        list(letters(planner, planner.layouts(made.tools), made.tools))


@pytest.mark.long
def test_a_name_that_no_font_can_spell_names_the_member(made: Made) -> None:
    plain = specimen.sheets(1)[0]
    unheard = replace(plain, member="M-7778", called="\U000e0fff\U0001f1ff\ufdd0")
    planner = planners.planner([plain, unheard])
    with pytest.raises(PrintError, match="member M-7778"):
        list(letters(planner, planner.layouts(made.tools), made.tools))


def test_letters_that_are_too_heavy_are_left_out_of_a_run_with_the_weight(made: Made, tmp_path: Path) -> None:
    planner = planners.planner(made.sheets)
    layouts = planner.layouts(made.tools)
    sheets = layouts.sheets(planner.orders[0])
    press = Press(bands=[WeightBand("light", Stock().grams(sheets - 1))])
    what = f"a letter is too heavy: {sheets} sheets weigh {Stock().grams(sheets)} g, the post takes "
    assert (press.weight_fault(sheets - 1), press.weight_fault(sheets).startswith(what)) == ("", True)
    letters = planners.letters_of(made.sheets)
    with pytest.raises(PrintError, match=f"member {made.sheets[0].member}: {what}"):
        write_run(letters, planner, layouts, press, tmp_path, planners.MADE_AT, made.tools)


@pytest.mark.long
def test_one_letter_that_does_not_fit_its_sheet_stops_no_other(made: Made, tmp_path: Path) -> None:
    plain = specimen.sheets(2)
    endless = replace(plain[0], member="M-7777", called="Maximiliane " * 200)
    sheets = [plain[0], endless, plain[1]]
    planner = planners.planner(sheets)
    refused: dict[str, str] = {}
    found = dict(letters(planner, planner.layouts(made.tools), made.tools, refused=refused))
    assert refused == {"M-7777": "one side of the letter's sheet takes more than its page"}
    pages = [len(pikepdf.open(io.BytesIO(found[sheet.member])).pages) for sheet in sheets]
    assert pages == [pages[0], pages[0] - 2, pages[0]]  # the pages of the edition only
    layouts = planner.layouts(made.tools)
    rows, left_out = write_run(
        planners.letters_of(sheets), planner, layouts, Press(), tmp_path, planners.MADE_AT, made.tools
    )
    assert ([row.member for row in rows], left_out) == ([plain[0].member, plain[1].member], refused)
