"""Segment membership: each condition, with the days on both sides of its boundary."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from members_portal.loyalty.member.member import Address, Birthday, Member
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.segment import Segment
from members_portal.loyalty.segment_membership import SegmentRules
from tests.long_cases import quick_first
from tests.loyalty.account import Person
from tests.loyalty.engine_adapter import engine_of
from tests.loyalty.example import line_of, programme_of

ON = "2026-11-21"
RULES = """
points: {pending days: 0}
qualifying: {basis: spend, period: rolling, days: 365}
"""


def belongs(condition: dict[str, Any], ledger: str = "", on: str = ON, **member: Any) -> bool:
    """Return whether a member belongs to a segment with one condition."""
    programme = programme_of(RULES).model_copy(
        update={"segments": (Segment.model_validate({"key": "them", "name": "Them", **condition}),)}
    )
    return segments(programme, ledger, on, **member) == ("them",)


def segments(programme: Programme, ledger: str, on: str, **member: Any) -> tuple[str, ...]:
    known = {"joined": date(2020, 6, 24), "tier": None, "tier_until": None} | member
    rows = [row.split() for row in ledger.splitlines()]
    lines = {"M-1": [line_of(n, row, "EUR") for n, row in enumerate(rows, 1)]}
    person = Person(known["joined"], known["tier"], known["tier_until"])
    (account,) = engine_of(programme, lines, {"M-1": person}).accounts(date.fromisoformat(on))
    rules = SegmentRules(programme, account.on, 2)
    return rules.segments_of(rules.figures(Member.model_construct(id="M-1", **known), account.rung, account.lines))


@pytest.mark.parametrize(
    ("ledger", "lapsed"),
    quick_first(
        [
            ("", False),
            ("2026-07-24 purchase 5.00", True),  # 120 days before ON
            ("2026-07-25 purchase 5.00", False),
            ("2026-07-24 purchase 5.00\n2026-11-20 review", True),
            ("2026-07-24 purchase 5.00\n2026-11-20 refund 5.00", True),
            ("2026-07-24 purchase 5.00\n2026-11-21 purchase 0", False),
            ("2026-07-24 purchase 5.00\n2026-11-19 purchase 9 A\n2026-11-20 refund 9 A", True),  # returned in full
            ("2026-07-24 purchase 5.00\n2026-11-19 purchase 9 A\n2026-11-20 refund 8 A", False),
            ("2019-01-01 purchase 5.00", False),  # before joining
        ],
        2,
    ),
)
def test_lapsed_for_so_many_days_since_the_last_order(ledger: str, lapsed: bool) -> None:
    assert belongs({"lapsed_days": 120}, ledger) == lapsed


@pytest.mark.long
def test_orders_some_or_none() -> None:
    for ledger, some in (("", False), ("2026-01-01 review", False), ("2026-01-01 purchase 1.00", True)):
        assert belongs({"orders": "some"}, ledger) == some
        assert belongs({"orders": "none"}, ledger) != some
    assert belongs({"orders": "none"}, "2020-06-23 purchase 1.00")
    assert belongs({"orders": "none"}, "2026-01-01 purchase 1.00 A\n2026-01-02 refund 1.00 A")
    assert belongs({"orders": "some"}, "2020-06-24 purchase 1.00")


@pytest.mark.parametrize(
    ("month", "day", "on", "soon"),
    quick_first(
        [
            (11, 21, "2026-11-21", True),
            (12, 21, "2026-11-21", True),
            (12, 22, "2026-11-21", False),
            (11, 20, "2026-11-21", False),
            (1, 5, "2026-12-06", True),  # across the end of the year
            (1, 5, "2026-12-05", False),
            (2, 29, "2027-01-29", True),  # is on 28 February in 2027
            (2, 29, "2027-01-28", False),
            (2, 29, "2027-02-28", True),
            (2, 29, "2027-03-01", False),
            (2, 29, "2028-01-29", False),  # is on 29 February in 2028
            (2, 29, "2028-01-30", True),
            (2, 29, "2028-02-29", True),
        ],
        2,
    ),
)
def test_a_birthday_within_30_days(month: int, day: int, on: str, soon: bool) -> None:
    assert belongs({"birthday_within_days": 30}, on=on, birthday=Birthday(month, day)) == soon


@pytest.mark.parametrize(
    ("month", "day", "on", "born"),
    quick_first(
        [
            (11, 1, "2026-11-30", True),
            (11, 30, "2026-11-01", True),
            (11, 30, "2026-12-01", False),
            (11, 1, "2026-10-31", False),
            (2, 29, "2027-02-01", True),
            (2, 29, "2027-03-01", False),
        ],
        2,
    ),
)
def test_a_birthday_in_the_month(month: int, day: int, on: str, born: bool) -> None:
    assert belongs({"birthday_month": "true"}, on=on, birthday=Birthday(month, day)) == born
    assert belongs({"birthday_month": "false"}, on=on, birthday=Birthday(month, day)) != born
    assert not belongs({"birthday_month": "true"}, on=on, birthday=None)


def test_nobody_knows_when_a_birthday_is_that_was_not_given() -> None:
    assert not belongs({"birthday_within_days": 366}, birthday=None)


@pytest.mark.parametrize(
    ("joined", "on", "soon"),
    quick_first(
        [
            (date(2020, 12, 5), "2026-11-21", True),
            (date(2020, 12, 6), "2026-11-21", False),
            (date(2020, 11, 21), "2026-11-21", True),
            (date(2020, 11, 20), "2026-11-21", False),
            (date(2026, 11, 21), "2026-11-21", False),  # the day of joining is none
            (date(2024, 2, 29), "2025-02-14", True),
            (date(2024, 2, 29), "2025-02-13", False),
            (date(2024, 2, 29), "2025-03-01", False),
        ],
        2,
    ),
)
def test_an_anniversary_within_14_days(joined: date, on: str, soon: bool) -> None:
    assert belongs({"anniversary_within_days": 14}, on=on, joined=joined) == soon


@pytest.mark.long
def test_one_of_the_interests() -> None:
    wanted = {"interests": ["espresso", "decaf"]}
    assert belongs(wanted, interests=("filter", "decaf"))
    assert not belongs(wanted, interests=("filter",))
    assert not belongs(wanted, interests=())


@pytest.mark.parametrize(
    ("ledger", "silver", "silver_and_up"),
    quick_first(
        [
            ("", False, False),
            ("2026-11-01 purchase 100.00", True, True),
            ("2026-11-01 purchase 300.00", False, True),
            ("2025-11-22 purchase 100.00", True, True),
            ("2025-11-21 purchase 100.00", False, False),
        ],
        2,
    ),
)
def test_the_tier_they_stand_on(ledger: str, silver: bool, silver_and_up: bool) -> None:
    assert belongs({"tiers": ["silver"]}, ledger) == silver
    assert belongs({"tiers": ["silver+"]}, ledger) == silver_and_up


@pytest.mark.long
def test_a_tier_by_hand_counts_until_its_day() -> None:
    assert belongs({"tiers": ["gold"]}, tier="gold")
    assert belongs({"tiers": ["gold"]}, tier="gold", tier_until=date(2026, 11, 21))
    assert not belongs({"tiers": ["gold"]}, tier="gold", tier_until=date(2026, 11, 20))


@pytest.mark.long
def test_staff_are_of_no_tier() -> None:
    assert not belongs({"tiers": ["member+"]}, staff=True)
    assert belongs({"interests": ["decaf"]}, staff=True, interests=("decaf",))


@pytest.mark.parametrize(
    ("ledger", "within"),
    quick_first(
        [
            ("", False),
            ("2026-11-21 purchase 499.99", False),
            ("2026-11-21 purchase 500.00", True),
            ("2026-11-21 purchase 799.99", True),
            ("2026-11-21 purchase 800.00", False),
            ("2026-11-21 purchase 900.00 A\n2026-11-21 refund 100.01 A", True),
            ("2026-08-24 purchase 500.00", True),  # the first of 90 days
            ("2026-08-23 purchase 500.00", False),
        ],
        2,
    ),
)
def test_spend_of_the_last_days(ledger: str, within: bool) -> None:
    assert belongs({"spend": {"days": 90, "from": "500", "below": "800"}}, ledger) == within


def test_spend_below_something_is_also_true_of_nothing() -> None:
    assert belongs({"spend": {"below": "1"}})
    assert not belongs({"spend": {"below": "1"}}, "2026-11-21 purchase 1.00")


@pytest.mark.parametrize(
    ("condition", "joined", "meant"),
    quick_first(
        [
            ({"within_days": 365}, date(2025, 11, 21), True),
            ({"within_days": 365}, date(2025, 11, 20), False),
            ({"within_days": 0}, date(2026, 11, 21), True),
            ({"within_days": 365}, date(2026, 11, 22), False),  # not yet
            ({"from": "2024-01-01", "until": "2024-12-31"}, date(2023, 12, 31), False),
            ({"from": "2024-01-01", "until": "2024-12-31"}, date(2024, 1, 1), True),
            ({"from": "2024-01-01", "until": "2024-12-31"}, date(2024, 12, 31), True),
            ({"from": "2024-01-01", "until": "2024-12-31"}, date(2025, 1, 1), False),
            ({"until": "2024-12-31"}, date(2001, 1, 1), True),
            ({"from": "2024-01-01", "within_days": 30}, date(2024, 6, 1), False),
        ],
        2,
    ),
)
def test_when_they_joined(condition: dict[str, Any], joined: date, meant: bool) -> None:
    assert belongs({"joined": condition}, joined=joined) == meant


@pytest.mark.long
def test_key_customers_or_all_others() -> None:
    assert belongs({"key_customer": "true"}, key_customer=True)
    assert not belongs({"key_customer": "true"}, key_customer=False)
    assert belongs({"key_customer": "false"}, key_customer=False)


def test_a_country_is_that_of_the_address_and_without_one_there_is_none() -> None:
    wanted = {"countries": ["DE", "NO"]}
    assert belongs(wanted, address=Address(lines=("1 Quay",), city="Bergen", country="NO"))
    assert not belongs(wanted, address=Address(lines=("1 Quay",), city="Cork", country="IE"))
    assert not belongs(wanted, address=None)


def test_all_conditions_must_hold() -> None:
    both = {"interests": ["decaf"], "orders": "some"}
    assert belongs(both, "2026-01-01 purchase 1.00", interests=("decaf",))
    assert not belongs(both, "", interests=("decaf",))
    assert not belongs(both, "2026-01-01 purchase 1.00", interests=())


def test_segments_are_in_the_order_of_the_programme() -> None:
    orders = {"z": "none", "m": "some", "a": "none"}
    wanted = [{"key": key, "name": key, "orders": which} for key, which in orders.items()]
    programme = programme_of(RULES).model_copy(update={"segments": tuple(map(Segment.model_validate, wanted))})
    assert segments(programme, "", ON) == ("z", "a")
