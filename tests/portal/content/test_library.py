"""The content folder: items, their addresses, and the problems of each file."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.portal.content.front.event import Event
from members_portal.portal.content.item import KINDS
from members_portal.portal.content.item_reader import below
from members_portal.portal.content.markdown_files import TAKEN, address
from tests.portal.small_portal import OFFER, library_of, text

EVENT = "Starts: 2026-12-05 18:30\nEnds: 2026-12-05 21:00\nPlace: The Ropewalk\n"
ONE_OF_EACH = {
    "promise/answers.md": text("A person answers", "public", "Measure: Letters\nTarget: 95 %"),
    "announcements/hours.md": text("New hours", "members"),
    "offers/kilo.md": text("The kilo", "gold+", OFFER),
    "reports/harvest.md": text("The harvest", "silver"),
    "events/cupping.md": text("Cupping", "[silver, staff]", EVENT),
    "newsletters/autumn.md": text("Autumn", "staff", "Number: 4"),
    "feedback/bags.md": text("The bags", "member+", "Said: They do not close.\nState: done"),
    "forms/tell-us.md": text("Tell us", "members", "Form: {kind: feedback}"),
    "pages/join.md": text("Join", "public"),
}


def problems(folder: Path, files: dict[str, str]) -> list[str]:
    """Read invalid content; return its problems, with paths below content/."""
    with pytest.raises(InvalidInput) as caught:
        library_of(folder, files)
    return [str(problem).partition("/content/")[2] for problem in caught.value.problems]


def test_the_folder_decides_the_kind_the_address_and_the_words_for_its_readers(tmp_path: Path) -> None:
    library, _ = library_of(tmp_path, ONE_OF_EACH)
    table = [(path, item.kind.name, item.url, item.audience_label) for path, item in library.items.items()]
    assert table == [
        ("announcements/hours.md", "announcement", "announcements/hours/", "All members"),
        ("events/cupping.md", "event", "events/cupping/", "Silver, Staff"),
        ("feedback/bags.md", "feedback", "you-said-we-did/bags/", "Member and up"),
        ("forms/tell-us.md", "form", "forms/tell-us/", "All members"),
        ("newsletters/autumn.md", "newsletter", "newsletters/autumn/", "Staff"),
        ("offers/kilo.md", "offer", "offers/kilo/", "Gold and up"),
        ("pages/join.md", "page", "join/", "Everybody"),
        ("promise/answers.md", "promise", "promise/answers/", "Everybody"),
        ("reports/harvest.md", "report", "reports/harvest/", "Silver"),
    ]
    assert all(item.url == address(path) and item.path == path for path, item in library.items.items())


def test_every_kind_has_a_folder_and_its_list_an_address_that_no_page_can_take() -> None:
    assert len({kind.folder for kind in KINDS}) == len(KINDS) == len(ONE_OF_EACH)
    assert {kind.url.strip("/") for kind in KINDS} <= TAKEN


def test_other_files_are_no_items(tmp_path: Path) -> None:
    files = {"reports/x.md": text("X", "members"), "images/cup.svg": "<svg/>", "notes.txt": "", "reports/.x.md.swp": ""}
    assert list(library_of(tmp_path, files)[0].items) == ["reports/x.md"]


@pytest.mark.parametrize(
    ("audience", "tiers"),
    [
        ("gold", ["member", "silver"]),
        ("silver+", ["member"]),
        ("[silver, gold]", ["member"]),
        ("members", []),
        ("public", []),
        ("staff", []),
    ],
)
def test_a_teaser_is_for_the_tiers_below_the_lowest_reader(tmp_path: Path, audience: str, tiers: list[str]) -> None:
    library, programme = library_of(tmp_path, {"reports/x.md": text("X", audience)})
    assert below(library.items["reports/x.md"].audience, programme) == tiers


def test_the_files_of_an_item_are_its_image_and_the_files_its_text_links(tmp_path: Path) -> None:
    body = "![a](../images/a.png) [b](../images/b.pdf) [c](y.md) [d](/reports/) [e](https://example.org/e.pdf)"
    files = {
        "reports/x.md": text("X", "members", "Image: images/c.svg\nImage alt: C", body),
        "reports/y.md": text("Y", "members"),
        **{f"images/{name}": "" for name in ("a.png", "b.pdf", "c.svg", "d.svg")},
    }
    library, _ = library_of(tmp_path, files)
    assert library.items["reports/x.md"].files == {"images/a.png", "images/b.pdf", "images/c.svg"}


def test_no_file_is_reached_through_a_link_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "content" / "images").mkdir(parents=True)
    (tmp_path / "secret.svg").write_text("secret")
    os.symlink(tmp_path / "secret.svg", tmp_path / "content" / "images" / "cup.svg")
    files = {"reports/x.md": text("X", "members", "Image: images/cup.svg\nImage alt: Cup")}
    assert problems(tmp_path, files) == [
        "reports/x.md:6:8: `images/cup.svg` is no image below content/, expected a path such as images/name.jpg"
    ]


def test_the_problems_of_all_files_are_told_together(tmp_path: Path) -> None:
    files = {
        "reports/a.md": text("A", "glod"),
        "reports/b.md": "no front matter",
        "reports/C.md": text("C", "gold"),
        "elsewhere/d.md": text("D", "gold"),
        "reports/e.md": text("E", "gold", "Expires: 2026-10-01\nInterests: tea"),
        "reports/fine.md": text("Fine", "gold"),
    }
    assert [problem.partition(":")[0] for problem in problems(tmp_path, files)] == [
        "elsewhere/d.md",
        "reports/C.md",
        "reports/a.md",
        "reports/b.md",
        "reports/e.md",
        "reports/e.md",
    ]


def test_an_invalid_draft_is_no_item_and_stops_nothing(tmp_path: Path) -> None:
    library, _ = library_of(tmp_path, {"reports/a.md": text("A", "glod", "Status: draft")})
    assert not library.items
    assert library.drafts == {"reports/a.md"}


def test_a_subfolder_changes_neither_kind_nor_address(tmp_path: Path) -> None:
    files = {
        "reports/2026/spring/rain.md": text("Rain", "gold", body="[a](../../sun.md) ![b](cup.svg) [c](/reports/)"),
        "reports/sun.md": text("Sun", "gold", body="[a](2026/spring/rain.md)"),
        "pages/legal/terms.md": text("Terms", "public"),
        "reports/2026/spring/cup.svg": "<svg/>",
    }
    library, _ = library_of(tmp_path, files)
    rain, sun = library.items["reports/2026/spring/rain.md"], library.items["reports/sun.md"]
    assert (rain.url, rain.kind.name) == ("reports/rain/", "report")
    assert library.items["pages/legal/terms.md"].url == "terms/"
    assert rain.files == {"reports/2026/spring/cup.svg"}
    assert 'href="../../reports/sun/"' in rain.html
    assert 'src="../../reports/2026/spring/cup.svg"' in rain.html
    assert 'href="../../reports/rain/"' in sun.html


@pytest.mark.parametrize(
    ("times", "starts", "ends", "whole"),
    [
        ("Starts: 2026-12-05 6.30 pm\nEnds: 21h", datetime(2026, 12, 5, 18, 30), datetime(2026, 12, 5, 21), False),
        ("Starts: 2026-12-05 18:30\nEnds: 00:30", datetime(2026, 12, 5, 18, 30), datetime(2026, 12, 6, 0, 30), False),
        ("Starts: 2026-12-05", datetime(2026, 12, 5), datetime(2026, 12, 5, 23, 59), True),
        ("Starts: 2026-12-05\nEnds: 2026-12-06", datetime(2026, 12, 5), datetime(2026, 12, 6, 23, 59), True),
    ],
)
def test_an_event_has_times_or_whole_days(
    tmp_path: Path, times: str, starts: datetime, ends: datetime, whole: bool
) -> None:
    library, _ = library_of(tmp_path, {"events/x.md": text("X", "gold", f"{times}\nPlace: The Ropewalk")})
    front = library.items["events/x.md"].front
    assert isinstance(front, Event)
    assert (front.starts, front.ends, front.whole_days) == (starts, ends, whole)


HIDDEN = [
    "reports/._x.md",
    "reports/.#x.md",
    "reports/x.md~",
    "reports/#x.md#",
    "reports/~$x.md",
    ".trash/reports/y.md",
]


def test_hidden_files_and_backups_are_no_content(tmp_path: Path) -> None:
    files = {"reports/x.md": text("X", "gold"), **dict.fromkeys(HIDDEN, "no front matter")}
    os.makedirs(tmp_path / "content/reports")
    os.symlink("editor@host.4711", tmp_path / "content/reports/.#y.md")  # a lock of Emacs
    assert list(library_of(tmp_path, files)[0].items) == ["reports/x.md"]


COMPOSED, DECOMPOSED = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(("linked", "named"), [(COMPOSED, DECOMPOSED), (DECOMPOSED, COMPOSED), (COMPOSED, COMPOSED)])
def test_a_link_finds_its_file_in_either_form_of_unicode(tmp_path: Path, linked: str, named: str) -> None:
    front = f"Image: images/{linked}.svg\nImage alt: A cup"
    body = (
        f"![a](../images/{linked}.svg) [b]({{static}}/images/{linked}.pdf#page=2) [c](https://a.example/{linked}.pdf)"
    )
    files = {
        "reports/x.md": text("X", "gold", front, body),
        f"images/{named}.svg": "<svg/>",
        f"images/{named}.pdf": "",
    }
    item = library_of(tmp_path, files)[0].items["reports/x.md"]
    assert item.files == {f"images/{named}.svg", f"images/{named}.pdf"}
    assert f'src="../../images/{quote(named)}.svg"' in item.html
    assert f'href="../../images/{quote(named)}.pdf#page=2"' in item.html
    assert f"https://a.example/{linked}.pdf" in item.html
