"""Ids of headings, and the table of contents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from members_portal.portal.content.body import Converter
from members_portal.portal.content.markdown_files import address
from members_portal.portal.text.heading_id import heading_id
from members_portal.portal.text.headings import Heading, heading_problems, table_of_contents
from tests.portal.small_portal import MARKDOWN, PROJECT, library_of, text


def html_of(markdown: str) -> str:
    return Converter(MARKDOWN, "en").convert(markdown, "reports", "../../", address).html


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("The second drum", "the-second-drum"),
        ("What's *new*, & old?", "what-s-new-old"),
        ("Über den Kaffee", "über-den-kaffee"),
        ("U\u0308ber den Kaffee", "über-den-kaffee"),
        ("咖啡 与 茶", "咖啡-与-茶"),
        ("हिन्दी में", "हिन्दी-में"),
        ("Кофе 2026", "кофе-2026"),
        ("القهوة", "القهوة"),
        ("❤ !!!", "section"),
        ("Contact", "section-contact"),
        ("a" * 200, "a" * 80),
    ],
)
def test_an_id_has_the_letters_of_any_script(heading: str, expected: str) -> None:
    html = html_of(f"## {heading}")
    assert re.findall(r' id="([^"]*)"', html) == [expected]


def test_equal_headings_have_different_ids_in_order() -> None:
    html = html_of("## Rain\n\n### Rain\n\n## Rain {#drought}\n\n## Drought")
    assert re.findall(r' id="([^"]*)"', html) == ["rain", "rain_1", "drought", "drought_1"]


def test_an_id_is_none_of_the_theme() -> None:
    templates = (PROJECT / "theme" / "templates").rglob("*.html")
    ids = {found for file in templates for found in re.findall(r' id="([a-z-]+)"', file.read_text("utf-8"))}
    assert ids
    assert {name for name in ids if heading_id(name.replace("-", " ")) == name} == set()


def test_a_table_of_contents_has_two_levels() -> None:
    html = html_of("# Top\n\n## One *two*[^1]\n\n### Inner & outer\n\n#### Deep\n\n## Three\n\n[^1]: Note.")
    assert table_of_contents(html) == [
        Heading("one-two", "One two", (Heading("inner-outer", "Inner & outer"),)),
        Heading("three", "Three"),
    ]
    assert table_of_contents(html_of("Words.")) == []


def test_contents_without_headings_are_a_warning(tmp_path: Path) -> None:
    files = {
        "reports/a.md": text("A", "members", "Contents: true", "Words."),
        "reports/b.md": text("B", "members", "Contents: true", "## One"),
        "reports/c.md": text("C", "members"),
    }
    library, _ = library_of(tmp_path, files)
    (problem,) = heading_problems(library)
    assert problem.is_warning
    assert (problem.what, problem.file.rpartition("/")[2], problem.line) == ("nothing to list", "a.md", 6)
