"""Forms on pages: for whom they are, their last day, and the part of those who may answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from members_portal.portal.answering.form_view import FormView, FormViews, last_day_of
from members_portal.portal.rendering.edition import make_edition
from tests.portal.small_portal import ON, library_of, text

EVENING = "Starts: 2026-12-05 18:30\nEnds: 2026-12-05 21:00\nPlace: Quay\n"


def view_of(folder: Path, audience: str, form: str, reader: str, edition: str = "gold") -> FormView | None:
    """Return the form of an item as a reader sees it."""
    library, programme = library_of(folder, {"forms/a.md": text("A", audience, f"Form: {form}")})
    shown = make_edition(edition, library, programme, ON).items["forms/a.md"]
    return FormViews(programme).view(shown, reader)


@pytest.mark.parametrize(
    ("audience", "form", "expected"),
    [
        ("members", "{kind: feedback}", {"public": False, "members": True, "staff": False}),
        ("members", "{kind: feedback, who: [gold, staff]}", {"public": False, "members": True, "staff": True}),
        ("members", "{kind: note}", {"public": False, "members": False, "staff": True}),
        ("public", "{kind: join}", {"public": True, "members": True, "staff": False}),
        ("public", "{kind: feedback}", {"public": False, "members": True, "staff": False}),
    ],
)
def test_a_form_is_for_the_readers_who_may_answer(
    tmp_path: Path, audience: str, form: str, expected: dict[str, bool]
) -> None:
    views = {reader: view_of(tmp_path, audience, form, reader) for reader in expected}
    assert {reader: view.is_for_reader for reader, view in views.items() if view} == expected


@pytest.mark.parametrize(
    ("audience", "who", "own"),
    [("members", "", ""), ("silver+", "[silver, gold]", ""), ("members", "[gold]", "form-forms-a")],
)
def test_only_a_form_for_some_of_its_readers_has_a_part_of_their_own(
    tmp_path: Path, audience: str, who: str, own: str
) -> None:
    form = f"{{kind: feedback, who: {who}}}" if who else "{kind: feedback}"
    view = view_of(tmp_path, audience, form, "members")
    assert view
    assert (view.own, view.path, view.answered) == (own, "forms/a", "answered-forms-a")


@pytest.mark.parametrize(
    ("more", "last"),
    [
        (f"{EVENING}Form: {{kind: rsvp}}", date(2026, 12, 5)),
        (f"{EVENING}Reply by: 2026-12-01\nForm: {{kind: rsvp}}", date(2026, 12, 1)),
        (f"{EVENING}Reply by: 2026-12-01\nForm: {{kind: rsvp, closes: 2026-12-03}}", date(2026, 12, 3)),
    ],
)
def test_an_evening_closes_on_the_day_for_replies(tmp_path: Path, more: str, last: date) -> None:
    library, _ = library_of(tmp_path, {"events/tea.md": text("Tea", "members", more)})
    assert last_day_of(library.items["events/tea.md"]) == last


def test_another_form_closes_when_its_item_expires_or_never(tmp_path: Path) -> None:
    form = "Form: {kind: feedback}"
    files = {
        "forms/a.md": text("A", "members", form),
        "forms/b.md": text("B", "members", f"{form}\nExpires: 2026-12-31"),
    }
    library, _ = library_of(tmp_path, files)
    assert [last_day_of(library.items[path]) for path in files] == [None, date(2026, 12, 31)]
