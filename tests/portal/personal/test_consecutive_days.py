"""Slots on consecutive days: without an event they stay the same, since dates in them stand for the days to come."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import FileSystemLoader
from PIL import Image

from members_portal.loyalty.member.occasion import occasions
from members_portal.loyalty.period import DAY
from members_portal.portal.inputs import load_inputs
from members_portal.portal.personal.member_view import MemberView, MemberViewBuilder
from members_portal.portal.personal.slot_days import SlotDays
from members_portal.portal.personal.slot_renderer import SlotRenderer, Slots
from members_portal.portal.personal.slot_table import PIECES, piece_of, write_slots
from members_portal.portal.personal.slot_work import SlotWork
from members_portal.portal.rendering.edition import make_edition
from members_portal.portal.rendering.page_record import RenderWork, ShownDigests
from members_portal.portal.rendering.rendered_tree import RenderedTree
from members_portal.work_record import WorkRecord
from tests.bench.people import buy, member_id, write_members
from tests.portal.rendering.test_slot import environment
from tests.portal.small_portal import PROJECT, SITE_SETTINGS, write

OFFER = "offers/a-cup-for-eighty.md"
ON, LAST = date(2026, 11, 23), date(2027, 3, 1)
CONTACT = {"hotline": "1", "hours": "1", "email": "a@b.example", "address": []}


@dataclass(frozen=True)
class Rendered:
    """The slots of a member, and what they show: statement without its day, offers and occasions."""

    slots: Slots
    shown: tuple[object, ...]


@dataclass(frozen=True)
class Kept:
    """What a day keeps for the next one."""

    cache: Path
    record: WorkRecord = field(default_factory=WorkRecord)


class Day:
    """All members on a day, with the sample's theme, and its content unless another folder is given."""

    def __init__(
        self,
        members: Path,
        on: date,
        kept: Kept | None = None,
        *,
        keeps_day: bool = False,
        content: Path = PROJECT / "content",
    ) -> None:
        inputs = load_inputs(content, members, on, SITE_SETTINGS, today=LAST, links=False)
        programme, library = inputs.programme, inputs.library
        editions = {reader: make_edition(reader, library, programme, on) for reader in programme.readers}
        self.on, self.members = on, inputs.members
        self.builder = MemberViewBuilder(inputs.standings, library.items.values(), editions)
        env = environment(FileSystemLoader(PROJECT / "theme" / "templates"))
        site = SimpleNamespace(name="S", programme="P", contact=CONTACT, language="en-IE")
        self.renderer = SlotRenderer(
            env, programme, {"site": site, "root": "/", "change_form": ""}, on, keeps_day=keeps_day
        )
        work, shown = RenderWork(kept.record) if kept else None, ShownDigests(inputs.pictures)
        self.cache = kept.cache if kept else Path()
        used = self.builder.used
        self.days = SlotDays(editions, keeps_day=keeps_day)
        self.work = SlotWork(
            work, self.cache, inputs.standings, editions, used, None, shown, own_path="own.html", keeps_day=keeps_day
        )

    def rendered(self) -> dict[str, Rendered]:
        """Render the slots of all members."""
        views = map(self.builder.build, self.members)
        return {view.member.id: Rendered(self.renderer.slots(view), shown(view, self.on)) for view in views}

    def reused(self) -> int:
        """Compare kept slots with those rendered now, and keep the others; return the number of kept ones."""
        found, pieces = [], []
        for member in self.members:
            view, digest = self.builder.build(member), self.work.digest(member, ())
            slots, kept = piece_of(member.id, json.dumps(self.renderer.slots(view))), self.work.find(digest)
            assert kept in (slots, None), (member.id, self.on)
            if kept is None:
                self.work.keep(digest, slots, self.days.last(view, self.builder.standings))
            pieces.append((member.id, slots))
            found.append(kept is not None)
        tree = RenderedTree(self.cache / "tree")
        write_slots(tree, pieces)
        self.work.save(self.cache / "tree" / PIECES, tree.digests[PIECES])
        return sum(found)


def rendered_on(members: Path, on: date) -> dict[str, Rendered]:
    """Render the slots of all members on a day."""
    return Day(members, on).rendered()


def shown(view: MemberView, on: date) -> tuple[object, ...]:
    """Return what the slots of a member show, without the day."""
    statement = view.statement and replace(view.statement, as_of=date.min, history=view.statement.history[:-1])
    return statement, view.edition.name, [offer.offer for offer in view.offers], occasions(view.member, on)


@pytest.mark.long
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


@pytest.mark.long
@pytest.mark.parametrize("days", [1, pytest.param(9, marks=pytest.mark.long)])
def test_a_record_of_the_sample_changes_only_when_its_statement_offers_or_occasions_do(days: int) -> None:
    before, after = (rendered_on(PROJECT / "members", day) for day in (ON, ON + days * DAY))
    changed = {member for member in before if before[member].slots != after[member].slots}
    assert changed <= {member for member in before if before[member].shown != after[member].shown}
    assert "M-1010" in changed  # the birthday was on the first day
    assert days > 1 or len(changed) < len(before)  # in nine days, an offer to everybody ends


@pytest.mark.parametrize(
    ("count", "days"),
    [
        pytest.param(40, (0, 1, 12), id="40 members", marks=pytest.mark.long),
        pytest.param(400, tuple(range(70)), id="400 members, 70 days", marks=pytest.mark.long),
    ],
)
def test_kept_slots_are_those_that_would_be_rendered(tmp_path: Path, count: int, days: tuple[int, ...]) -> None:
    write_members(tmp_path / "members", count)
    kept = Kept(tmp_path / "cache")
    reused = [Day(tmp_path / "members", ON + day * DAY, kept).reused() for day in days]
    print(f"slots_reused={reused} of {count}")
    assert reused[0] == 0
    assert reused[1] >= count * 0.9


@pytest.mark.long
@pytest.mark.parametrize("days", [(0, 1), pytest.param(tuple(range(40)), marks=pytest.mark.long)])
def test_kept_slots_of_the_sample_are_those_that_would_be_rendered(tmp_path: Path, days: tuple[int, ...]) -> None:
    kept = Kept(tmp_path / "cache")
    reused = [Day(PROJECT / "members", ON + day * DAY, kept).reused() for day in days]
    assert reused[0] == 0 < reused[1]


def test_slots_of_a_stated_day_are_kept_for_that_day_alone(tmp_path: Path) -> None:
    """They count the days until an offer ends, as on this day."""
    write_members(tmp_path / "members", 3)
    kept = Kept(tmp_path / "cache")
    days = (0, 0, 24, 24)
    assert [Day(tmp_path / "members", ON + day * DAY, kept, keeps_day=True).reused() for day in days] == [0, 3, 0, 3]


@pytest.mark.long
def test_a_changed_member_or_line_is_rendered_again(tmp_path: Path) -> None:
    write_members(tmp_path / "members", 12)
    kept = Kept(tmp_path / "cache")
    Day(tmp_path / "members", ON, kept).reused()
    buy(tmp_path / "members", range(3, 4), ON)
    table = tmp_path / "members" / "members.csv"
    table.write_text(table.read_text("utf-8").replace(f"{member_id(5)},", f"{member_id(5)},Other", 1), "utf-8")
    assert Day(tmp_path / "members", ON, kept).reused() == 10


@pytest.mark.long
def test_slots_are_rendered_again_when_a_picture_of_an_offer_changes(tmp_path: Path) -> None:
    write_members(tmp_path / "members", 4)
    content, kept = tmp_path / "content", Kept(tmp_path / "cache")
    offer = (PROJECT / "content" / OFFER).read_text("utf-8") + "\n![A bag](../images/bag.png)\n"
    portraits = (PROJECT / "content" / "images").glob("portrait-*.svg")
    write(content, {OFFER: offer} | {f"images/{file.name}": file.read_text("utf-8") for file in portraits})
    reused = []
    for colour in ("white", "white", "black"):
        Image.new("RGB", (8, 8), colour).save(content / "images/bag.png")
        reused.append(Day(tmp_path / "members", ON, kept, content=content).reused())
    assert reused == [0, 4, 0]


@pytest.mark.long
@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda file: file.unlink(), id="no"),
        pytest.param(lambda file: file.write_bytes(b"x" + file.read_bytes()), id="other"),
    ],
)
def test_slots_in_another_file_than_the_kept_one_are_not_used(tmp_path: Path, damage: Callable[[Path], object]) -> None:
    write_members(tmp_path / "members", 3)
    kept = Kept(tmp_path / "cache")
    assert [Day(tmp_path / "members", ON, kept).reused() for _ in range(2)] == [0, 3]
    damage(tmp_path / "cache" / PIECES)
    assert Day(tmp_path / "members", ON, kept).reused() == 0
