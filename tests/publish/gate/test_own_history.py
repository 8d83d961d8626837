"""A member's own ledger line may have the title of a hidden item; the same title anywhere else is a leak."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date

import pytest

from members_portal.publish.gate.pdf_text import PdfReader
from members_portal.publish.gate.phrase_search import make_watchlist
from members_portal.publish.gate.readable_text import history_texts, member_searches, readings
from tests.publish.project import DAY, Project

HIDDEN = make_watchlist(
    [
        ("Kettle school", "the title of events/kettle-school.md"),
        ("events/kettle-school/", "the address of events/kettle-school.md"),
        ("Kettle school finals", "the title of events/finals.md"),
        ("Salt & smoke", "the title of reports/salt.md"),
        ("Bakery", "the title of reports/bakery.md"),
    ],
    (),
    (),
)
TITLE = "the title of events/kettle-school.md"
LINE = "<p><b>Event</b> <small><span>{}</span></small></p>"
OWN = LINE.format("Kettle school")
ATTENDED = Counter(["Kettle school"])


def slots(**html: str) -> bytes:
    fragments = {
        f"{name}-5f1d9c02aa71be34": [{"html": each, "from": None, "until": None}] for name, each in html.items()
    }
    return json.dumps(fragments, ensure_ascii=False).encode()


def found(data: bytes, own: Iterable[str] = (), path: str = "slots.json") -> set[str]:
    """Return the leaks of a member's file; `own` are the texts of the member's ledger lines."""
    searches = member_searches(path, data, HIDDEN, Counter(own))
    return {what for asked, part in searches for each in readings(path, part, PdfReader()) for what in asked.find(each)}


def test_a_members_own_ledger_line_is_no_leak() -> None:
    assert found(slots(statement=OWN, badge="Member")) == {TITLE}
    assert found(slots(statement=OWN, badge="Member"), ATTENDED) == set()


@pytest.mark.parametrize(("text", "html"), [("Salt & smoke", "Salt &amp; smoke"), ("Bakery", "\n  Bakery\n ")])
def test_a_line_is_compared_as_html_shows_it(text: str, html: str) -> None:
    assert found(slots(statement=LINE.format(html)), [text]) == set()


def test_lines_with_one_text_are_all_no_leak() -> None:
    assert found(slots(statement=OWN * 3), ["Kettle school"] * 3) == set()


@pytest.mark.parametrize(
    "html",
    {
        "one time more than the ledger": OWN + OWN,
        "in a sentence": OWN + "<p>See you at Kettle school.</p>",
        "in a link": OWN + '<a href="events/kettle-school/">more</a>',
        "in an attribute": OWN + '<p title="Kettle school">more</p>',
        "in another line": OWN + LINE.format("Kettle school, 2nd evening"),
        "divided by tags": OWN + "<p>Kettle <b>sch</b>ool</p>",
        "with entities": OWN + "<p>K&#101;ttle school</p>",
        "in a comment": OWN + "<!-- Kettle school -->",
    }.items(),
    ids=lambda case: case[0],
)
def test_the_same_title_elsewhere_in_the_statement_is_a_leak(html: tuple[str, str]) -> None:
    assert TITLE in found(slots(statement=html[1]), ATTENDED)


@pytest.mark.parametrize("slot", ["offers", "greeting", "account", "standing", "statements"])
def test_the_same_title_in_another_slot_is_a_leak(slot: str) -> None:
    assert found(slots(statement=OWN, **{slot: OWN}), ATTENDED) == {TITLE}
    assert found(slots(**{slot: OWN}), ATTENDED) == {TITLE}


def test_a_title_of_which_a_line_has_a_part_is_a_leak() -> None:
    assert found(slots(statement=LINE.format("Kettle school finals")), ATTENDED) == {
        TITLE,
        "the title of events/finals.md",
    }
    assert found(slots(statement="<b>Kettle school</b> <i>finals</i>"), ATTENDED) == {"the title of events/finals.md"}


def test_other_hidden_titles_beside_the_line_are_leaks() -> None:
    assert found(slots(statement=OWN + "<p>Salt &amp; smoke</p>"), ATTENDED) == {"the title of reports/salt.md"}


def test_a_line_of_another_member_is_a_leak() -> None:
    assert found(slots(statement=OWN), ["Salt & smoke"]) == {TITLE}


def test_a_line_in_the_file_of_earlier_years_is_no_leak() -> None:
    earlier = "slots/earlier-5f1d9c02aa71be34.html"
    assert found(OWN.encode(), path=earlier) == {TITLE}
    assert found(OWN.encode(), ATTENDED, earlier) == set()
    assert found(f"{OWN}{OWN}".encode(), ATTENDED, earlier) == {TITLE}


@pytest.mark.parametrize("path", ["letters/winter.html", "slots/other.html", "other/slots.json"])
def test_the_same_title_in_another_file_of_the_member_is_a_leak(path: str) -> None:
    assert found(slots(statement=OWN), ATTENDED, path) == {TITLE}


def test_no_account_has_no_history() -> None:
    assert history_texts(None) == Counter()


PROGRAMME = "\nearning:\n  - {kind: event, points: 5, name: Evenings}\npoints: {name: sparks}\n"
BELL = "The drowned bell of Skagerholm"
SABOTAGE = (
    '{% set town = "Skagerholm" %}<span>{{ "The drowned bell of " ~ town }}</span>'  # the theme's words are public
)
LEDGER = f"date,member,kind,amount,currency,points,reference,tags,note\n2026-11-17,L-101,event,,,,{BELL},,\n"


@pytest.mark.long
def test_a_lapsed_tier_with_its_event_in_the_ledger_is_published(project: Project) -> None:
    programme = project.root / "members/programme.yaml"
    programme.write_text(programme.read_text("utf-8") + PROGRAMME, "utf-8")
    (project.root / "members/ledger.csv").write_text(LEDGER, "utf-8")
    project.publish()
    assert BELL in project.open("L-101").page("account/", date.fromisoformat(DAY))

    template = project.own("theme") / "templates/slots/badge.html"
    template.write_text(template.read_text("utf-8") + SABOTAGE, "utf-8")
    run = project.portal("publish")
    assert run.code == 4, run.text
    for member in ("L-101", "L-102"):
        assert f"member {member}: slots.json holds the title of reports/the-drowned-bell.md" in " ".join(
            run.err.split()
        )
