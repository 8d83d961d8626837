"""A member's thumb on a phone: it opens what it touches, and counts."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect


class Thumb:
    """Tap on a page that is held in the hand; `taps` counts since the last task."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, target: Locator) -> None:
        """Tap on one visible thing that nothing else covers."""
        expect(target).to_have_count(1)
        target.tap()
        self.taps += 1

    def tab(self, name: str) -> None:
        """Tap on a name at the lower edge."""
        shortcuts = self.page.get_by_role("navigation", name="Shortcuts")
        self.tap(shortcuts.locator("a, button").filter(has_text=name))

    def link(self, name: str) -> None:
        """Tap on the first link of this name in the page."""
        self.tap(self.page.locator("main").get_by_role("link", name=name).first)
