"""The summary of an item without `Summary:`."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.portal.text.derived_summary import LONGEST_SUMMARY, derive_summary
from tests.portal.small_portal import library_of, text


@pytest.mark.parametrize(
    ("html", "summary"),
    [
        ("<h2>Head</h2><p>It <em>rained</em> &amp; <a href='x'>poured</a>.</p><p>More.</p>", "It rained & poured."),
        ('<p><img src="x" alt="A cup"></p><p>After the picture.</p>', "After the picture."),
        ("<blockquote><p>Quoted.</p></blockquote><ul><li><p>One</p></li></ul><p>Own words.</p>", "Own words."),
        ('<div class="admonition note"><p>Take care</p></div><p>Own words.</p>', "Own words."),
        ('<p>With a note<sup id="fnref:1"><a href="#fn:1">1</a></sup>.</p>', "With a note."),
        ("<ul><li>One</li><li>two</li></ul>", "One two"),
        ("<p>One<br>two</p>", "One two"),
        ("<p></p>", ""),
        ("<p>Dear all,</p><p>It rained.</p>", "It rained."),
        ("<p>Dear all,</p><ul><li>One</li><li>two</li></ul>", "One two"),
        ("<p>It rained,</p>", "It rained,"),
        ("<p>It rained.</p><p>Dear all,</p>", "It rained."),
        (f"<p>{'x' * 60},</p><p>More.</p>", f"{'x' * 60},"),
        ("<p>EUR 20 <del>EUR 25</del>, or <s>never</s> later.</p>", "EUR 20, or later."),
        ("<p><del>All of it.</del></p><p>More.</p>", "More."),
        ("<p>20 m<sup>2</sup> of H<sub>2</sub>O on the 20<sup>th</sup>.</p>", "20 m² of H₂O on the 20th."),
        ('<ul><li>One</li></ul><div class="footnote"><ol><li>A note</li></ol></div>', "One"),
    ],
)
def test_it_is_the_first_paragraph(html: str, summary: str) -> None:
    assert derive_summary(html) == summary


def test_it_is_cut_at_a_word() -> None:
    summary = derive_summary(f"<p>{'seven, ' * 60}</p>")
    assert summary.endswith("seven…")
    assert LONGEST_SUMMARY - 8 <= len(summary) <= LONGEST_SUMMARY
    assert len(derive_summary(f"<p>{'咖' * 500}</p>")) == LONGEST_SUMMARY
    assert derive_summary(f"<p>{'a' * LONGEST_SUMMARY}</p>") == "a" * LONGEST_SUMMARY


def test_an_item_takes_it_from_its_text(tmp_path: Path) -> None:
    written, bare = text("A", "members"), text("B", "gold", body='"It" rained.')
    files = {"reports/a.md": written, "reports/b.md": bare.replace('Summary: "About B."\n', "")}
    library, _ = library_of(tmp_path, files)
    found = {path: (item.front.summary, item.has_derived_summary) for path, item in library.items.items()}
    assert found == {"reports/a.md": ("About A.", False), "reports/b.md": ("“It” rained.", True)}


def test_without_a_text_it_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="`summary` is missing, expected `Summary:`, or a text to take it from"):
        library_of(tmp_path, {"reports/a.md": text("A", "members", body="").replace('Summary: "About A."\n', "")})


def test_a_page_needs_none(tmp_path: Path) -> None:
    page = text("A", "members", body="![A](../images/a.svg)").replace('Summary: "About A."\n', "")
    library, _ = library_of(tmp_path, {"pages/a.md": page, "images/a.svg": "<svg/>"})
    assert library.items["pages/a.md"].front.summary == ""
