"""The paper check: faults of an issue on paper, with file and line, before anything is laid out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from members_portal.loyalty.input.problem import shown_path
from members_portal.newsletter.press.postage import WeightBand
from members_portal.newsletter.print_error import PrintError
from members_portal.publish.issue.paper_check import contents_problems, layout_problem, paper_problems
from members_portal.publish.issue.paper_fit import JOINED_SCRIPT, is_joined, table_line, wide_tables
from members_portal.publish.issue.portal_pdfs import check_issue_layout
from tests.publish.issue.test_print_contents import builder_of, small

PHOTO = "<img src='../images/photo.png' alt='A photo'>"


def table(columns: int) -> str:
    """Return a table as markdown."""
    return "\n".join(f"|{' x |' * columns}" if row != 1 else f"|{'---|' * columns}" for row in range(3))


def found(folder: Path, text: str, prepare: Callable[[Path], object] = lambda _: None) -> list[str]:
    """Return the problems of a letter that ends with a text."""
    (folder / "content/images").mkdir(parents=True)
    prepare(folder / "content/images")
    builder = builder_of(small(folder, lambda old: f"{old}\n\n{text}\n"))
    builder = replace(builder, context=replace(builder.context, content=folder / "content"))
    problems = paper_problems(builder, builder.undrafted())
    return [str(problem).rpartition("winter.md:")[2].partition(":")[2] for problem in problems if problem.line]


def test_a_letter_that_fits_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path, f"Emoji 🎈, अमृता, ọ́.\n\n{table(14)}") == []


def test_a_character_of_a_coupon_or_of_the_house_without_a_font_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "pelicanconf.py").write_text('"company": "Lamps \ue999"', "utf-8")
    inputs = small(tmp_path)
    site = replace(inputs.site, company="Lamps \ue999")
    offer = inputs.library.items["offers/kilo.md"]
    kilo = replace(offer, front=offer.front.model_copy(update={"value": "A kilo \ue999"}))
    library = replace(inputs.library, items={**inputs.library.items, "offers/kilo.md": kilo})
    builder = builder_of(replace(inputs, site=site, library=library))
    context = replace(builder.context, root=tmp_path, content=tmp_path / "content", members=tmp_path / "members")
    builder = replace(builder, context=context)
    files = [
        (problem.file.rpartition("/")[2], problem.line) for problem in paper_problems(builder, builder.undrafted())
    ]
    assert files == [("kilo.md", 0), ("pelicanconf.py", 1)]


def test_a_table_of_too_many_columns_is_an_error(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, table(18))
    assert problem.endswith(": a table of 18 columns is too wide for paper, expected at most 14 columns")


@pytest.mark.parametrize(
    ("width", "dpi", "degree"), [(900, None, ""), (866, "200", "warning: "), (500, "115", "warning: "), (400, "92", "")]
)
def test_a_photo_of_few_pixels_is_a_warning_or_an_error(tmp_path: Path, width: int, dpi: str, degree: str) -> None:
    def photo(folder: Path) -> None:
        Image.new("L", (width, 300)).save(folder / "photo.png")

    expected = f"{degree}images/photo.png has {width} x 300 pixels: {dpi} dpi on paper, expected 200 dpi"
    assert [problem.partition(": ")[2] for problem in found(tmp_path, PHOTO, photo)] == ([expected] if dpi else [])


@pytest.mark.parametrize(
    "part", ['<filter id="f"/>', '<g filter="url(#f)"/>', "<style>g { filter : blur(2px) }</style>"]
)
def test_a_drawing_with_a_filter_is_an_error(tmp_path: Path, part: str) -> None:
    def drawing(folder: Path) -> None:
        (folder / "haze.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg">{part}</svg>')

    (problem,) = found(tmp_path, PHOTO.replace("photo.png", "haze.svg"), drawing)
    expected = "expected paths instead of it"
    assert problem.endswith(f"images/haze.svg has a filter, which paper does not show, {expected}")


def test_a_drawing_with_letters_that_join_is_an_error(tmp_path: Path) -> None:
    def drawing(folder: Path) -> None:
        (folder / "joined.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>نور</text></svg>', "utf-8")

    (problem,) = found(tmp_path, PHOTO.replace("photo.png", "joined.svg"), drawing)
    assert problem.endswith(f"images/joined.svg has text that {JOINED_SCRIPT}, expected paths instead of it")


@pytest.mark.parametrize(
    ("text", "joined"),
    [("نور", True), ("שלום", True), ("क्षत्रिय", True), ("&#x646;", True), ("Zoë ọ́ Где 欧阳 🎈", False)],
)
def test_scripts_whose_letters_join_or_change_places_are_known(text: str, joined: bool) -> None:
    assert is_joined(text) == joined


def test_columns_are_those_of_the_widest_row() -> None:
    html = f"<table><tr><th>a<td>b</tr><tr>{'<td>1' * 15}</tr></table><table><tr>{'<td>1' * 18}</tr></table>"
    assert (wide_tables(html), wide_tables("<table><tr><td>1</tr></table>"), wide_tables("<p>none")) == (
        [15, 18],
        [],
        [],
    )


def test_every_table_of_too_many_columns_is_named_with_its_line(tmp_path: Path) -> None:
    text = f"{table(2)}\n\n{table(18)}\n\n{table(15)}"
    shown = [problem.partition(", ")[0] for problem in found(tmp_path, text)]
    what = "1: a table of {} columns is too wide for paper"
    assert shown == [what.format(18), what.format(15)]


def test_a_preview_without_pdfs_checks_the_contents_of_the_same_issues(tmp_path: Path) -> None:
    builder = builder_of(small(tmp_path, lambda old: f"{old}\n\n{table(18)}\n"))
    builder = replace(builder, context=replace(builder.context, content=tmp_path / "content"))
    (problem,) = paper_problems(builder, builder.published_contents())
    assert problem in paper_problems(builder, builder.published())


@pytest.mark.parametrize(
    ("line", "columns"), [("| a | b |", 2), ("a | b | c", 3), (r"| a \| b | c |", 2), ("   |a|b|", 2), ("|", 1)]
)
def test_a_row_is_found_by_its_number_of_columns(line: str, columns: int) -> None:
    assert table_line(f"\n{'|' * 9}\n{line}", columns) == (1 if columns == 1 else 3)


def test_a_photo_is_looked_for_by_its_whole_path_first(tmp_path: Path) -> None:
    def photo(folder: Path) -> None:
        Image.new("L", (500, 300)).save(folder / "photo.png")

    (problem,) = found(tmp_path, f"my-photo.png\n\n{PHOTO}", photo)
    assert problem.startswith("14: warning: images/photo.png")


def test_faults_on_paper_are_found_beside_other_errors(tmp_path: Path) -> None:
    inputs = small(tmp_path, lambda old: f"{old}\n\nAn \ue999.\n\n<img src='../images/none.svg' alt='None'>\n")
    prices = {path: item for path, item in inputs.library.items.items() if path != "reports/prices.md"}
    builder = builder_of(replace(inputs, library=replace(inputs.library, items=prices)))
    builder = replace(builder, context=replace(builder.context, content=tmp_path / "content"))
    file = shown_path(tmp_path / "content/newsletters/winter.md")
    (problem,) = contents_problems(builder, [])
    assert (problem.file, problem.what.partition("print")[0]) == (file, "no font on this machine can ")
    assert contents_problems(builder, [file]) == set()


def test_content_beyond_the_margin_has_the_line_of_its_text(tmp_path: Path) -> None:
    builder = builder_of(small(tmp_path, lambda old: f"{old}\n\nAn x, and\n\n> > > x\n\n1. **Words** of a list\n"))
    builder = replace(builder, context=replace(builder.context, content=tmp_path / "content"))
    (mailing,) = builder.undrafted()
    for text, line in (("x", 18), ("Words of", 20), ("nowhere", 0)):
        error = PrintError(f"edition gold: newsletters/winter.md: page 7: `{text}` is beyond the margin")
        (problem,) = layout_problem(mailing, error, builder).problems
        assert (problem.line, problem.what) == (line, f"page 7: `{text}` is beyond the margin")


@pytest.mark.long
def test_an_issue_too_heavy_for_the_post_is_a_warning_before_it_is_printed(tmp_path: Path) -> None:
    builder = builder_of(small(tmp_path))
    press = replace(builder.printing.press, bands=[WeightBand("light", 9)])
    context = replace(builder.context, content=tmp_path / "content", build=tmp_path)
    builder = replace(builder, context=context, printing=replace(builder.printing, press=press))
    (mailing,) = builder.undrafted()
    ((posted, *_), *_) = mailing.choice.members, ()
    posted_to = replace(mailing.choice, addresses={posted.id: ("Maya",)})
    (problem,) = check_issue_layout(builder, replace(mailing, choice=posted_to))
    assert problem.is_warning
    assert "no letter on paper for readers of the edition gold: a letter is too heavy: " in problem.what
