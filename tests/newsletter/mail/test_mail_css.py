"""The CSS of an e-mail, held against what mail programs support.

Outlook for Windows renders HTML with Word. The lists are from Microsoft's "Word HTML and CSS rendering capabilities in
Outlook" and caniemail.com.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from members_portal.newsletter.mail.mail_templates import MailTemplates
from members_portal.portal.rendering.formats import date_filters
from tests.newsletter import specimen

THEME = Path(__file__).parents[3] / "theme" / "mail"
KNOWN = frozenset(  # properties that Outlook for Windows applies
    "background-color border border-bottom border-collapse border-left border-top color display font-family font-size"
    " font-style font-weight letter-spacing line-height margin mso-hide mso-padding-alt padding padding-left"
    " padding-right text-align text-decoration vertical-align white-space width".split()
)
IGNORED = frozenset(  # properties that it ignores, and that only refine the page elsewhere
    "-webkit-text-size-adjust max-height max-width overflow overflow-wrap table-layout text-underline-offset"
    " word-wrap".split()
)
LAYOUTS = frozenset({"none", "inline-block"})  # values of `display`; Outlook takes inline-block as inline
MISSING = re.compile(r"calc\(|var\(|url\(|\d(?:rem|vw|vh)\b|\b(?:start|end|flex|grid|sticky|fixed)\b")


def styles() -> list[str]:
    page = MailTemplates(THEME, specimen.house(), date_filters("en-IE")).page(
        specimen.issue("platinum"), personal=True, manager=specimen.manager("ines")
    )
    return re.findall(r'style="([^"]*)"', page.html)


def declarations() -> set[tuple[str, str]]:
    parts = [part.partition(":") for style in styles() for part in style.split(";") if part.strip()]
    return {(name.strip(), value.strip()) for name, _, value in parts}


def test_every_property_is_known_to_outlook_or_does_no_harm_when_it_is_ignored() -> None:
    names = {name for name, _ in declarations()}
    assert names - KNOWN - IGNORED == set()
    assert {"padding", "background-color", "mso-padding-alt"} <= names


def test_no_value_needs_a_newer_program() -> None:
    assert {value for name, value in declarations() if name == "display"} <= LAYOUTS
    assert [value for name, value in declarations() if name != "table-layout" and MISSING.search(value)] == []


@pytest.mark.parametrize("value", ["calc(1px + 2px)", "var(--ink)", "flex", "grid", "start", "url(x.png)"])
def test_the_values_that_are_looked_for_are_found(value: str) -> None:
    assert MISSING.search(value)


def test_tables_make_the_layout_and_carry_what_outlook_needs() -> None:
    page = MailTemplates(THEME, specimen.house(), date_filters("en-IE")).page(specimen.issue(), personal=True)
    assert '<!--[if mso]><table role="presentation" width="600"' in page.html  # it ignores max-width
    buttons = re.findall(r'<table class="(?:first )?button".*?</table>', page.html, re.DOTALL)
    assert len(buttons) == 2
    for button in buttons:
        assert re.search(r'<td [^>]*bgcolor="#[0-9a-f]{6}"', button)
        assert "mso-padding-alt" in button
    assert re.findall(r"<(?:div|section|main|article)[^>]*(?:float|position)", page.html) == []


def test_the_style_sheet_in_the_head_has_media_rules_only() -> None:
    page = MailTemplates(THEME, specimen.house(), date_filters("en-IE")).page(specimen.issue(), personal=True)
    (sheet,) = re.findall(r"<style>(.*?)</style>", page.html, re.DOTALL)
    bare = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    assert re.fullmatch(r"\s*(@media [^{]*\{(?:[^{}]*\{[^{}]*\})*\s*\}\s*)+", bare)
    assert len(sheet.encode()) < 8192  # Gmail drops a longer one
