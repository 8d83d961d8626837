"""Addresses read by their glyphs, in scripts in which the text of a PDF is not that of the address."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from members_portal.newsletter.post.address_window import DIN_5008_B
from members_portal.newsletter.preflight.address_reading import Glyphs, glyphs_of, lay_out_addresses
from members_portal.newsletter.preflight.expected import Expected
from members_portal.newsletter.preflight.inspection import preflight
from members_portal.newsletter.preflight.trace import TracedText, Tracer
from members_portal.newsletter.preflight.trim import boxes_of
from members_portal.newsletter.preflight.typeface import read_typeface
from members_portal.newsletter.preflight.window_view import view_of
from members_portal.newsletter.press.run_manifest import window_hash
from tests.long_cases import quick_and_long
from tests.newsletter import planners
from tests.newsletter.press_run import CODE, PEOPLE, front, good_run, laid_out, rows_of, saved

FIRST, SECOND = PEOPLE
ADDRESSES = {
    "Devanagari": ("अमृता क्षत्रिय कि", "१२ महात्मा गांधी मार्ग", "Wien"),
    "Gurmukhi": ("ਗੁਰਪ੍ਰੀਤ ਸਿੱਖ", "ਮਕਾਨ ਨੰਬਰ ੧੨", "Wien"),
    "Sinhala": ("ක්\u200dරිස්තු", "කොළඹ පාර", "Wien"),
    "Thaana": ("ހިވެ ދިވެ", "މަޖީދީ މަގު", "Wien"),  # the first sign is a vowel of 0.4 mm, at the edge of the zone
}
WRONG = ["the window doesn't show the member's address"]


def glyphs(*lines: str) -> Callable[[Sequence[str]], Sequence[Glyphs]]:
    """Return a function that returns the glyphs of one address, laid out in a document of its own."""
    with pikepdf.open(BytesIO(laid_out(front(FIRST, "<br>".join(lines))))) as pdf:
        page = pdf.pages[0]
        shown = Tracer(page.resources, read_typeface).follow(page)
        texts = [each for each in shown if isinstance(each, TracedText)]
        found = glyphs_of(each.text for each in view_of(texts, boxes_of(page), DIN_5008_B).shown)
    return lambda members: [found for _ in members]


@pytest.mark.parametrize("script", quick_and_long(ADDRESSES, {"Thaana"}))
def test_an_address_is_read_by_its_glyphs_where_its_text_is_another(tmp_path: Path, script: str) -> None:
    lines = ADDRESSES[script]
    pdf = good_run(front(FIRST, "<br>".join(lines)), front(SECOND))
    path, (first, second) = saved(pdf, tmp_path), rows_of(pdf)
    rows = [replace(first, window=window_hash((*lines, "x"))), second]  # a text that the window does not show

    def found(expected: Expected) -> list[str]:
        return [finding.what for finding in preflight(path, rows, expected).of("address window")]

    assert found(Expected(code=CODE)) == WRONG
    assert found(Expected(code=CODE, addresses=glyphs(*lines))) == []
    assert found(Expected(code=CODE, addresses=glyphs(*lines[1:]))) == WRONG


def test_each_address_has_its_own_glyphs() -> None:
    planner = planners.planner()
    shell = planner.templates.shell(planner.issues["gold"])
    same = ADDRESSES["Gurmukhi"]
    one, other, again = lay_out_addresses([same, ADDRESSES["Sinhala"], same], shell, planner.materials)
    assert one == again != other
    assert {font for font, _ in one} >= {"Source-Serif"} or len({font for font, _ in one}) == 2
