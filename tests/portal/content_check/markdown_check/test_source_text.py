"""The markdown without code, and the limits of work on hostile texts."""

from __future__ import annotations

import pytest

from members_portal.portal.content.front_matter import Document
from members_portal.portal.content_check.content_warning import TEXT_CHECKS
from members_portal.portal.content_check.markdown_check.source_text import SourceText


def source(body: str, html: str = "") -> SourceText:
    return SourceText(Document("x.md", "", body, 7), html)


@pytest.mark.parametrize(
    ("body", "html", "without"),
    [
        ("a `b` c", "", "a     c"),
        ("a ``b ` b`` c", "", "a           c"),
        ("a ` b", "", "a ` b"),
        ("a `b\n\nc` d", "", "a `b\n\nc` d"),
        ("```\nb\n```\nc", "", "   \n \n   \nc"),
        ("~~~~ html\nb\n~~~\n~~~~\nc", "", "         \n \n   \n    \nc"),
        ("```\nb", "", "   \n "),
        ("a <!-- b\nb --> c", "", "a       \n      c"),
        ("a <!-- b", "", "a <!-- b"),
        ("a <code>b</code> c", "", "a                c"),
        ("a\n\n    b\n\nc", "<pre>", "a\n\n     \n\nc"),
        ("- a\n\n    b", "<ul>", "- a\n\n    b"),
    ],
)
def test_code_and_comments_are_spaces(body: str, html: str, without: str) -> None:
    assert source(body, html).text == without


def test_a_place_counts_from_the_top_of_the_file() -> None:
    text = source("One `code`\ntwo three")
    assert str(text.warning(text.text.index("three"), "is odd")) == "x.md:8:5: warning: is odd"


HOSTILE = [
    "{{< ",
    "[^",
    "[[",
    "<!-- ",
    "<b",
    "<b ",
    "![",
    "[a](",
    "`",
    "``` ",
    "** ",
    "<pre>",
    "(a)[",
    "==a",
    ":a",
    "1) ",
    "[b]",
    "||a ",
    "^[",
    "[a|",
    "{# ",
    "<!-",
    "– a\n",
    "a:\n- b\n",
    "|a|\n",
    "|a|\n|-|\n",
    "```\na\n",
    "\n<<<<<<< ",
    "---\na: b\n",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_the_work_on_a_hostile_text_is_limited(unit: str) -> None:
    """Work that grows with the square of the length would end in the time limit of the tests."""
    text = source(unit * 5_000, "<pre>")
    assert sum(1 for check in TEXT_CHECKS for _ in check(text)) < 5_000 * len(TEXT_CHECKS)
