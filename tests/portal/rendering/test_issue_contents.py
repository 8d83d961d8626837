"""Issues of the newsletter: their contents per edition, and the front matter that selects them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from members_portal.portal.content.front.event import Event
from members_portal.portal.content.front.offer import Offer
from members_portal.portal.inputs import load_inputs
from members_portal.portal.rendering.edition import make_edition
from members_portal.portal.rendering.issue_contents import (
    Contents,
    contents_of,
    newsletter_of,
    previous_issue,
    sections_of,
)
from tests.long_cases import quick_and_long
from tests.portal.small_portal import PROJECT, SITE_SETTINGS, library_of, text

NOVEMBER = date(2026, 11, 20)
PATH = "newsletters/winter.md"
SEGMENTS = "segments: [{key: quiet, name: Quiet, lapsed days: 90}]\n"
RUNS = "Type: amount\nValue: €5\nStarts: 2026-11-01\nEnds: 2026-11-30"
FILES = {
    "newsletters/spring.md": text("Spring", "members", "Number: 1", publish="2026-04-01"),
    "newsletters/autumn.md": text("Autumn", "members", "Number: 2", publish="2026-09-22"),
    "newsletters/gold.md": text("For gold", "gold", "Number: 3", publish="2026-11-05"),
    PATH: text("Winter", "members", "Number: 4", publish="2026-11-20"),
    "newsletters/draft.md": text("Draft", "members", "Number: 5\nStatus: draft", publish="2026-11-10"),
    "pages/join.md": text("Join", "members", publish="2026-11-10"),
    "announcements/old.md": text("Old", "members", publish="2026-09-22"),
    "announcements/first.md": text("First day", "members", publish="2026-09-23"),
    "announcements/last.md": text("Last day", "members", publish="2026-11-20"),
    "announcements/later.md": text("Later", "members", publish="2026-11-21"),
    "announcements/early.md": text("Early", "silver+", "Embargo: {gold: 2026-11-12}", publish="2026-12-12"),
    "announcements/over.md": text("Over", "members", "Expires: 2026-11-19", publish="2026-11-01"),
    "reports/gold.md": text("Gold", "gold+", publish="2026-11-10"),
    "reports/silver.md": text("Silver", "silver+", publish="2026-11-11"),
    "reports/draft.md": text("Unfinished", "members", "Status: draft"),
    "feedback/bags.md": text("Bags", "members", "Said: They tear.\nState: done", publish="2026-10-05"),
    "offers/runs.md": text("Runs", "members", RUNS, publish="2026-01-01"),
    "offers/ended.md": text("Ended", "members", RUNS.replace("11-30", "11-19")),
    "offers/begins.md": text("Begins", "members", RUNS.replace("11-01", "11-21")),
    "offers/somebodys.md": text("Somebody's", "members", f"{RUNS}\nSegments: [quiet]"),
    "promise/answers.md": text(
        "Answers",
        "public",
        "Measure: Letters\nTarget: All\nResults:\n"
        "  - {Period: Q2, Value: Most, Kept: false}\n"
        "  - {Period: Q3, Value: All, Kept: true, Told: 2026-10-12}",
        publish="2026-01-01",
    ),
}


def contents(folder: Path, reader: str, more: str = "", path: str = PATH, today: date | None = None) -> Contents:
    """Put an issue together for one edition; `more` is further front matter of the newsletter."""
    files = {**FILES, path: FILES[path].replace("Number:", f"{more}\nNumber:") if more else FILES[path]}
    library, programme = library_of(folder, files, segments=SEGMENTS)
    item = library.items[path]
    edition = make_edition(reader, library, programme, today or newsletter_of(item).day)
    return contents_of(item, edition, library, "en", today)


def told(found: Contents) -> list[str]:
    """List the contents of an issue; `*` marks items printed with their whole text."""
    return [
        f"{section.title}: {', '.join(each.shown.title + '*' * each.full for each in section.items)}"
        for section in found.sections
    ]


def test_an_issue_without_sections_has_the_news_of_four_kinds(tmp_path: Path) -> None:
    assert told(contents(tmp_path, "member")) == [
        "Announcements: Last day*, First day*",
        "You said, we did: Bags",
        "Offers: Runs",
    ]


def test_an_issue_has_the_items_visible_to_the_tier_on_its_day(tmp_path: Path) -> None:
    found = {reader: told(contents(tmp_path, reader)) for reader in ("silver", "gold", "staff")}
    assert found["silver"][:2] == ["Announcements: Last day*, First day*", "Insider reports: Silver"]
    assert found["gold"][:2] == ["Announcements: Last day*, Early*", "Insider reports: Silver, Gold"]
    assert found["staff"][:2] == ["Announcements: Last day*, Early*, First day", "Insider reports: Silver, Gold"]


def test_news_starts_after_the_previous_issue_of_the_same_reader(tmp_path: Path) -> None:
    library, _ = library_of(tmp_path, FILES, segments=SEGMENTS)
    before = {reader: previous_issue(library.items[PATH], reader, library) for reader in ("member", "gold")}
    assert {reader: item and item.slug for reader, item in before.items()} == {"member": "autumn", "gold": "gold"}
    assert previous_issue(library.items["newsletters/spring.md"], "gold", library) is None


def test_the_figures_day_is_the_day_of_the_whole_issue(tmp_path: Path) -> None:
    found = contents(tmp_path, "silver", "Figures: 2026-11-10")
    assert found.on == date(2026, 11, 10)
    assert told(found) == [
        "Announcements: Over*, First day*",
        "You said, we did: Bags",
        "Offers: Ended, Runs",
    ]


def test_an_editor_may_say_since_when(tmp_path: Path) -> None:
    assert told(contents(tmp_path, "member", "Since: 2026-09-22"))[0] == "Announcements: Last day*, First day*, Old"
    assert told(contents(tmp_path, "member", "Since: last-issue"))[0] == "Announcements: Last day*, First day*"


def test_sections_keep_their_order_and_named_items_are_not_picked_again(tmp_path: Path) -> None:
    sections = """Sections:
  - offers
  - {title: To read, items: [reports/gold.md, announcements/old.md, reports/silver.md], full: [reports/silver.md]}
  - {kind: announcements, title: The rest, print: full}
  - reports"""
    assert told(contents(tmp_path, "member", sections)) == [
        "Offers: Runs",
        "To read: Old",
        "The rest: Last day*, First day*",
    ]
    assert told(contents(tmp_path, "gold", sections)) == [
        "Offers: Runs",
        "To read: Gold, Old, Silver*",
        "The rest: Last day*, Early*",
    ]


def test_words_for_sections_may_stand_in_one_line(tmp_path: Path) -> None:
    assert told(contents(tmp_path, "gold", "Sections: report, Feedback")) == ["Insider reports: Silver*, Gold*"]
    kinds = [each.kind for each in contents(tmp_path, "silver", "Sections: reports, feedback").sections]
    assert kinds == ["report", "feedback"]


def test_promises_show_the_results_known_on_the_issues_day(tmp_path: Path) -> None:
    periods = {
        path: [result.period for result in contents(tmp_path, "member", path=path).promises[0].results]
        for path in ("newsletters/autumn.md", PATH)
    }
    assert periods == {"newsletters/autumn.md": ["Q2"], PATH: ["Q2", "Q3"]}


def test_the_next_four_events_are_those_that_start_after_the_issues_day(tmp_path: Path) -> None:
    days = ("11-20", "12-24", "11-21", "12-11", "12-01", "12-02")
    events = {
        f"events/on-{day}.md": text(
            day,
            "gold" if day == "12-01" else "members",
            f"Starts: 2026-{day} 10:00\nEnds: 2026-{day} 12:00\nPlace: Here",
        )
        for day in days
    }
    library, programme = library_of(tmp_path, FILES | events, segments=SEGMENTS)

    def ahead(reader: str, today: date | None = None) -> list[str]:
        edition = make_edition(reader, library, programme, NOVEMBER)
        return [event.title for event in contents_of(library.items[PATH], edition, library, "en", today).events]

    assert ahead("member") == ["11-21", "12-02", "12-11", "12-24"]
    assert ahead("gold") == ["11-21", "12-01", "12-02", "12-11"]
    assert ahead("gold", date(2026, 12, 2)) == ["12-02", "12-11", "12-24"]


@pytest.mark.parametrize(("ends", "last"), [("12-12 00:30", 11), ("12-12 06:00", 12), ("12-12", 12)])
def test_an_event_that_ends_in_the_night_has_ended_the_day_after_it_began(tmp_path: Path, ends: str, last: int) -> None:
    starts = "2026-12-11 19:00" if " " in ends else "2026-12-11"
    night = text("Night", "members", f"Starts: {starts}\nEnds: 2026-{ends}\nPlace: Here")
    library, programme = library_of(tmp_path, FILES | {"events/night.md": night}, segments=SEGMENTS)
    edition = make_edition("member", library, programme, NOVEMBER)
    shown = [
        bool(contents_of(library.items[PATH], edition, library, "en", date(2026, 12, day)).events) for day in (11, 12)
    ]
    assert shown == [True, last == 12]


def test_on_a_later_day_a_page_omits_ended_offers_and_events(tmp_path: Path) -> None:
    figures = "Figures: 2026-11-10"
    assert told(contents(tmp_path, "silver", figures, today=NOVEMBER)) == [
        "Announcements: First day*",
        "You said, we did: Bags*",
        "Offers: Runs",
    ]


def test_an_edition_of_the_newsletter_says_nothing_of_how_it_was_made(tmp_path: Path) -> None:
    sections = "Sections: [{title: To read, items: [reports/gold.md]}]"
    more = f"{sections}\nLetters: key-customers\nGreeting: Only on paper.\nNumber:"
    library, programme = library_of(tmp_path, FILES | {PATH: FILES[PATH].replace("Number:", more)}, segments=SEGMENTS)
    reachable = repr(make_edition("member", library, programme, NOVEMBER))
    hidden = ("reports/gold", "To read", "key-customers", "Only on paper")
    assert [words for words in hidden if words in reachable] == []


def test_paths_of_items_are_no_words_that_the_newsletter_brings_its_readers(tmp_path: Path) -> None:
    sections = "Sections: [{title: To read, items: [reports/gold.md], full: [reports/gold.md]}]\nNumber:"
    library, _ = library_of(tmp_path, FILES | {PATH: FILES[PATH].replace("Number:", sections)}, segments=SEGMENTS)
    assert "To read" in (words := str(library.items[PATH].front.model_dump()))
    assert "reports/gold" not in words


@pytest.mark.parametrize("reader", quick_and_long(["member", "silver", "gold", "platinum", "staff"], {"gold"}))
def test_in_the_sample_every_edition_has_exactly_the_visible_items(reader: str) -> None:
    inputs = load_inputs(PROJECT / "content", PROJECT / "members", NOVEMBER, SITE_SETTINGS)
    item, last = inputs.library.items["newsletters/winter-2026.md"], date(2026, 9, 22)
    edition = make_edition(reader, inputs.library, inputs.programme, NOVEMBER)
    named = {path for section in item.front.sections for path in section.items}  # type: ignore[attr-defined]

    expected = set()
    for path, other in inputs.library.items.items():
        since = other.visible_since(reader)
        news = since is not None and since > last and path.startswith(("announcements/", "reports/", "feedback/"))
        offer = other.front if isinstance(other.front, Offer) else None
        runs = offer is not None and offer.starts <= NOVEMBER <= offer.ends and not offer.segments
        if other.visible_to(reader, NOVEMBER) and (news or runs or path in named):
            expected.add(path)

    picked = [each.shown.path for section in sections_of(item, edition, inputs.library) for each in section.items]
    assert sorted(picked) == sorted(expected)
    events = [e for e in contents_of(item, edition, inputs.library, "en").events if isinstance(e.item.front, Event)]
    assert {e.path for e in events} == {path for path in edition.items if path.startswith("events/")}
