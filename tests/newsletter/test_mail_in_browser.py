"""An e-mail as a browser shows it: nothing sticks out on a phone, nothing is fetched, everything can be read."""

from __future__ import annotations

import email
import email.policy
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from members_portal.newsletter.mail.mail_templates import MailTemplates
from members_portal.newsletter.mail.message import Recipient, compose_mail
from members_portal.newsletter.mail.sender import read_sender
from members_portal.portal.rendering.formats import date_filters
from tests.long_cases import quick_first
from tests.newsletter import specimen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

THEME = Path(__file__).parents[2] / "theme" / "mail"
WIDE = f"""
<table><tr><th>Promise</th><th align="right">Target</th><th>Result</th></tr><tr><td>Roasted after you order it</td>
<td align="right">95 %</td><td>98.1 %, as nearly always</td></tr></table>
<pre><code>{"a long line of code " * 6}</code></pre><p>https://example.example/{"x" * 100}</p><p><img src="x.png"></p>
"""


@pytest.fixture(scope="module")
def html() -> str:
    """Return a message with content that might be too wide."""
    issue = specimen.issue("platinum")
    page = MailTemplates(THEME, specimen.house(), date_filters("en-IE")).page(
        replace(issue, editorial=issue.editorial + WIDE), personal=True
    )
    name = specimen.LONG_NAME.replace(" ", "-")
    sender = read_sender({}, specimen.house())
    data = compose_mail(page, sender, b"key", Recipient("M-1", name, "somebody@post.example", name)).data
    message = email.message_from_bytes(data, policy=email.policy.default)
    body = message.get_body(("html",))
    assert body is not None
    return str(body.get_content())


def opened(browser: Browser, html: str, width: int, scheme: str) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
    page.set_content(html)
    return page


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 390, 800])
def test_nothing_sticks_out(browser: Browser, html: str, width: int) -> None:
    page = opened(browser, html, width, "light")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.close()


def test_nothing_is_fetched(browser: Browser, html: str) -> None:
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.set_content(html, wait_until="networkidle")
    assert asked == []
    page.close()


@pytest.mark.parametrize("scheme", quick_first(["light", "dark"], 1))
def test_everybody_can_read_it(browser: Browser, html: str, scheme: str) -> None:
    page = opened(browser, html, 390, scheme)
    rules = {"region": {"enabled": False}, "landmark-one-main": {"enabled": False}}  # of pages, not of messages
    found = Axe().run(page, options={"rules": rules}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    page.close()


@pytest.mark.long
def test_in_the_dark_the_paper_is_dark(browser: Browser, html: str) -> None:
    colour = "getComputedStyle(document.querySelector('.sheet')).backgroundColor"
    pages = [opened(browser, html, 390, scheme) for scheme in ("light", "dark")]
    assert [page.evaluate(colour) for page in pages] == ["rgb(253, 249, 240)", "rgb(25, 36, 39)"]
    for page in pages:
        page.close()
