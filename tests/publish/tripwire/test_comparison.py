"""The comparison of two censuses: limits, their edges, and days that only one of them has."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from members_portal.publish.tripwire.census import Census, LedgerDay, as_record, from_record
from members_portal.publish.tripwire.comparison import compare
from members_portal.publish.tripwire.member_change import MemberChanges
from members_portal.publish.tripwire.threshold import Thresholds

FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)
LIMITS = Thresholds()


def census(
    *days: tuple[date, int, int, int], hashing: str = "one", points: int | None = None, currency: str = ""
) -> Census:
    """Return a census; a day has a date, lines, digest and amount."""
    figures = {day: LedgerDay(*own) for day, *own in days}
    return Census(THIRD, hashing, {}, figures, points=points, currency=currency)


def beyond(old: Census, new: Census, limits: Thresholds = LIMITS) -> list[str]:
    """Return the names of the measures beyond their limit."""
    found = compare(old, new, MemberChanges(), limits)
    return [measure.name.strip() for measure in found.measures if measure.is_beyond]


OLD = census((FIRST, 100, 7, 10_000), (SECOND, 100, 8, 10_000))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((100, 7, 10_000), (100, 8, 10_000), []),
        ((100, 7, 10_000), (150, 9, 15_000), []),  # the newest day was not over
        ((110, 9, 10_000), (100, 8, 10_000), []),
        ((111, 9, 10_000), (100, 8, 10_000), ["past lines added"]),
        ((99, 7, 10_000), (101, 8, 10_000), ["past lines gone"]),
        ((90, 7, 10_000), (100, 8, 10_000), ["ledger lines", "past lines gone"]),
        ((91, 7, 10_000), (100, 8, 10_000), ["past lines gone"]),
        ((100, 6, 9_000), (100, 8, 10_000), ["sum of past amounts"]),
        ((100, 6, 9_001), (100, 8, 10_000), []),
        ((100, 6, 11_000), (100, 8, 10_000), ["added to past days"]),
        ((100, 6, 10_999), (100, 8, 10_000), []),
        ((100, 6, 10_000), (100, 7, 11_000), ["added to past days"]),  # the newest day without new lines
        ((101, 9, 20_000), (100, 8, 10_000), []),  # a late line of a usual amount
        ((101, 9, 20_001), (100, 8, 10_000), ["added to past days"]),
        ((110, 9, 110_000), (100, 8, 10_000), []),
        ((110, 9, 110_001), (100, 8, 10_000), ["added to past days"]),
        ((101, 9, 109_999), (100, 8, -80_000), ["added to past days"]),  # a fall hides no rise
    ],
)
def test_the_limits_of_a_ledger(first: tuple[int, int, int], second: tuple[int, int, int], expected: list[str]) -> None:
    assert beyond(OLD, census((FIRST, *first), (SECOND, *second))) == expected


def test_a_newest_line_that_is_older_is_a_loss() -> None:
    assert beyond(OLD, census((FIRST, 100, 7, 10_000)), Thresholds(lines=60, gone=100, amounts=60)) == ["newest line"]
    assert "newest line" in beyond(OLD, census())
    assert beyond(census(), OLD) == []
    assert beyond(census(), census()) == []


def test_changed_days_are_told_and_limited() -> None:
    days = [date(2026, 1, day) for day in range(1, 31)]
    old = census(*((day, 1, 1, 100) for day in days))
    for changed, expected in ((3, []), (4, ["past days with changed lines"])):
        new = census(*((day, 1, 1 + (number < changed), 100) for number, day in enumerate(days)))
        assert compare(old, new, MemberChanges(), LIMITS).corrected == tuple(days[:changed])
        assert beyond(old, new) == expected
        assert beyond(old, new, Thresholds(corrected=20)) == []


def test_digests_of_another_version_are_not_compared() -> None:
    new = census((FIRST, 100, 70, 10_000), (SECOND, 100, 80, 10_000), hashing="two")
    assert compare(OLD, new, MemberChanges(), LIMITS).corrected == ()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (100, 81, []),
        (100, 80, ["points"]),
        (100, 0, ["points"]),
        (100, 900, []),
        (0, 0, []),
        (-5, -5, []),
        (None, 0, []),
    ],
)
def test_the_limit_of_points(before: int | None, after: int, expected: list[str]) -> None:
    assert beyond(census(points=before), census(points=after)) == expected
    of_that_day = compare(census(points=before), census(points=0), MemberChanges(), LIMITS, after)
    assert of_that_day.is_beyond == bool(expected)


def test_another_currency_is_beyond_the_limit() -> None:
    assert beyond(census(currency="EUR"), census(currency="EUR")) == []
    assert beyond(census(currency="EUR"), census(currency="USD")) == ["currency"]


def test_a_ledger_of_amounts_of_0_has_no_percentages() -> None:
    old = census((FIRST, 1, 7, 0), (SECOND, 1, 8, 0))
    assert beyond(old, census((FIRST, 2, 9, 500), (SECOND, 1, 8, 0))) == []


def test_a_loss_names_the_days() -> None:
    days = [date(2026, 1, day) for day in range(1, 15)]
    old = census(*((day, 2, 1, 100) for day in days))
    new = census((days[0], 2, 2, 100), (days[1], 3, 2, 100), *((day, 1, 1, 50) for day in days[2:]))
    text = compare(old, new, MemberChanges(), LIMITS).table()
    gone = ", ".join(f"2026-01-{day:02} (1)" for day in range(3, 13))
    assert text.split("\n\n")[1].splitlines() == [
        f"Lines are gone from: {gone} and 2 more days.",
        "Lines were added to: 2026-01-02 (1).",
        "Lines were changed on: 2026-01-01.",
    ]


def test_the_tables_have_a_row_for_each_measure() -> None:
    old = replace(census((FIRST, 2, 7, 100), points=50, currency="EUR"), members={"gold": frozenset([b"1", b"2"])})
    changes = MemberChanges(gone=Counter(gold=2))
    found = compare(old, census(points=25, currency="EUR"), changes, LIMITS)
    assert found.is_beyond
    assert found.table().splitlines() == [
        "                                  in force     now  limit",
        "  members                                2       0  less than 5 % fewer               beyond the limit",
        "    leave by `left`                              0  less than 5 % of members, or 1",
        "    gold                                 2       0  less than 20 % fewer, or 1 moved  beyond the limit",
        "  points                             100 %  50.0 %  -20 %                             beyond the limit",
        "  currency                             EUR     EUR  the same",
        "  ledger lines                           2       0  less than 5 % fewer               beyond the limit",
        "  past lines gone                                2  at most 0                         beyond the limit",
        "  past lines added                               0  at most 10",
        "  past days with changed lines                   0  at most 3",
        "  sum of past amounts                100 %   0.0 %  -5 %                              beyond the limit",
        "    added to past days                      +0.0 %  +5 %, or 10 usual lines",
        "  newest line                   2026-01-01    none  not older                         beyond the limit",
        "",
        "Members are those in force that are still there; of a tier, those still in it or in a higher one.",
        "Lines are gone from: 2026-01-01 (2).",
    ]
    assert found.markdown().splitlines()[2] == "| members | 2 | 0 | less than 5 % fewer | beyond the limit |"


def test_a_census_comes_back_from_its_record() -> None:
    members = {"gold": frozenset([b"12345678", b"abcdefgh"]), "silver": frozenset([b"        "])}
    found = replace(census((FIRST, 2, 2**70, -100), points=7, currency="EUR"), members=members)
    found = replace(found, leaving=frozenset([b"12345678"]))
    assert from_record(json.loads(json.dumps(as_record(found)))) == found


def test_a_census_of_the_earlier_format_holds_the_ledger_alone() -> None:
    record = {
        "format": 1,
        "on": "2026-01-03",
        "hashing": "one",
        "members": {"gold": 2},
        "days": [["2026-01-01", 2, 7, 5]],
    }
    assert from_record(record) == census((FIRST, 2, 7, 5))
    assert beyond(from_record(record), census(points=5, currency="EUR")) == [
        "ledger lines",
        "past lines gone",
        "sum of past amounts",
        "newest line",
    ]
    with pytest.raises(ValueError, match="another format"):
        from_record({**record, "format": 3})
