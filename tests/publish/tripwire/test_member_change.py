"""The members of a census: gone, left, in a lower or higher tier, renumbered or merged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count, islice

import pytest

from members_portal.loyalty.member.member import Member
from members_portal.publish.tripwire.census import Census, numbers_of, pseudonym
from members_portal.publish.tripwire.member_change import MemberChanges, member_changes, member_measures
from members_portal.publish.tripwire.threshold import Thresholds

KEY = b"key"
OLD_DAY, NEW_DAY = date(2026, 11, 20), date(2026, 11, 21)
LEAVE = ["leave by `left`"]
RANKS = ("silver", "gold", "platinum", "staff")

Editions = Mapping[str, str]  # by number


def member(number: str, left: date | None = None, formerly: tuple[str, ...] = ()) -> Member:
    entry = {"id": number, "given_name": "Ada", "formal_name": "Ms Ada", "joined": "2020-01-01", "formerly": formerly}
    return Member.model_validate({**entry, "left": left.isoformat()} if left else entry)


def census(editions: Editions, leaving: tuple[str, ...] = ()) -> Census:
    """Return a census of members by number."""
    found = {
        edition: frozenset(pseudonym(KEY, number) for number, own in editions.items() if own == edition)
        for edition in editions.values()
    }
    return Census(OLD_DAY, "one", found, leaving=frozenset(pseudonym(KEY, number) for number in leaving))


def changes(old: Census, members: list[Member], editions: Editions) -> MemberChanges:
    return member_changes(old, members, editions, RANKS, NEW_DAY, KEY)


def beyond(old: Census, members: list[Member], editions: Editions) -> list[str]:
    """Return the names of the measures beyond their limit."""
    measures = member_measures(old, changes(old, members, editions), Thresholds())
    return [measure.name.strip() for measure in measures if measure.is_beyond]


def numbered(counts: Mapping[str, int]) -> dict[str, str]:
    """Return members numbered from 0 in the order of the editions."""
    numbers: Iterator[int] = count()
    return {str(number): edition for edition, some in counts.items() for number in islice(numbers, some)}


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
        ({"gold": 2, "silver": 5}, {"gold": 7}, []),  # all rise
        ({"silver": 4}, {"staff": 4}, []),
        ({"staff": 4}, {"platinum": 4}, ["staff"]),
        ({"gold": 4}, {"silver": 2, "platinum": 2}, ["gold"]),  # rises make up for no fall
        ({}, {}, []),
    ],
)
def test_the_limits_of_members(before: dict[str, int], after: dict[str, int], expected: list[str]) -> None:
    old, editions = numbered(before), numbered(after)
    assert beyond(census(old), [member(number) for number in editions], editions) == expected


def test_new_members_make_up_for_no_lost_ones() -> None:
    old, new = {"A": "gold"}, {"B": "gold", "C": "gold"}
    assert beyond(census(old), [member(number) for number in new], new) == ["members", "gold"]


@pytest.mark.parametrize("left", [date(2026, 11, 1), OLD_DAY, NEW_DAY])
@pytest.mark.parametrize(
    ("leavers", "members", "expected"),
    [(1, 20, []), (3, 6, []), (2, 3, LEAVE), (4, 20, LEAVE), (4, 100, []), (1, 1, LEAVE)],
)
def test_a_few_members_may_leave_on_any_day(left: date, leavers: int, members: int, expected: list[str]) -> None:
    editions = numbered({"gold": members})
    now = [member(number, left if int(number) < leavers else None) for number in editions]
    kept = {each.id: "gold" for each in now if not each.left}
    assert beyond(census(editions), now, kept) == expected


def test_a_known_last_day_is_no_new_one() -> None:
    editions = numbered({"gold": 20})
    now = [member(number, NEW_DAY) for number in editions]
    assert beyond(census(editions), now, {}) == LEAVE
    assert beyond(census(editions, leaving=tuple(editions)), now, {}) == []


def test_a_last_day_in_the_future_changes_nothing() -> None:
    editions = numbered({"gold": 20})
    now = [member(number, date(2026, 11, 22)) for number in editions]
    assert changes(census(editions), now, editions) == MemberChanges()


def test_renumbered_and_merged_members_are_the_same() -> None:
    old = census({"A": "gold", "B": "silver", "C": "silver"})
    now = [member("D", formerly=("A",)), member("B", formerly=("C", "X"))]
    assert numbers_of(now[1]) == ("B", "C", "X")
    assert changes(old, now, {"D": "gold", "B": "silver"}) == MemberChanges()
    merged = [member("A", formerly=("B",)), member("C")]
    assert changes(old, merged, {"A": "gold", "C": "silver"}) == MemberChanges()


def test_a_tier_that_the_ladder_lacks_is_lost() -> None:
    editions = {str(number): "bronze" for number in range(2)}
    now = [member(number) for number in editions]
    assert beyond(census(editions), now, dict.fromkeys(editions, "gold")) == ["bronze"]


def test_a_pseudonym_depends_on_its_key() -> None:
    assert pseudonym(KEY, "A") == pseudonym(KEY, "A")
    assert len({pseudonym(key, number) for key in (KEY, b"other") for number in "AB"}) == 4


def test_the_rows_of_members() -> None:
    old = census(numbered({"gold": 10, "silver": 10}))
    now = [*(member(str(number)) for number in range(18)), member("18", NEW_DAY)]
    editions = {str(number): "gold" if number < 9 else "silver" for number in range(18)}
    rows = [measure[:4] for measure in member_measures(old, changes(old, now, editions), Thresholds())]
    assert rows == [
        ("members", "20", "19", "less than 5 % fewer"),
        ("  leave by `left`", "", "1", "less than 5 % of members, or 3"),
        ("  gold", "10", "9", "less than 20 % fewer, or 1 moved"),
        ("  silver", "10", "9", "less than 20 % fewer, or 1 moved"),
    ]
