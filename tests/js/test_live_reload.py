"""The preview in the browser: pages reload after a publish, and show the problems of a publish that failed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from members_portal.loyalty.input.problem import InvalidInput, Problem
from members_portal.publish.live_reload.event_stream import EventStream, PreviewState, failed
from members_portal.publish.live_reload.preview_server import publish_of, serve_preview
from tests.js.lantern import COMMON_SCRIPTS, members_page, page
from tests.js.reader import Reader
from tests.js.test_worker import both_roots
from tests.seal.small_site import Site

BROKEN = Problem("content/pages/imprint.md", 4, 11, "`Audience`: no tier is called `nobody`", "public or a tier")


@dataclass
class Previewed:
    """A small portal and its preview."""

    portal: Site
    stream: EventStream
    root: str

    def publish(self) -> None:
        """Publish again, and tell the pages."""
        self.portal.publish()
        self.stream.announce(PreviewState(publish_of(self.portal.release)))

    def fail(self, *problems: Problem) -> None:
        """Tell the pages that a publish failed."""
        self.stream.announce(failed(publish_of(self.portal.release), InvalidInput(problems)))


@pytest.fixture
def previewed(lantern_site: Site, request: pytest.FixtureRequest) -> Iterator[Previewed]:
    """Serve the portal as the preview does."""
    prefix = request.node.callspec.params.get("lantern_site", "/") if hasattr(request.node, "callspec") else "/"
    stream = EventStream(publish_of(lantern_site.release))
    server = serve_preview(lambda: lantern_site.release, prefix, stream, port=0)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Previewed(lantern_site, stream, f"http://127.0.0.1:{server.server_address[1]}{prefix}")
    server.shutdown()
    server.server_close()


@pytest.fixture
def editor(browser: Browser, previewed: Previewed) -> Iterator[Reader[Previewed]]:
    """Open a browser, which ends without any sign of trouble."""
    reader = Reader(browser, previewed)
    yield reader
    reader.close()
    assert reader.troubles == []


@pytest.fixture
def new_tab(editor: Reader[Previewed]) -> Callable[[], Page]:
    """Open tabs of one browser."""
    return editor.context.new_page


def panel(page: Page) -> str:
    """Wait for the panel of problems; return its text."""
    alert = page.get_by_role("alert").filter(has_text="Hide")
    expect(alert).to_be_visible()
    return alert.inner_text()


@pytest.mark.long
def test_a_public_page_reloads_after_each_publish(previewed: Previewed, editor: Reader[Previewed]) -> None:
    editor.go("imprint/")
    for text in ("Open at noon.", "Open at dusk."):
        previewed.portal.files["public/imprint/index.html"] = page("Imprint", f"<p>{text}</p>", "../", *COMMON_SCRIPTS)
        previewed.publish()
        expect(editor.page.locator("p:not([data-notice])")).to_have_text(text)


@both_roots
def test_a_members_page_reloads_after_each_publish(
    lantern_site: Site, previewed: Previewed, editor: Reader[Previewed]
) -> None:
    editor.enter(lantern_site.code("M-1"))
    editor.go("reports/beans/")
    for text in ("Sweeter beans.", "Better beans."):
        lantern_site.files["editions/gold/reports/beans/index.html"] = members_page("Beans", "../../", f"<p>{text}</p>")
        previewed.publish()
        expect(editor.page.locator("p:not([data-notice])")).to_have_text(text)


@pytest.mark.long
def test_problems_lie_over_the_last_good_page_until_they_are_mended(
    lantern_site: Site, previewed: Previewed, editor: Reader[Previewed]
) -> None:
    editor.enter(lantern_site.code("M-1"))
    previewed.fail(BROKEN, BROKEN.as_warning())
    text = panel(editor.page)
    assert text.splitlines()[0] == "1 problem, 1 warning"
    assert "content/pages/imprint.md:4:11\n`Audience`: no tier is called `nobody`, expected public or a tier" in text
    editor.reads("gold home")
    editor.go("reports/beans/")
    assert panel(editor.page) == text  # on every page
    editor.page.get_by_role("button", name="Hide").click()
    expect(editor.page.get_by_role("button", name="Hide")).to_have_count(0)
    previewed.fail(BROKEN)
    assert panel(editor.page).startswith("1 problem")
    previewed.stream.announce(PreviewState(publish_of(lantern_site.release)))  # mended: the release is as before
    expect(editor.page.get_by_role("button", name="Hide")).to_have_count(0)


@pytest.mark.long
def test_an_address_without_a_page_reloads_too(previewed: Previewed, editor: Reader[Previewed]) -> None:
    editor.go("visit/")
    previewed.portal.files["public/visit/index.html"] = page("Visit", "<p>Come by.</p>", "../", *COMMON_SCRIPTS)
    previewed.publish()
    editor.reads("Visit")


def test_before_the_first_publish_the_problems_are_shown(
    lantern_site: Site, previewed: Previewed, editor: Reader[Previewed]
) -> None:
    published = lantern_site.sequence
    lantern_site.sequence = 0
    previewed.fail(BROKEN)
    editor.go()
    assert "content/pages/imprint.md:4:11" in panel(editor.page)
    lantern_site.sequence = published
    previewed.stream.announce(PreviewState(publish_of(lantern_site.release)))
    editor.reads("Lantern")


@pytest.mark.long
def test_many_tabs_share_one_connection(previewed: Previewed, new_tab: Callable[[], Page]) -> None:
    """Browsers open six connections to a host."""
    tabs = [new_tab() for _ in range(7)]
    for tab in tabs:
        tab.goto(f"{previewed.root}imprint/")
    tabs.pop(0).close()  # the first one had the connection
    previewed.portal.files["public/imprint/index.html"] = page("Imprint", "<p>Moved.</p>", "../", *COMMON_SCRIPTS)
    previewed.publish()
    for tab in tabs:
        expect(tab.locator("p")).to_have_text("Moved.")
