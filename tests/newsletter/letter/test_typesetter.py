"""Lines set without a layout equal WeasyPrint's, number for number; unsupported text is refused."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from members_portal.newsletter.layout import Materials, lay_out, text_boxes, write_pdf
from members_portal.newsletter.letter.typesetter import Style, TypesetLine, Typesetter
from tests.long_cases import quick_first
from tests.newsletter import specimen
from tests.newsletter.planners import THEME, fonts

FILES = {name: path for name, path in fonts() if name != "noto-emoji"}  # the typefaces of text
MATERIALS = Materials(specimen.CONTENT, THEME, fonts())
SHOWN = re.compile(rb"BT\n1 0 0 -1 \S+ \S+ Tm\n/(\S+) \S+ Tf\n(\[[^\]]*\]) TJ\nET")
PAGE = """<!DOCTYPE html>
<html lang="en-IE">
<head><title>Lines</title>
<link rel="stylesheet" href="theme:css/fonts.css">
<style>@page {{ size: 3000mm; margin: 0 }} div {{ white-space: nowrap; {css} }}</style></head>
<body>{lines}</body></html>"""
PT = 4 / 3  # CSS pixels
SERIF, SANS = '"Source Serif"', '"Source Sans"'


@dataclass(frozen=True)
class Case:
    """A way to set lines: as CSS says it, and as the typesetter is told it."""

    font: str
    css: str
    size: float
    features: tuple[tuple[str, int], ...] = ()
    spacing: float = 0.0
    capitals: bool = False


CASES = {
    "text": Case("source-serif-regular", f"font: 400 11pt/14pt {SERIF}", 11 * PT),
    "italic": Case("source-serif-italic", f"font: italic 400 8.6pt/11pt {SERIF}", 8.6 * PT),
    "lining": Case(
        "source-serif-regular",
        f"font: 400 10.5pt/13pt {SERIF}; font-variant-numeric: lining-nums",
        10.5 * PT,
        (("lnum", 1),),
    ),
    "tabular": Case(
        "source-sans-semibold",
        f"font: 600 13pt/8mm {SANS}; font-variant-numeric: lining-nums tabular-nums; letter-spacing: 0.06em",
        13 * PT,
        (("lnum", 1), ("tnum", 1)),
        spacing=0.06 * 13 * PT,
    ),
    "small capitals": Case(
        "source-serif-semibold",
        f"font: 600 9pt/12pt {SERIF}; font-variant-caps: small-caps",
        9 * PT,
        (("smcp", 1),),
    ),
    "capitals": Case(
        "source-sans-regular",
        f"font: 400 7pt/9pt {SANS}; text-transform: uppercase",
        7 * PT,
        capitals=True,
    ),
    "tight": Case(
        "source-serif-regular",
        f"font: 400 37pt/40pt {SERIF}; letter-spacing: -0.015em",
        37 * PT,
        spacing=-0.015 * 37 * PT,
    ),
    "spaced capitals": Case(
        "source-sans-semibold",
        f"font: 600 12.5px/20px {SANS}; letter-spacing: 1.3px; text-transform: uppercase",
        12.5,
        spacing=1.3,
        capitals=True,
    ),
    "without ligatures": Case(
        "source-serif-regular",
        f"font: 400 16px/20px {SERIF}; font-variant-ligatures: none",
        16,
        (("liga", 0), ("clig", 0), ("dlig", 0), ("hlig", 0), ("calt", 0)),
    ),
}


@cache
def typesetter() -> Typesetter:
    """Return a typesetter of the theme's fonts."""
    return Typesetter({name: path.read_bytes() for name, path in FILES.items()})


@cache
def coverable(font: str) -> list[str]:
    """Return the letters that the typesetter says it can set in a font."""
    return [letter for letter in map(chr, sorted(typesetter().code_points(font))) if typesetter().covers(letter, font)]


def covers(text: str, case: Case) -> bool:
    """Tell whether the typesetter says that it can set a text."""
    return typesetter().covers(text, case.font)


def texts(case: Case) -> st.SearchStrategy[list[str]]:
    """Make lines, above all of letters that people's names and addresses have."""
    known = [letter for letter in coverable(case.font) if not case.capitals or covers(letter.upper(), case)]
    usual = st.sampled_from([letter for letter in known if ord(letter) < 0x180])
    letters = st.one_of(usual, usual, st.sampled_from(known), st.sampled_from("fiflffTVAWoy'’ -1"))
    line = st.text(letters, min_size=1, max_size=24).map(lambda text: " ".join(text.split())).filter(bool)
    return st.lists(line, min_size=1, max_size=12)


def drawn(lines: Sequence[str], case: Case) -> tuple[str, list[bytes], list[float]]:
    """Set lines with WeasyPrint; return the font name, the operands and the widths."""
    divisions = "".join(f'<div data-value="{number}">{escape(line)}</div>' for number, line in enumerate(lines))
    document = lay_out(PAGE.format(css=case.css, lines=divisions), MATERIALS, frozenset())
    widths = [float(box.width) for _, _, box in text_boxes(document, 0)]
    with pikepdf.open(io.BytesIO(write_pdf(document))) as pdf:
        content = pdf.pages[0].Contents.read_bytes()
    shown = SHOWN.findall(content)
    assert len(shown) == content.count(b"BT\n") == len(lines)  # a line is one run of one font
    (font,) = {name for name, _ in shown}
    return font.decode(), [operand for _, operand in shown], widths


def set_line(text: str, case: Case) -> TypesetLine:
    """Let the typesetter set a line."""
    return typesetter().set(text, Style(case.font, case.size, case.features, "en-IE", case.spacing, case.capitals))


def check_same(lines: Sequence[str], case: Case) -> None:
    """Ask that lines set are lines drawn, operand by operand."""
    _, operands, widths = drawn(lines, case)
    for text, operand, width in zip(lines, operands, widths, strict=True):
        line = set_line(text, case)
        assert line.operand == operand, text
        assert line.width == pytest.approx(width, abs=0.005), text


@pytest.mark.parametrize("name", quick_first(CASES, 2))
def test_lines_of_any_letters_are_set_as_weasyprint_draws_them(name: str) -> None:
    @settings(max_examples=12)
    @given(texts(CASES[name]))
    def check(lines: list[str]) -> None:
        check_same(lines, CASES[name])

    check()


@pytest.mark.long
@pytest.mark.parametrize("name", CASES)
def test_very_many_lines_are_set_as_weasyprint_draws_them(name: str) -> None:
    @settings(max_examples=400)
    @given(texts(CASES[name]))
    def check(lines: list[str]) -> None:
        check_same(lines, CASES[name])

    check()


@pytest.mark.parametrize("name", quick_first(CASES, 3))
def test_names_addresses_and_codes_are_set_as_weasyprint_draws_them(name: str) -> None:
    sheets = specimen.sheets(12)
    lines = {line for sheet in sheets for line in (sheet.name, *sheet.address, f"Dear {sheet.called},", sheet.code)}
    check_same([*sorted(lines), "€1,004.74 more", "2 % of €740.64", "−120", "Straße 5–7 «x»", "Łódź"], CASES[name])


@pytest.mark.parametrize("size", [5, 7.3, 8.5, 9.999, 12, 14.6666667, 31.4, 72, 200])
def test_lines_of_any_size_are_set_as_weasyprint_draws_them(size: float) -> None:
    case = Case("source-serif-regular", f"font: 400 {size}px/1.2 {SERIF}", size)
    check_same(["Freja Brandt", "Maximiliane-Friederike Theodora Gräfin von Hohenstein", "VAV To fi 123"], case)


# What it says it can't do


FOREIGN = ["نور", "יעל", "Dear יעל,", "٣", "欧阳静怡", "長谷川", "e\u0301", "\U0001f600"]
HIDDEN = ["a\u200fb", "a\u202eb", "a\u00adb", "a\tb", "a\nb"]


@pytest.mark.parametrize("text", FOREIGN + HIDDEN)
@pytest.mark.parametrize("font", quick_first(FILES, 1))
def test_what_needs_another_order_font_or_place_is_not_covered(font: str, text: str) -> None:
    assert not typesetter().covers(text, font)


@pytest.mark.parametrize("font", FILES)
def test_a_letter_the_font_lacks_is_not_covered(font: str) -> None:
    lacking = [letter for letter in map(chr, range(0x20, 0x3000)) if ord(letter) not in typesetter().code_points(font)]
    assert len(lacking) > 1000
    assert not [letter for letter in lacking if typesetter().covers(f"a{letter}b", font)]


@pytest.mark.parametrize("font", FILES)
def test_names_of_european_languages_are_covered(font: str) -> None:
    names = "Siobhán Ó hUallacháin|Zuzanna Łukaszewicz-Żak|Ștefan Țurcanu|Ğülşen Yılmaz|Győző Őry|Þórður"
    for name in names.split("|"):
        assert typesetter().covers(name, font)


def test_words_of_two_scripts_are_not_covered_whatever_the_font_has() -> None:
    for text in ("Юлия Brandt", "Ωmega", "Где"):
        assert not typesetter().covers(text, "source-sans-regular")


# By itself


def test_the_glyphs_of_a_line_are_told() -> None:
    line = set_line("fi", CASES["text"])
    assert len(line.glyphs) == 1  # a ligature
    assert line.operand == b"[<%04x>0]" % next(iter(line.glyphs))
    assert len(set_line("fi", CASES["without ligatures"]).glyphs) == 2


def test_capitals_are_those_of_the_letters() -> None:
    case = CASES["capitals"]
    small, capital = set_line("straße", case), set_line("STRASSE", case)
    assert small == capital
