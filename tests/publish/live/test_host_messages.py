"""Public pages from hosts that block scripts or styles, or strip the final slash: each page says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from tests.long_cases import quick_and_long
from tests.publish.live.hosts import SlashRemoved, StaticFolder, served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.publish.project import Project


class Restrictive(StaticFolder):
    """Sends each page with a policy that blocks scripts."""

    policy = "script-src 'none'"

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()


class Bare(Restrictive):
    """Sends each page with a policy that blocks all of its own files."""

    policy = "default-src 'none'; sandbox"


class NoSlash(SlashRemoved):
    """Redirects pages to addresses without a final slash, and has no such folder for their styles."""

    def answer_otherwise(self) -> bool:
        return super().answer_otherwise() or (self.path.startswith("/theme/") and self.send(404, b""))


class FirstPageForAll(StaticFolder):
    """Answers unknown addresses with the first page and the status 200."""

    def answer_otherwise(self) -> bool:
        path = self.folder() / self.path.split("?")[0].lstrip("/")
        page = (self.folder() / "index.html").read_bytes()
        return not path.is_file() and self.send(200, page, Content_Type="text/html")


@contextmanager
def opened(browser: Browser, project: Project, host: type[StaticFolder], path: str) -> Iterator[Page]:
    with served(host.of(project.release)) as address:
        page = browser.new_page()
        page.goto(address + path)
        page.evaluate("document.getAnimations().forEach(one => one.finish())")  # the message waits some seconds
        yield page
        page.close()


BLOCKED, UNSTYLED = "[data-portal=blocked]", ".unstyled"
CASES = {
    "genuine": (StaticFolder, "", {BLOCKED: False, UNSTYLED: False}),
    "scripts blocked": (Restrictive, "", {BLOCKED: True, UNSTYLED: False}),
    "all blocked": (Bare, "#AAAAA-BBBBB-CCCCC-DDDDD-EEEEE-FF", {BLOCKED: True, UNSTYLED: True}),
    "no slash": (NoSlash, "visit/", {UNSTYLED: True}),
    "first page for all": (FirstPageForAll, "reports/beans/", {BLOCKED: True, UNSTYLED: True}),
    "a page without faults": (StaticFolder, "visit/", {UNSTYLED: False}),
}


@pytest.mark.parametrize("case", quick_and_long(CASES, ["all blocked"]))
def test_a_page_says_that_its_scripts_or_styles_are_missing(harbour: Project, browser: Browser, case: str) -> None:
    host, path, expected = CASES[case]
    with opened(browser, harbour, host, path) as page:
        for selector, is_shown in expected.items():
            message = page.locator(selector)
            expect(message).to_be_visible() if is_shown else expect(message).to_be_hidden()
