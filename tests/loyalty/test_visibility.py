"""Visibility: a table of days; the default is no."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.programme.audience import parse_audience
from members_portal.loyalty.visibility import Viewable

LADDER = ("member", "silver", "gold", "platinum")
READERS = ("public", *LADDER, "staff")


def november(day: int) -> date:
    """Return a day of November 2026."""
    return date(2026, 11, day)


EMBARGOED = Viewable(
    audience=parse_audience(["silver+"], LADDER),
    publish=november(10),
    embargo={"platinum": november(3), "gold": november(20)},
    expires=november(24),
)
TABLE = """
           02 03 09 10 19 20 24 25
public      .  .  .  .  .  .  .  .
member      .  .  .  .  .  .  .  .
silver      .  .  .  x  x  x  x  .
gold        .  .  .  .  .  x  x  .
platinum    .  x  x  x  x  x  x  .
staff       .  x  x  x  x  x  x  .
nobody      .  .  .  .  .  .  .  .
"""


def test_an_embargoed_item_opens_tier_by_tier_and_closes_for_all() -> None:
    header, *rows = TABLE.strip().splitlines()
    for row in rows:
        reader, *marks = row.split()
        for day, mark in zip(header.split(), marks, strict=True):
            assert EMBARGOED.visible_to(reader, november(int(day))) == (mark == "x"), (reader, day)


@pytest.mark.parametrize(
    ("reader", "since"),
    [
        ("public", None),
        ("member", None),
        ("silver", november(10)),
        ("gold", november(20)),
        ("platinum", november(3)),
        ("staff", november(3)),
        ("Gold", None),
        ("", None),
    ],
)
def test_each_reader_has_a_first_day_or_none(reader: str, since: date | None) -> None:
    assert EMBARGOED.visible_since(reader) == since


def test_an_edition_shows_an_item_since_its_first_day_and_only_while_it_is_visible() -> None:
    brief = replace(EMBARGOED, expires=november(12))
    days = [brief.shown_since("silver", november(day)) for day in (9, 10, 12, 13)]
    assert days == [None, november(10), november(10), None]
    assert brief.shown_since("public", november(12)) is None


def test_a_draft_is_shown_to_nobody() -> None:
    draft = Viewable(audience=parse_audience(["public"], LADDER), draft=True)
    assert not any(draft.visible_to(reader, november(1)) for reader in READERS)


def test_an_item_without_days_is_shown_at_once() -> None:
    item = Viewable(audience=parse_audience(["gold"], LADDER))
    assert item.visible_since("gold") == date.min
    assert item.visible_to("gold", november(1))


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
WORDS = st.sampled_from(["public", "members", "staff", *LADDER, *(f"{tier}+" for tier in LADDER)])
AUDIENCES = st.lists(WORDS, min_size=1, max_size=3).map(lambda words: parse_audience(words, LADDER))
ITEMS = st.builds(
    Viewable,
    audience=AUDIENCES,
    publish=st.none() | DAYS,
    embargo=st.dictionaries(st.sampled_from(LADDER), DAYS),
    expires=st.none() | DAYS,
    draft=st.booleans(),
)


@given(ITEMS, st.sampled_from(READERS) | st.text(), DAYS)
def test_nothing_is_shown_outside_its_audience_or_its_dates(item: Viewable, reader: str, day: date) -> None:
    if item.visible_to(reader, day):
        assert reader in item.audience.readers
        assert not item.draft
        assert item.expires is None or day <= item.expires
        opened = {item.publish or date.min, *item.embargo.values()}
        assert day >= (min(opened) if reader == "staff" else item.embargo.get(reader, item.publish or date.min))


@given(ITEMS, st.sampled_from(READERS), DAYS)
def test_what_a_reader_sees_stays_until_it_expires(item: Viewable, reader: str, day: date) -> None:
    tomorrow = day + timedelta(days=1)
    if item.visible_to(reader, day) and (item.expires is None or tomorrow <= item.expires):
        assert item.visible_to(reader, tomorrow)


@given(ITEMS, DAYS)
def test_staff_see_whatever_any_member_sees(item: Viewable, day: date) -> None:
    if any(item.visible_to(tier, day) for tier in LADDER):
        assert item.visible_to("staff", day)


@given(st.sampled_from(LADDER), ITEMS, DAYS)
def test_without_embargoes_a_higher_tier_sees_what_a_lower_one_sees(lowest: str, item: Viewable, day: date) -> None:
    plain = replace(item, audience=parse_audience([f"{lowest}+"], LADDER), embargo={})
    seen = [plain.visible_to(tier, day) for tier in LADDER]
    assert seen == sorted(seen)


def test_a_time_that_has_not_come_holds_an_item_back_on_its_day_only() -> None:
    held = replace(EMBARGOED, held_until=datetime(2026, 11, 10, 18, tzinfo=UTC))
    assert [held.visible_to("silver", november(day)) for day in (9, 10, 11)] == [False, False, True]
    assert held.visible_since("gold") == november(20)
    assert held.visible_since("platinum") == november(3)
