"""Styles, scripts or files that do not come: the page says so, without a style or script of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.js.reader import Reader
from tests.site.sample import Sample
from tests.site.tour import told

Visit = Callable[..., Reader]
BLOCKED, UNSTYLED = "[data-portal=blocked]", ".unstyled"


def lose(portal: Sample, folder: str) -> None:
    """Lose all files of a folder of the theme."""
    for file in (portal.folder / "output/theme" / folder).rglob("*"):
        if file.is_file():
            file.unlink()


def finish(reader: Reader) -> None:
    """End the seconds for which the message about scripts waits."""
    reader.page.wait_for_load_state("load")
    reader.page.evaluate("document.getAnimations().forEach(one => one.finish())")


def test_a_sign_in_without_its_scripts_says_so_above_the_field(visit: Visit, own_portal: Sample) -> None:
    lose(own_portal, "js")
    reader = visit(own_portal, viewport={"width": 360, "height": 740})
    reader.tolerated += ["MIME type", "integrity"]
    reader.go("#" + own_portal.code("M-1001"))
    finish(reader)
    message = reader.page.locator(BLOCKED)
    expect(message).to_be_in_viewport(ratio=0.5)
    told_at, field_at = (part.bounding_box() for part in (message, reader.page.get_by_label("Access code")))
    assert told_at
    assert field_at
    assert told_at["y"] < field_at["y"]
    message.get_by_role("link", name="open the page without it").click()
    expect(reader.page).to_have_url(own_portal.root)


@pytest.mark.long
def test_a_sign_in_without_one_of_its_scripts_says_so(visit: Visit, own_portal: Sample) -> None:
    (own_portal.folder / "output/theme/js/fragment.js").unlink()
    reader = visit(own_portal)
    reader.tolerated += ["MIME type", "integrity"]
    reader.go()
    finish(reader)
    expect(reader.page.locator(BLOCKED)).to_be_visible()
    reader.troubles.clear()  # a name of the script is missing


@pytest.mark.long
@pytest.mark.parametrize(
    ("folder", "shown", "hidden"),
    [("css", UNSTYLED, BLOCKED), ("js", BLOCKED, UNSTYLED), ("icons", None, UNSTYLED)],
)
def test_a_members_page_says_what_it_lacks(
    visit: Visit, own_portal: Sample, folder: str, shown: str | None, hidden: str
) -> None:
    reader = visit(own_portal)
    reader.tolerated += ["ERR_FAILED", "integrity", "MIME type"]
    reader.page.goto(own_portal.link("M-1001"))
    told(reader)
    expect(reader.page.locator(BLOCKED)).to_have_count(0)
    lose(own_portal, folder)
    reader.page.evaluate("caches.delete('portal / public')")
    reader.context.new_cdp_session(reader.page).send("Network.clearBrowserCache")
    reader.close_tab()
    reader.go("account/")
    finish(reader)
    if shown:
        expect(reader.page.locator(shown)).to_be_visible()
    expect(reader.page.locator(hidden)).to_be_hidden()


@pytest.mark.long
def test_a_file_that_is_not_on_the_device_is_called_a_file(visit: Visit, own_portal: Sample) -> None:
    reader = visit(own_portal)
    reader.page.goto(own_portal.link("M-1001"))
    told(reader)
    reader.go("no/such/page/")  # this page stands for what cannot be loaded, too
    reader.context.set_offline(True)
    reader.go("reports/")
    reader.reads("This page or file couldn’t be loaded")
    expect(reader.page.get_by_role("link", name="Keep the PDFs")).to_be_visible()
