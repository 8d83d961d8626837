"""Links: every reader of an item may see their targets, from the first day on."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from members_portal.loyalty.input.problem import Problem
from members_portal.portal.content.library import read_library
from members_portal.portal.content_check.link_check import link_problems
from tests.loyalty.small_club import programme_of
from tests.portal.small_portal import MARKDOWN, OFFER, ON, edition_of, library_of, text, write

LINK = "See [that](that.md)."


def faults(folder: Path, files: dict[str, str], on: date = ON) -> list[str]:
    """Check links; return the problems without the file."""
    library, programme = library_of(folder, files)
    return [problem.what for problem in sorted(link_problems(library, programme, on))]


def both(this: tuple[str, str], that: tuple[str, str]) -> dict[str, str]:
    """Write two reports of which the first links the second: (audience, more front matter)."""
    return {"reports/this.md": text("This", *this, body=LINK), "reports/that.md": text("That", *that)}


UP = "links to reports/that.md, which {} may not read"


@pytest.mark.parametrize(
    ("this", "that", "shut_out"),
    [
        ("gold", "gold", ""),
        ("gold", "silver+", ""),
        ("gold", "members", ""),
        ("gold", "public", ""),
        ("members", "public", ""),
        ("staff", "gold", ""),
        ("staff", "staff", ""),
        ("silver+", "gold", "silver"),
        ("members", "gold+", "member, silver"),
        ("members", "staff", "member, silver, gold"),
        ("public", "members", "public"),
        ("public", "staff", "public, member, silver, gold"),
        ("[member, gold]", "[silver, gold]", "member"),
    ],
)
def test_a_link_up_names_those_it_would_shut_out(tmp_path: Path, this: str, that: str, shut_out: str) -> None:
    expected = [UP.format(shut_out)] if shut_out else []
    assert faults(tmp_path, both((this, ""), (that, ""))) == expected


@pytest.mark.parametrize(
    ("this", "that", "fault"),
    [
        ("", "Embargo: {gold: 2026-12-01}", UP.format("gold (from 2026-12-01 only)")),
        ("", "Embargo: {gold: 2026-11-20}", ""),
        ("Embargo: {gold: 2026-12-01}", "Embargo: {gold: 2026-12-01}", ""),
        ("Embargo: {gold: 2026-11-30}", "Embargo: {gold: 2026-12-01}", UP.format("gold (from 2026-12-01 only)")),
        ("", "Embargo: {silver: 2026-12-01}", ""),
        ("Expires: 2026-11-19", "Embargo: {gold: 2026-12-01}", ""),
        ("", "Expires: 2026-11-19", ""),
        ("Embargo: {gold: 2026-12-10}", "Expires: 2026-12-01", ""),
        ("", "Status: draft", "links to reports/that.md, which is a draft"),
        ("Status: draft", "Status: draft", ""),
        ("Status: draft", "Embargo: {gold: 2026-12-01}", ""),
    ],
)
def test_days_count_too(tmp_path: Path, this: str, that: str, fault: str) -> None:
    found = faults(tmp_path, both(("gold", this), ("silver+", that)))
    assert found == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("body", "what", "hint"),
    [
        ("[x](thta.md)", "there is no content/reports/thta.md", "`that.md`"),
        ("[x](kilo.md)", "there is no content/reports/kilo.md", "`../offers/kilo.md`"),
        ("[x](../images/cops.svg)", "there is no content/images/cops.svg", "`../images/cup.svg`"),
        ("![x](../images)", "there is no content/images", "`../images/cup.svg`"),
        ("[x](../../members/members.yaml)", "`../members/members.yaml` leads out of content/", ""),
        ("[x](/reports/that/)", "there is no address `/reports/that/`", "`that.md`"),
        ("[x](/offers/kilo/)", "there is no address `/offers/kilo/`", "`../offers/kilo.md`"),
        ("[x](/ofers/)", "there is no address `/ofers/`", "`/offers/`"),
        ("[x](/offers)", "there is no address `/offers`", "`/offers/`"),
        ("[x](/tiers/glod/)", "there is no address `/tiers/glod/`", "`/tiers/gold/`"),
        ("[x](www.a.example/b)", "there is no content/reports/www.a.example/b", "`https://www.a.example/b`"),
        ("[x](me@a.example)", "there is no content/reports/me@a.example", "`mailto:me@a.example`"),
        ("[x](/events/)", "`/events/` is empty for gold, staff", ""),
    ],
)
def test_a_dead_link_is_a_problem_with_place_and_suggestion(tmp_path: Path, body: str, what: str, hint: str) -> None:
    files = {
        "reports/this.md": text("This", "gold", body=f"Words.\n\nMore words, {body}."),
        "reports/that.md": text("That", "gold"),
        "offers/kilo.md": text("Kilo", "gold", OFFER),
        "images/cup.svg": "<svg/>",
    }
    library, programme = library_of(tmp_path, files)
    (problem,) = link_problems(library, programme, ON)
    assert (problem.what, problem.hint) == (what, hint)
    assert (problem.line, problem.column) == (9, 13 + body.index("(") + 1)


def test_the_file_with_the_link_is_never_suggested(tmp_path: Path) -> None:
    body = "[x](thiss.md) [y](../images/this.md) [z](/reports/this/)"
    library, programme = library_of(tmp_path, {"reports/this.md": text("This", "gold", body=body)})
    assert [problem.hint for problem in link_problems(library, programme, ON)] == ["", "", "`/reports/`"]


@pytest.mark.parametrize("body", ["[x](/)", "[x](/offers/)", "[x](/tiers/)", "[x](/tiers/gold/)", "[x](/account/)"])
def test_lists_and_members_pages_are_there_for_members(tmp_path: Path, body: str) -> None:
    files = {"reports/this.md": text("This", "gold", body=body), "offers/kilo.md": text("Kilo", "gold", OFFER)}
    assert faults(tmp_path, files) == []


@pytest.mark.parametrize("path", ["/tiers/", "/tiers/gold/", "/account/"])
def test_members_pages_are_not_there_for_the_public(tmp_path: Path, path: str) -> None:
    files = {"pages/this.md": text("This", "public", body=f"[x]({path})")}
    assert faults(tmp_path, files) == [f"`{path}` isn't in the public edition"]


def test_a_list_need_not_be_filled_before_the_link_to_it_is_shown(tmp_path: Path) -> None:
    files = {
        "reports/this.md": text("This", "gold", body="[x](/offers/)", publish="2026-12-01"),
        "offers/kilo.md": text("Kilo", "gold", OFFER, publish="2026-12-01"),
    }
    assert faults(tmp_path, files) == []
    files["offers/kilo.md"] = text("Kilo", "gold", OFFER, publish="2026-12-02")
    assert faults(tmp_path, files) == ["`/offers/` is empty for gold, staff"]


@pytest.mark.parametrize(
    ("on", "html"),
    [
        (date(2026, 11, 20), '<p>See <a href="../../reports/that/">that</a>.</p>'),
        (date(2026, 11, 21), "<p>See that.</p>"),
    ],
)
def test_a_link_to_an_expired_item_becomes_plain_text(tmp_path: Path, on: date, html: str) -> None:
    files = both(("gold", ""), ("gold", "Expires: 2026-11-20"))
    assert edition_of(tmp_path, files, "gold", on).items["reports/this.md"].body == html


def test_only_the_expired_link_loses_its_mark_up(tmp_path: Path) -> None:
    body = "[*The* that](that.md#x), [other](other.md) and [that again](../reports/that.md)."
    files = {
        "reports/this.md": text("This", "gold", body=body),
        "reports/that.md": text("That", "gold", "Expires: 2026-11-19"),
        "reports/other.md": text("Other", "gold"),
    }
    assert edition_of(tmp_path, files, "gold").items["reports/this.md"].body == (
        '<p><em>The</em> that, <a href="../../reports/other/">other</a> and that again.</p>'
    )


def test_the_targets_of_an_invalid_item_need_only_exist(tmp_path: Path) -> None:
    """Its readers are not known; nor are those of an invalid target, and it may fill a list."""
    files = {
        "reports/this.md": text("This", "glod", body="[a](that.md) [b](thta.md) [c](/offers/)"),
        "reports/that.md": text("That", "staff"),
        "reports/other.md": text("Other", "gold", body="[a](this.md) [b](/offers/)"),
        "offers/kilo.md": text("Kilo", "gold", "Type: none"),
    }
    programme, problems = programme_of(tmp_path / "members"), list[Problem]()
    library = read_library(write(tmp_path / "content", files), programme, MARKDOWN, problems=problems)
    assert [problem.what for problem in link_problems(library, programme, ON)] == [
        "there is no content/reports/thta.md"
    ]


def test_a_link_to_an_invalid_draft_is_one_to_a_draft(tmp_path: Path) -> None:
    assert faults(tmp_path, both(("gold", ""), ("glod", "Status: draft"))) == [
        "links to reports/that.md, which is a draft"
    ]
