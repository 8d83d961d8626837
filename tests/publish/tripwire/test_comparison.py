"""The comparison of two censuses: limits, their edges, and days that only one of them has."""

from __future__ import annotations

from datetime import date

import pytest

from members_portal.publish.tripwire.census import Census, LedgerDay, as_record, from_record
from members_portal.publish.tripwire.comparison import compare
from members_portal.publish.tripwire.threshold import Thresholds

FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 1, 2), date(2026, 1, 3)
LIMITS = Thresholds()


def census(
    *days: tuple[date, int, int, int], hashing: str = "one", on: date = THIRD, members: dict[str, int] | None = None
) -> Census:
    """Return a census; a day has a date, lines, digest and amount."""
    return Census(on, hashing, members or {}, {day: LedgerDay(*figures) for day, *figures in days})


def beyond(old: Census, new: Census, limits: Thresholds = LIMITS) -> list[str]:
    """Return the names of the measures beyond their limit."""
    found = compare(old, new, new.members, limits)
    return [measure.name.strip() for measure in found.measures if measure.is_beyond]


OLD = census((FIRST, 100, 7, 10_000), (SECOND, 100, 8, 10_000))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((100, 7, 10_000), (100, 8, 10_000), []),
        ((100, 7, 10_000), (150, 9, 15_000), []),  # the newest day was not over
        ((139, 9, 10_000), (100, 8, 10_000), []),
        ((141, 9, 10_000), (100, 8, 10_000), ["past lines added"]),
        ((99, 7, 10_000), (101, 8, 10_000), ["past lines gone"]),
        ((90, 7, 10_000), (100, 8, 10_000), ["ledger lines", "past lines gone"]),
        ((91, 7, 10_000), (100, 8, 10_000), ["past lines gone"]),
        ((100, 6, 9_000), (100, 8, 10_000), ["sum of past amounts"]),
        ((100, 6, 9_001), (100, 8, 10_000), []),
        ((100, 6, 14_000), (100, 8, 10_000), ["sum of past amounts"]),
        ((100, 6, 13_999), (100, 8, 10_000), []),
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
        assert compare(old, new, {}, LIMITS).corrected == tuple(days[:changed])
        assert beyond(old, new) == expected
        assert beyond(old, new, Thresholds(corrected=20)) == []


def test_digests_of_another_version_are_not_compared() -> None:
    new = census((FIRST, 100, 70, 10_000), (SECOND, 100, 80, 10_000), hashing="two")
    assert compare(OLD, new, {}, LIMITS).corrected == ()


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"gold": 10, "silver": 90}, {"gold": 10, "silver": 86}, []),
        ({"gold": 10, "silver": 90}, {"gold": 10, "silver": 85}, ["members"]),
        ({"gold": 10, "silver": 90}, {"gold": 8, "silver": 92}, ["gold"]),
        ({"gold": 10, "silver": 90}, {"gold": 9, "silver": 91}, []),
        ({"gold": 8, "silver": 92}, {"silver": 100}, ["gold"]),
        ({"gold": 1}, {"gold": 1, "silver": 50}, []),
        ({"gold": 1, "silver": 50}, {"silver": 51}, []),  # one member moved by hand
        ({"gold": 2, "silver": 50}, {"silver": 52}, ["gold"]),
        ({}, {}, []),
    ],
)
def test_the_limits_of_members(before: dict[str, int], after: dict[str, int], expected: list[str]) -> None:
    assert beyond(census(members=before), census(members=after)) == expected


def test_the_tables_have_a_row_for_each_measure() -> None:
    found = compare(census((FIRST, 2, 7, 100), members={"gold": 2}), census(), {}, LIMITS)
    assert found.is_beyond
    assert found.table().splitlines()[:3] == [
        "                                  in force    now  limit",
        "  members                                2      0  less than 5 % fewer                       beyond the limit",
        "    gold                                 2      0  less than 20 % fewer, or 1                beyond the limit",
    ]
    assert found.markdown().splitlines()[2] == "| members | 2 | 0 | less than 5 % fewer | beyond the limit |"


def test_a_census_comes_back_from_its_record() -> None:
    found = census((FIRST, 2, 2**70, -100), members={"gold": 1})
    assert from_record(as_record(found)) == found
