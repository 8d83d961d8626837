"""Text twice as large on a screen of 320 px: nothing is wider than the screen, and the card shows all it says."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import ViewportSize

from tests.js.reader import Reader
from tests.site.sample import Sample
from tests.site.templates import PUBLIC, members_pages
from tests.site.test_accessibility import OVERFLOW
from tests.site.tour import told

NARROW = ViewportSize(width=320, height=640)
LARGE = {"fontSizes": {"standard": 32, "fixed": 26}}  # px, twice the browser's own
CUT = """() => [...document.querySelectorAll('.badge > *')].filter(one => {
  const [box, card] = [one, one.parentElement].map(each => each.getBoundingClientRect());
  return box.right > card.right || box.bottom > card.bottom;
}).map(one => one.className)"""


def fits(reader: Reader, addresses: Mapping[str, str]) -> None:
    reader.context.new_cdp_session(reader.page).send("Page.setFontSizes", LARGE)
    for template, address in addresses.items():
        reader.go(address)
        assert reader.page.evaluate(OVERFLOW) == [], template


def test_large_text_fits_public_pages(visit: Callable[..., Reader], portal: Sample) -> None:
    fits(visit(portal, viewport=NARROW), PUBLIC)


@pytest.mark.long
@pytest.mark.parametrize("who", ["M-1001", pytest.param("S-01", marks=pytest.mark.long)])
def test_large_text_fits_members_pages(visit: Callable[..., Reader], portal: Sample, who: str) -> None:
    reader = visit(portal, viewport=NARROW)
    reader.page.goto(portal.link(who))
    told(reader)
    fits(reader, members_pages(portal, who))
    reader.go()
    assert reader.page.evaluate(CUT) == []
