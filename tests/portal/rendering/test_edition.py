"""Editions: each reader's lists, in order, without items of other readers."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from pathlib import Path

import pytest

from members_portal.portal.rendering.edition import Edition
from tests.portal.small_portal import OFFER, edition_of, text

READERS = ("public", "member", "silver", "gold", "staff")
EVENT = "Starts: {0} 18:30\nEnds: {0} 21:00\nPlace: Here\n"
FILES = {
    "promise/second.md": text("Second", "public", "Measure: M\nTarget: T\nOrder: 2"),
    "promise/first.md": text("First", "public", "Measure: M\nTarget: T\nOrder: 1"),
    "announcements/old.md": text("Old", "members", publish="2026-10-01"),
    "announcements/new.md": text("New", "members"),
    "announcements/early.md": text("Early", "silver+", "Embargo: {silver: 2026-12-01, gold: 2026-10-15}"),
    "reports/prices.md": text("Prices", "gold", "Teaser: What we paid."),
    "reports/books.md": text("Books", "staff"),
    "offers/late.md": text("Late", "members", OFFER),
    "offers/soon.md": text("Soon", "silver+", OFFER.replace("11-30", "11-21")),
    "events/b.md": text("B", "gold", EVENT.format("2026-12-01")),
    "events/a.md": text("A", "members", EVENT.format("2026-12-24")),
    "pages/join.md": text("Join", "public", "Menu: main"),
    "pages/club.md": text("The club", "members", "Menu: main"),
    "pages/privacy.md": text("Privacy", "public"),
    "pages/hidden.md": text("Hidden", "members", "Menu: none"),
    "reports/draft.md": text("Draft", "public", "Status: draft"),
    "reports/gone.md": text("Gone", "public", "Expires: 2026-11-19"),
    "reports/tomorrow.md": text("Tomorrow", "public", publish="2026-11-21"),
}
LISTS = {
    "public": {"promise": "First Second"},
    "member": {"promise": "First Second", "announcements": "New Old", "offers": "Late", "events": "A"},
    "silver": {"promise": "First Second", "announcements": "New Old", "offers": "Soon Late", "events": "A"},
    "gold": {
        "promise": "First Second",
        "announcements": "New Early Old",
        "offers": "Soon Late",
        "reports": "Prices",
        "events": "B A",
    },
    "staff": {
        "promise": "First Second",
        "announcements": "New Early Old",
        "offers": "Soon Late",
        "reports": "Books Prices",
        "events": "B A",
    },
}


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_has_these_lists_in_this_order(tmp_path: Path, reader: str) -> None:
    edition = edition_of(tmp_path, FILES, reader)
    lists = {section.kind: " ".join(shown.title for shown in section.items) for section in edition.sections}
    assert lists == LISTS[reader]
    assert list(lists) == list(LISTS[reader])


@pytest.mark.parametrize(
    ("reader", "title", "rank", "tiers"),
    [
        ("public", "", None, []),
        ("member", "Member", 1, ["tiers/member/", "tiers/silver/", "tiers/gold/"]),
        ("gold", "Gold", 3, ["tiers/member/", "tiers/silver/", "tiers/gold/"]),
        ("staff", "Staff", None, ["tiers/member/", "tiers/silver/", "tiers/gold/"]),
    ],
)
def test_an_edition_knows_its_rung(tmp_path: Path, reader: str, title: str, rank: int | None, tiers: list[str]) -> None:
    edition = edition_of(tmp_path, FILES, reader)
    assert (edition.title, edition.rank, [rung.url for rung in edition.tiers]) == (title, rank, tiers)
    assert edition.is_public == (reader == "public")


@pytest.mark.parametrize(
    ("reader", "menu", "footer"),
    [
        ("public", "promise/ join/", "privacy/"),
        ("member", "promise/ announcements/ offers/ events/ club/", "join/ privacy/"),
    ],
)
def test_public_pages_of_the_main_menu_are_in_the_members_footer(
    tmp_path: Path, reader: str, menu: str, footer: str
) -> None:
    edition = edition_of(tmp_path, FILES, reader)
    assert " ".join(entry.url for entry in edition.menu) == menu
    assert " ".join(entry.url for entry in edition.footer) == footer
    assert ("pages/hidden.md" in edition.items) == (reader == "member")


@pytest.mark.parametrize(
    ("reader", "teasers"), [("public", 0), ("member", 1), ("silver", 1), ("gold", 0), ("staff", 0)]
)
def test_a_teaser_tells_neither_title_nor_address(tmp_path: Path, reader: str, teasers: int) -> None:
    edition = edition_of(tmp_path, FILES, reader)
    assert len(edition.teasers) == teasers
    for teaser in edition.teasers:
        assert {field.name: getattr(teaser, field.name) for field in fields(teaser)} == {
            "tier": "gold",
            "tier_name": "Gold",
            "kind_title": "Insider report",
            "text": "What we paid.",
        }


@pytest.mark.parametrize(("day", "told"), [("2026-11-30", False), ("2026-12-01", True), ("2026-12-08", True)])
def test_a_teaser_appears_when_a_higher_tier_can_read_the_item(tmp_path: Path, day: str, told: bool) -> None:
    more = "Teaser: Soon.\nEmbargo: {gold: 2026-12-08, silver: 2026-12-01}"
    edition = edition_of(tmp_path, {"reports/x.md": text("X", "silver+", more)}, "member", date.fromisoformat(day))
    assert bool(edition.teasers) == told


@pytest.mark.parametrize(
    ("reader", "since"),
    [("silver", None), ("gold", date(2026, 10, 15)), ("staff", date(2026, 10, 15)), ("member", None)],
)
def test_an_embargo_opens_for_each_tier_on_its_own_day(tmp_path: Path, reader: str, since: date | None) -> None:
    edition = edition_of(tmp_path, FILES, reader)
    shown = edition.items.get("announcements/early.md")
    assert (shown.since if shown else None) == since


def test_a_page_without_a_day_has_none(tmp_path: Path) -> None:
    page = "---\nTitle: Join\nAudience: public\n---\n"
    assert edition_of(tmp_path, {"pages/join.md": page}, "public").items["pages/join.md"].since is None


def test_files_enter_an_edition_with_the_pages_that_show_them(tmp_path: Path) -> None:
    files = {
        "reports/all.md": text("All", "members", body="![a](../images/all.svg)"),
        "reports/gold.md": text("Gold", "gold", "Image: images/gold.svg\nImage alt: Gold", "[b](../images/gold.pdf)"),
        "reports/later.md": text("Later", "members", body="[c](../images/later.pdf)", publish="2026-12-01"),
        "reports/draft.md": text("Draft", "members", "Status: draft", "[d](../images/draft.pdf)"),
        **{f"images/{name}": "" for name in ("all.svg", "gold.svg", "gold.pdf", "later.pdf", "draft.pdf", "idle.svg")},
    }
    assert edition_of(tmp_path, files, "member").files == {"images/all.svg"}
    assert edition_of(tmp_path, files, "gold").files == {"images/all.svg", "images/gold.svg", "images/gold.pdf"}
    assert edition_of(tmp_path, files, "public").files == frozenset()


def test_no_edition_can_be_had_from_another(tmp_path: Path) -> None:
    reachable = repr(edition_of(tmp_path, FILES, "member"))
    assert "What we paid." in reachable
    for hidden in ("Prices", "Books", "Early", "Soon", "Draft", "Gone", "Tomorrow"):
        assert hidden not in reachable


def test_an_unknown_reader_has_no_edition(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        edition_of(tmp_path, FILES, "platinum")


def test_an_edition_can_not_be_changed(tmp_path: Path) -> None:
    edition = edition_of(tmp_path, FILES, "public")
    with pytest.raises(AttributeError):
        edition.items = {}  # type: ignore[misc]
    assert isinstance(edition, Edition)
