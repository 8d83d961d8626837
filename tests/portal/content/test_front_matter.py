"""Front matter and body, each with its lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.portal.content.front_matter import Document, read_body, read_document


def read(folder: Path, text: str) -> Document:
    """Write a markdown file byte for byte and read it."""
    (folder / "x.md").write_bytes(text.encode())
    return read_document(folder / "x.md")


@pytest.mark.parametrize(
    ("text", "front", "body", "body_line"),
    [
        ("---\nTitle: x\n---\nBody\n", {"title": "x"}, "Body\n", 4),
        ("---\nTitle: x\n---", {"title": "x"}, "", 4),
        ("---\nTitle: x\nImage alt: y\n---\n\nBody", {"title": "x", "image_alt": "y"}, "\nBody", 5),
        ("---  \nTitle: x\n---\t\nBody", {"title": "x"}, "Body", 4),
        ("---\nTitle: x\n---\nBody\n---\nmore\n", {"title": "x"}, "Body\n---\nmore\n", 4),
        ('---\nTitle: "x --- y"\n---\nBody', {"title": "x --- y"}, "Body", 4),
        ("\ufeff---\r\nTitle: x\r\n---\r\nBody\r\n", {"title": "x"}, "Body\n", 4),
        ("---\n---\nBody", None, "Body", 3),
    ],
)
def test_a_file_is_taken_apart(tmp_path: Path, text: str, front: object, body: str, body_line: int) -> None:
    document = read(tmp_path, text)
    assert (document.front.value, document.body, document.body_line) == (front, body, body_line)


@pytest.mark.parametrize(
    ("front", "draft"),
    [
        ("Status: draft", True),
        ('"Status" : "Draft"', True),
        ("Title: x\nGreeting: |\n  Status: draft", False),
        ("Title: x\nStatus: published", False),
        ('Title: "x\n  "Status": draft', True),
    ],
)
def test_front_matter_that_is_read_has_a_status_of_its_own(tmp_path: Path, front: str, draft: bool) -> None:
    (tmp_path / "x.md").write_text(f"---\n{front}\n---\n", "utf-8")
    assert read_body(tmp_path / "x.md").draft is draft


def test_places_count_from_the_top_of_the_file(tmp_path: Path) -> None:
    document = read(tmp_path, "---\nTitle: x\nInterests:\n  - filter\n---\n")
    assert document.front.mark(("title",)) == (2, 8)
    assert document.front.mark(("interests", 0)) == (4, 5)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: has no front matter, expected a line `---`, then `Key: value` lines"),
        ("Title: x\n---\n", "1:1: has no front matter, expected a line `---`, then `Key: value` lines"),
        ("\n---\nTitle: x\n---\n", "1:1: has no front matter, expected a line `---`, then `Key: value` lines"),
        ("---\nTitle: x\n", "1:1: front matter isn't closed, expected a second line `---`"),
        ("---\nTitle: x\n ---\n", "1:1: front matter isn't closed, expected a second line `---`"),
        ("---\nTitle: x\n\nSummary: y: z\n---\n", "4:11: a `: ` inside a text, expected the text in quotes, or keys"),
    ],
)
def test_malformed_front_matter_is_a_problem_with_its_place(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith(f"{tmp_path}/x.md:{problem}")
