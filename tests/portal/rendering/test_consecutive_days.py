"""Slots on consecutive days: without an event they stay the same, since dates in them stand for the days to come."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import FileSystemLoader

from members_portal.loyalty.member.occasion import occasions
from members_portal.loyalty.period import DAY
from members_portal.portal.inputs import load_inputs
from members_portal.portal.rendering.edition import make_edition
from members_portal.portal.rendering.member_view import MemberView, MemberViewBuilder
from members_portal.portal.rendering.slot_renderer import SlotRenderer, Slots
from tests.bench.people import write_members
from tests.portal.rendering.test_slot import environment
from tests.portal.small_portal import PROJECT, SITE_SETTINGS

ON = date(2026, 11, 23)
CONTACT = {"hotline": "1", "hours": "1", "email": "a@b.example", "address": []}


@dataclass(frozen=True)
class Rendered:
    """The slots of a member, and what they show: statement without its day, offers and occasions."""

    slots: Slots
    shown: tuple[object, ...]


def rendered_on(members: Path, on: date) -> dict[str, Rendered]:
    """Render the slots of all members on a day, with the sample's content and theme."""
    inputs = load_inputs(PROJECT / "content", members, on, SITE_SETTINGS, today=ON + timedelta(days=9), links=False)
    programme, library = inputs.programme, inputs.library
    editions = {reader: make_edition(reader, library, programme, on) for reader in programme.readers}
    builder = MemberViewBuilder(inputs.standings, library.items.values(), editions)
    env = environment(FileSystemLoader(PROJECT / "theme" / "templates"))
    site = SimpleNamespace(name="S", programme="P", contact=CONTACT, language="en-IE")
    renderer = SlotRenderer(env, programme, {"site": site, "root": "/"}, on)
    views = map(builder.build, inputs.members)
    return {view.member.id: Rendered(renderer.slots(view), shown(view, on)) for view in views}


def shown(view: MemberView, on: date) -> tuple[object, ...]:
    """Return what the slots of a member show, without the day."""
    statement = view.statement and replace(view.statement, as_of=date.min, history=view.statement.history[:-1])
    return statement, view.edition.name, [offer.offer for offer in view.offers], occasions(view.member, on)


@pytest.mark.parametrize(
    "count", [pytest.param(60, id="60 members"), pytest.param(1000, id="1,000 members", marks=pytest.mark.long)]
)
def test_most_records_stay_the_same_on_a_day_without_an_event(tmp_path: Path, count: int) -> None:
    write_members(tmp_path / "members", count)
    before, after = (rendered_on(tmp_path / "members", day) for day in (ON, ON + DAY))
    changed = [member for member in before if before[member].slots != after[member].slots]
    print(f"records_changed_by_the_calendar={len(changed)} of {count}")
    assert len(before) == count
    assert len(changed) <= count * 0.07


@pytest.mark.parametrize("days", [1, pytest.param(9, marks=pytest.mark.long)])
def test_a_record_of_the_sample_changes_only_when_its_statement_offers_or_occasions_do(days: int) -> None:
    before, after = (rendered_on(PROJECT / "members", day) for day in (ON, ON + days * DAY))
    changed = {member for member in before if before[member].slots != after[member].slots}
    assert changed <= {member for member in before if before[member].shown != after[member].shown}
    assert "M-1010" in changed  # the birthday was on the first day
    assert len(changed) < len(before)
