"""Files and texts that are very large are warnings with the place of the first link."""

from __future__ import annotations

from pathlib import Path

from members_portal.portal.content_check.content_warning import content_warnings
from members_portal.portal.content_check.folder_check import LARGE_FILE, LARGE_PICTURE
from members_portal.portal.content_check.markdown_check.text_check import LARGE_TEXT
from tests.portal.small_portal import ON, library_of, text


def warnings(folder: Path, files: dict[str, str], sizes: dict[str, int]) -> list[str]:
    """Write content, with files of some sizes, and return its warnings with line and column."""
    for path, size in sizes.items():
        file = folder / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as opened:
            opened.truncate(size)
    library, _ = library_of(folder, files)
    return [str(problem).rpartition("/content/")[2] for problem in content_warnings(library, ON)]


def test_large_files_are_warnings_at_their_first_link(tmp_path: Path) -> None:
    sizes = {
        "images/a.jpg": LARGE_PICTURE + 1_100_000,
        "images/b.jpg": LARGE_PICTURE,
        "images/c.jpg": LARGE_PICTURE + 1,
        "images/d.pdf": LARGE_FILE + 1,
        "images/unused.jpg": LARGE_FILE + 1,
    }
    body = "![A](../images/a.jpg) ![B](../images/b.jpg) [D](../images/d.pdf)"
    files = {
        "reports/x.md": text("X", "gold", "Image: images/c.jpg\nImage alt: C", body),
        "reports/y.md": text("Y", "gold", body=body),
    }
    assert warnings(tmp_path, files, sizes) == [
        "reports/x.md:9:6: warning: images/a.jpg has 6.1 MB, expected at most 5 MB",
        "reports/x.md:6:8: warning: images/c.jpg has 5.0 MB, expected at most 5 MB",
        "reports/x.md:9:49: warning: images/d.pdf has 50.0 MB, expected at most 50 MB",
    ]


def test_a_large_text_is_a_warning(tmp_path: Path) -> None:
    files = {"reports/x.md": text("X", "gold", body="w" * LARGE_TEXT)}
    (found,) = warnings(tmp_path, files, {})
    assert found.startswith("reports/x.md:7:1: warning: a text of 100,001")


def test_what_is_over_may_have_the_title_of_a_new_item(tmp_path: Path) -> None:
    event = "Starts: {0}-12-05 18:30\nEnds: {0}-12-05 21:00\nPlace: The Ropewalk\n"
    files = {
        "events/2025.md": text("Cupping", "gold", event.format(2025), publish="2025-11-01"),
        "events/2026.md": text("Cupping", "gold", event.format(2026)),
        "reports/old.md": text("Rain", "gold", "Expires: 2026-11-19"),
        "reports/new.md": text("Rain", "gold"),
    }
    assert warnings(tmp_path, files, {}) == []
