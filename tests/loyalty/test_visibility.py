"""Visibility: a table of days; the default is no."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.loyalty.programme.audience import Audience, parse_audience
from members_portal.loyalty.visibility import Window, may_see, visible_since

LADDER = ("member", "silver", "gold", "platinum")
READERS = ("public", *LADDER, "staff")


def november(day: int) -> date:
    """Return a day of November 2026."""
    return date(2026, 11, day)


EMBARGOED = Window(publish=november(10), embargo={"platinum": november(3), "gold": november(20)}, expires=november(24))
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
    audience = parse_audience(["silver+"], LADDER)
    header, *rows = TABLE.strip().splitlines()
    for row in rows:
        reader, *marks = row.split()
        for day, mark in zip(header.split(), marks, strict=True):
            assert may_see(audience, EMBARGOED, reader, november(int(day))) == (mark == "x"), (reader, day)


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
    assert visible_since(parse_audience(["silver+"], LADDER), EMBARGOED, reader) == since


def test_a_draft_is_shown_to_nobody() -> None:
    audience = parse_audience(["public"], LADDER)
    assert not any(may_see(audience, Window(draft=True), reader, november(1)) for reader in READERS)


def test_an_item_without_days_is_shown_at_once() -> None:
    audience = parse_audience(["gold"], LADDER)
    assert visible_since(audience, Window(), "gold") == date.min
    assert may_see(audience, Window(), "gold", november(1))


DAYS = st.dates(date(2026, 1, 1), date(2026, 3, 1))
WORDS = st.sampled_from(["public", "members", "staff", *LADDER, *(f"{tier}+" for tier in LADDER)])
AUDIENCES = st.lists(WORDS, min_size=1, max_size=3).map(lambda words: parse_audience(words, LADDER))
WINDOWS = st.builds(
    Window,
    publish=st.none() | DAYS,
    embargo=st.dictionaries(st.sampled_from(LADDER), DAYS),
    expires=st.none() | DAYS,
    draft=st.booleans(),
)


@given(AUDIENCES, WINDOWS, st.sampled_from(READERS) | st.text(), DAYS)
def test_nothing_is_shown_outside_its_audience_or_its_window(
    audience: Audience, window: Window, reader: str, day: date
) -> None:
    if may_see(audience, window, reader, day):
        assert reader in audience.readers
        assert not window.draft
        assert window.expires is None or day <= window.expires
        opened = {window.publish or date.min, *window.embargo.values()}
        assert day >= (min(opened) if reader == "staff" else window.embargo.get(reader, window.publish or date.min))


@given(AUDIENCES, WINDOWS, st.sampled_from(READERS), DAYS)
def test_what_a_reader_sees_stays_until_it_expires(audience: Audience, window: Window, reader: str, day: date) -> None:
    tomorrow = day + timedelta(days=1)
    if may_see(audience, window, reader, day) and (window.expires is None or tomorrow <= window.expires):
        assert may_see(audience, window, reader, tomorrow)


@given(AUDIENCES, WINDOWS, DAYS)
def test_staff_see_whatever_any_member_sees(audience: Audience, window: Window, day: date) -> None:
    if any(may_see(audience, window, tier, day) for tier in LADDER):
        assert may_see(audience, window, "staff", day)


@given(st.sampled_from(LADDER), WINDOWS, DAYS)
def test_without_embargoes_a_higher_tier_sees_what_a_lower_one_sees(lowest: str, window: Window, day: date) -> None:
    audience = parse_audience([f"{lowest}+"], LADDER)
    plain = Window(window.publish, {}, window.expires, window.draft)
    seen = [may_see(audience, plain, tier, day) for tier in LADDER]
    assert seen == sorted(seen)
