"""Members' words in the theme's templates: never markup, never in another's place, one shape for all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.newsletter.issue import Sheet
from members_portal.newsletter.letter.qr_code import QrPictures
from members_portal.newsletter.post.address_window import WINDOWS
from members_portal.newsletter.print_templates import HOLE, OPEN_VALUE, PrintTemplates, Side, filled, specimens
from members_portal.portal.rendering.formats import date_filters, number_filters
from tests.newsletter import specimen
from tests.newsletter.planners import THEME

CODES = QrPictures({"sign-in": "x" * 60, "coupon": "7BWC-0FA2-3B5X-PX1C"})
STANDING_IN = CODES.placeholders
SIGN_IN = STANDING_IN["sign-in"]
PICTURE = CODES.picture("sign-in", "https://club.example/#CODE")
HOSTILE = (
    "<script>alert(1)</script>",
    "</div><div>",
    "<!--",
    "a & b &amp; c &lt;",
    "\"quoted\" 'twice'",
    "{{ sheet.code }}",
    "{% raw %}{{ 7 * 7 }}",
    "data-value",
    'x" data-value="0">x',
    '<div class="value line" data-value="1">x</div>',
    "x</div>",
    "x",
    "two\nlines\r\nor\u2028three",
    r"\1\g<0>",
    "]]>",
    "\0",
    "0",
    "%s {0}",
)


@pytest.fixture(scope="module")
def templates() -> PrintTemplates:
    house = specimen.house()
    filters = date_filters(house.language) | number_filters(house.language, "EUR")
    return PrintTemplates(THEME, house, filters)


def sides(templates: PrintTemplates, sheet: Sheet) -> tuple[Side, ...]:
    """Return the sides of a sheet of the winter issue."""
    return templates.sides(sheet, specimen.issue(), STANDING_IN)


class Shown(HTMLParser):
    """Reads HTML: all tags with their attributes, and the text of each value by its number."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.values: dict[str, str] = {}
        self.open = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple((name, value) for name, value in attrs if name != "src")))
        self.open = dict(attrs).get("data-value") or ""
        if self.open:
            self.values[self.open] = ""

    def handle_endtag(self, tag: str) -> None:
        self.tags.append((f"/{tag}", ()))
        self.open = ""

    def handle_data(self, data: str) -> None:
        if self.open:
            self.values[self.open] += data


def check_filled(side: Side, values: tuple[str, ...]) -> None:
    """Ask that a side with these words has the tags it had, and these words in their places."""
    pictures = [CODES.picture(kind, text[:19]) for kind, text in side.codes]
    shown = Shown(filled(side.html, values, STANDING_IN.values(), pictures))
    assert shown.tags == Shown(side.html).tags
    assert list(shown.values.values()) == list(values)


@pytest.mark.parametrize("word", HOSTILE)
def test_words_of_members_never_become_markup_nor_change_others(templates: PrintTemplates, word: str) -> None:
    plain = specimen.sheet(1)
    named = replace(plain, name=word, called=word, address=(word, *plain.address[1:]), tier=word)
    for side, other in zip(sides(templates, named), sides(templates, plain), strict=True):
        assert side.html == other.html
        check_filled(side, side.values)
    cover, before = sides(templates, named)[0].values, sides(templates, plain)[0].values
    line = " ".join(word.split())
    changed = {place for place, (one, two) in enumerate(zip(cover, before, strict=True)) if one != two}
    assert {cover[place] for place in changed} == {line, f"Dear {line},"}


@pytest.mark.parametrize(("given", "overleaf", "elsewhere"), [(0, 0, 0), (1, 1, 0), (6, 6, 0), (7, 6, 1), (9, 6, 3)])
def test_six_coupons_are_overleaf_and_the_others_elsewhere(given: int, overleaf: int, elsewhere: int) -> None:
    coupons = tuple(specimen.coupon("the-tall-kettle", None) for _ in range(given))
    sheet = replace(specimen.sheet(1), coupons=coupons)
    assert (len(sheet.coupons_overleaf), len(sheet.coupons_elsewhere)) == (overleaf, elsewhere)
    assert (*sheet.coupons_overleaf, *sheet.coupons_elsewhere) == coupons


@pytest.mark.parametrize(("count", "fit"), [(0, False), (1, True), (6, True), (7, False)])
def test_six_promises_fit_on_the_back_page(count: int, fit: bool) -> None:
    issue = replace(specimen.issue(), promises=(specimen.promises()[0],) * count)
    assert issue.promises_at_the_back is fit


words = st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.sampled_from(HOSTILE)


@given(st.data())
def test_any_words_stand_where_they_belong(templates: PrintTemplates, data: st.DataObject) -> None:
    for side in sides(templates, specimen.sheet(3)):
        several = st.lists(words, min_size=len(side.values), max_size=len(side.values))
        check_filled(side, tuple(data.draw(several)))


def test_the_word_for_the_picture_in_a_name_is_a_word_like_others(templates: PrintTemplates) -> None:
    (cover, _) = sides(templates, replace(specimen.sheet(1), called=SIGN_IN))
    shown = Shown(filled(cover.html, cover.values, STANDING_IN.values(), [PICTURE]))
    assert f"Dear {SIGN_IN}," in shown.values.values()


def test_every_side_gets_its_members_code(templates: PrintTemplates) -> None:
    (cover, overleaf) = sides(templates, specimen.sheet(1))
    assert cover.html.count(SIGN_IN) == 1
    whole = filled(cover.html, cover.values, STANDING_IN.values(), [PICTURE])
    assert (whole.count(PICTURE), whole.count(SIGN_IN)) == (1, 0)
    assert SIGN_IN not in overleaf.html


def test_every_coupon_has_the_company_the_issue_and_its_code_as_a_qr_code(templates: PrintTemplates) -> None:
    sheet = specimen.sheet(1)
    (cover, overleaf) = sides(templates, sheet)
    codes = [("coupon", coupon.code) for coupon in sheet.coupons_overleaf if coupon.code]
    assert (cover.codes, overleaf.codes) == ((("sign-in", sheet.sign_in),), tuple(codes))
    assert overleaf.html.count(STANDING_IN["coupon"]) == len(codes) > 1
    assert overleaf.html.count("Strand &amp; Hitch Coffee Roasters, Winter 2026") == len(sheet.coupons_overleaf)


def test_who_differs_only_in_words_has_the_same_sides(templates: PrintTemplates) -> None:
    one, other = specimen.sheet(1), specimen.sheet(5)
    given = replace(other.statement, **{name: getattr(one.statement, name) for name in ("expiring", "expiries")})  # type: ignore[type-var]
    coupons = tuple(
        replace(mine, code=yours.code, why="for Gold") for mine, yours in zip(one.coupons, other.coupons, strict=False)
    )
    keep = replace(given, progress=one.statement.progress)  # type: ignore[union-attr, type-var]
    twin = replace(other, manager=one.manager, statement=keep, coupons=coupons, called="Somebody")
    assert len(coupons) == len(one.coupons)
    for mine, theirs in zip(sides(templates, one), sides(templates, twin), strict=True):
        assert mine.html == theirs.html
        assert mine.values != theirs.values


def test_a_short_address_has_the_shape_of_a_longer_one(templates: PrintTemplates) -> None:
    plain = specimen.sheet(1)
    shapes = {
        sides(templates, replace(plain, address=tuple("line" for _ in range(lines))))[0].html for lines in range(7)
    }
    assert len(shapes) == 1


@pytest.mark.long
def test_a_sheet_has_few_shapes(templates: PrintTemplates) -> None:
    sheets = specimen.sheets(400)
    covers = {sides(templates, sheet)[0].html for sheet in sheets}
    print(f"sheets={len(sheets)} covers={len(covers)}")
    assert len(covers) <= 24


@pytest.mark.parametrize("window", WINDOWS.values(), ids=list(WINDOWS))
def test_nothing_of_a_member_stands_outside_of_values(window: object) -> None:
    house = specimen.house()
    filters = date_filters(house.language) | number_filters(house.language, "EUR")
    templates = PrintTemplates(THEME, house, filters, window)  # type: ignore[arg-type]
    house_words = " ".join(house.address)
    for sheet in [*specimen.sheets(6), *specimen.awkward_sheets().values()]:
        own = {sheet.name, sheet.called, *sheet.address, *sheet.code.split("-"), sheet.sign_in, sheet.member}
        own |= {coupon.code for coupon in sheet.coupons if coupon.code}
        for side in sides(templates, sheet):
            shown = f" {' '.join(re.sub(r'<[^>]*>', ' ', side.html).split())} "
            assert not {word for word in own if f" {word} " in shown and word not in house_words}


def test_a_shell_goes_around_sheets_and_has_pages_only_when_asked(templates: PrintTemplates) -> None:
    alone = templates.shell(specimen.issue())
    whole = templates.shell(specimen.issue(), pages=True)
    assert alone.around(["A", "B"]) == f"{alone.before}AB{alone.after}"
    assert HOLE not in alone.around([])
    assert "<main" not in alone.after
    assert "<main" in whole.after
    assert alone.before == whole.before


# The specimen


def test_a_specimen_shows_each_kind_of_value_once() -> None:
    side = "".join(
        f'<div class="value {kind}" data-value="{number}">x</div>' for number, kind in enumerate(["a", "b", "a", "c d"])
    )
    other = '<div class="value c d" data-value="0">x</div><div class="value e" data-value="1">x</div>'
    (first, second) = specimens([side, side, other, other], "A<B")
    assert re.findall(r'data-value="([^"]*)"', first + second) == [""] * 6
    assert re.findall(r">([^<]*)</div>", first) == ["A&lt;B", "A&lt;B", "x", "A&lt;B"]
    assert re.findall(r">([^<]*)</div>", second) == ["x", "A&lt;B"]


def kinds(sides: list[str]) -> Iterator[str]:
    """Find the classes of values."""
    for side in sides:
        yield from re.findall(r'<div class="value ([^"]*)"', side)


def test_specimens_of_real_sheets_show_all_kinds(templates: PrintTemplates) -> None:
    drawn = [side.html for sheet in specimen.awkward_sheets().values() for side in sides(templates, sheet)]
    shown = list(specimens(drawn, "Every letter"))
    assert set(kinds(shown)) == set(kinds(drawn))
    assert sum(side.count(">Every letter<") for side in shown) == len(set(kinds(drawn)))


@pytest.mark.parametrize(
    ("count", "sentence"),
    [(7, "Not all of them fit: 1 more is in your portal."), (8, "Not all of them fit: 2 more are in your portal.")],
)
def test_coupons_that_do_not_fit_are_counted(templates: PrintTemplates, count: int, sentence: str) -> None:
    sheet = replace(specimen.sheet(1), coupons=tuple(specimen.coupons(Random(1), count)))
    assert sentence in sides(templates, sheet)[1].values


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({"tier": ""}, "Your tier"),
        ({"code": ""}, "access code is on its other side"),
        ({"code": ""}, "Your access code"),
    ],
    ids=["staff", "strip of a seed letter", "seed letter"],
)
def test_no_label_stands_above_an_empty_value(templates: PrintTemplates, changes: dict[str, str], label: str) -> None:
    sheet = specimen.sheet(1)
    assert label in "".join(side.html for side in sides(templates, sheet))
    made = sides(templates, replace(sheet, **changes))  # type: ignore[arg-type]
    assert label not in "".join(side.html for side in made)
    front = OPEN_VALUE.findall(made[0].html)
    assert all(
        value or kind in {"line", "pointer"} for (_, kind, _, _), value in zip(front, made[0].values, strict=True)
    )


@pytest.mark.parametrize("is_derived", [False, True])
def test_a_summary_that_begins_the_letter_is_not_printed_before_it(templates: PrintTemplates, is_derived: bool) -> None:
    html, _ = templates.editions(replace(specimen.issue(), summary="Short.", has_derived_summary=is_derived))
    assert ('<p class="summary">Short.</p>' in html) != is_derived
    assert '<meta name="description" content="Short.">' in html
