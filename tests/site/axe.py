"""Violations that axe-core finds on the page that is open."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RUN = """async part => {
  const {violations} = await axe.run(part ?? document, {resultTypes: ['violations']});
  return violations.map(({id, nodes}) => `${id} at ${nodes.map(({target}) => target[0]).join(', ')}`);
}"""


def violations(page: Page, part: str | None = None) -> list[str]:
    """Return the violations on a page or in the part of a selector, each with its places."""
    if not page.evaluate("'axe' in self"):  # it stays until the page is left
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(RUN, part)
    return found
