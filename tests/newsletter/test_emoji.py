"""Emoji on paper: outlines of the theme's own font, in the ink of the text."""

import io

import pikepdf
import pytest

from members_portal.newsletter.layout import lay_out, write_pdf
from members_portal.newsletter.preflight.inventory import Inventory
from tests.newsletter import planners

EMOJI = "🎈 ❤️ ✈ 😀 🫠 👩🏽‍🍳 🇮🇪 1️⃣"


@pytest.mark.parametrize("family", ["serif", "sans"])
def test_emoji_are_printed_in_outlines(family: str) -> None:
    planner = planners.planner()
    side = f'<section class="sheet overleaf"><p style="font-family: var(--{family})">Ada {EMOJI}</p></section>'
    shell = planner.templates.shell(planner.issues["gold"])
    pdf = write_pdf(lay_out(shell.around([side]), planner.materials, frozenset()))
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        (page,) = opened.pages
        names = {str(font.BaseFont).rpartition("+")[2] for font in page.resources.Font.values()}
        faults = [what for check, what in Inventory().page(page) if check == "fonts"]
    assert any("Noto-Emoji" in name for name in names), names
    assert faults == []
