"""Complexity: texts that would take minutes are refused, and usual texts are not."""

from __future__ import annotations

import pytest

from members_portal.portal.content.body import Converter
from members_portal.portal.content.complexity import complexity_fault, nesting_fault
from members_portal.portal.content.markdown_files import address
from tests.portal.small_portal import MARKDOWN, PROJECT


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[" * 4000, "4000 brackets are open at once"),
        ("![" * 2000, "2000 brackets are open"),
        ("[a][" * 2000, "2000 brackets are open"),
        ("[a](" * 1500, "1500 brackets are open"),
        ("<a " * 3000, "3000 brackets are open"),
        ("<http://" * 2000, "2000 brackets are open"),
        ("x\n> \n".join(["[" * 400] * 30), "too many brackets"),
        ("[" * 400 + "a" * 100_000, "too many brackets"),
        ("=\n" * 20_000, "too many signs"),
        ("<b>a</b>" * 20_000, "too many signs"),
        ("<div>\n</div>\n" * 10_000, "too many signs"),
        ("# a {#b}\n" * 8000, "too many signs"),
        ("".join(f"*[a{number}]: b\n\n" for number in range(2000)), "too many abbreviations"),
        ("a." * 20_000, "too many full stops"),
        ("a" * 200_001, "200001 characters"),
        ("1. " * 1000, "nested too deeply"),
        ("<div>\n" * 400 + "\n<div>\n" * 700, "elements are open at once"),
        ("<b>" * 4000, "4001 elements are open at once"),
    ],
)
def test_a_text_that_takes_too_much_work_is_refused(text: str, fault: str) -> None:
    (refused,) = Converter(MARKDOWN, "en").convert(text, "reports", "../../", address).refused
    assert fault in refused.what


@pytest.mark.parametrize(
    "text",
    [
        "." * 900 + " " + "a.b." * 200,
        "A list of [links](a.md) " * 4000,
        "\n".join(f"| <{number} mg | a) b | [x](y.md) |" for number in range(300)),
        "if (a < b) { x[0] = f(g(h())); }\n" * 300,
        "[a [b [c [d]]]] ((((x))))",
        ":( " * 100,
        "| a | *b* | [c](d.md) |\n" * 2000,
        "- an item, with `code`\n" * 1500,
        "A paragraph of *usual* text with [a link](a.md).\n\n" * 3500,
    ],
)
def test_a_usual_text_is_read(text: str) -> None:
    assert complexity_fault(text) == ""


def test_the_sample_is_far_from_the_limits() -> None:
    for file in (PROJECT / "content").glob("*/*.md"):
        assert complexity_fault(file.read_text("utf-8") * 10) == ""


def test_closed_elements_do_not_count() -> None:
    assert nesting_fault("<p>x</p><br><img src='x'>" * 5000) == ""
