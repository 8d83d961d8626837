"""The statement: figures computed by hand; forecasts and history compared with the accounts of those days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from members_portal.loyalty.statement.statement import Statement
from tests.examples import examples
from tests.long_cases import quick_first
from tests.loyalty.example import programme_of
from tests.loyalty.future import Told, said, statements, told
from tests.loyalty.ledgers import Club, asked, clubs

DAY = timedelta(days=1)
random_clubs = settings(
    max_examples=examples(3, 200), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)

SPENDING = """
earning:
  - {name: Spending, kind: purchase, points: 1, per: 1.00, exclude tags: [postage]}
  - {name: Review, kind: review, points: 15, pending days: 0, cap: {points: 20, per: month}}
points: {name: beans, pending days: 14, valid: {months: 3}, worth: 0.02}
"""
LEDGER = """
2026-01-10 purchase 50.00 A-1 #beans
2026-01-10 purchase 6.90 A-1 #postage
2026-02-01 redemption 20 A-CUP
2026-03-01 review
2026-03-02 review
2026-03-20 purchase 40.00 A-2
"""


def statement(on: str, rules: str = SPENDING, ledger: str = LEDGER) -> Statement:
    return said(programme_of(rules), ledger, on)


@pytest.mark.parametrize(
    ("on", "active", "pending", "spent", "expired"),
    quick_first(
        [
            ("2026-01-09", 0, 0, 0, 0),
            ("2026-01-10", 0, 50, 0, 0),
            ("2026-01-23", 0, 50, 0, 0),
            ("2026-01-24", 50, 0, 0, 0),
            ("2026-02-01", 30, 0, 20, 0),
            ("2026-03-02", 50, 0, 20, 0),
            ("2026-03-20", 50, 40, 20, 0),
            ("2026-04-10", 90, 0, 20, 0),
            ("2026-04-11", 60, 0, 20, 30),
        ],
        2,
    ),
)
def test_the_balance_and_its_parts(on: str, active: int, pending: int, spent: int, expired: int) -> None:
    found = statement(on)
    balance = found.balance
    assert (balance.active, balance.pending, balance.spent, balance.expired) == (active, pending, spent, expired)
    assert balance.total == active + pending
    assert found.worth == Decimal(active * 2) / 100


def test_what_comes_and_what_goes() -> None:
    found = statement("2026-03-20")
    assert [(coming.points, str(coming.on)) for coming in found.available] == [(40, "2026-04-03")]
    expiries = [(30, "2026-04-10"), (15, "2026-06-01"), (5, "2026-06-02"), (40, "2026-06-20")]
    assert [(coming.points, str(coming.on)) for coming in found.expiries] == expiries
    assert [(soon.within_days, soon.points) for soon in found.expiring] == [(30, 30), (60, 30), (90, 50)]


@pytest.mark.long
def test_the_next_points_to_expire_are_told_when_that_is_soon() -> None:
    soon, later = statement("2026-03-11", ledger="2026-01-10 purchase 30.00"), statement("2026-03-20")
    assert (soon.ends_soon, later.ends_soon) == (soon.expiries[0], later.expiries[0])
    far = statement("2026-01-10", ledger="2026-01-10 purchase 30.00")
    assert far.expiries
    assert far.ends_soon is None


@pytest.mark.parametrize(
    ("on", "within"), quick_first([("2026-03-11", 0), ("2026-03-12", 30), ("2026-04-10", 30), ("2026-04-11", 0)], 2)
)
def test_points_expire_within_30_days_when_they_are_gone_on_the_30th_from_now(on: str, within: int) -> None:
    ledger = "2026-01-10 purchase 30.00"
    assert statement(on, ledger=ledger).expiring[0].points == within
    assert statement(str(date.fromisoformat(on) + 30 * DAY), ledger=ledger).balance.expired == 30 * (on >= "2026-03-12")


def test_points_that_will_pay_what_is_owed_do_not_expire() -> None:
    ledger = """
        2026-01-01 purchase 20.00 A
        2026-01-20 redemption 20
        2026-01-21 refund 20.00 A
        2026-02-01 purchase 50.00 B
    """
    found = statement("2026-02-02", ledger=ledger)
    assert (found.balance.active, found.balance.pending, found.owed) == (-20, 50, 20)
    assert [(coming.points, str(coming.on)) for coming in found.available] == [(50, "2026-02-15")]
    assert [(coming.points, str(coming.on)) for coming in found.expiries] == [(30, "2026-05-01")]
    assert statement("2026-05-02", ledger=ledger).balance.expired == 30
    assert found.worth == 0


def test_activity_is_newest_first_with_what_each_line_came_to_and_why() -> None:
    found = statement("2026-03-20")
    assert [f"{line.day} {line.kind} {line.points:+} {line.why}" for line in found.activity] == [
        "2026-03-20 purchase +40 Spending",
        "2026-03-02 review +5 Review, at most 20 a month",
        "2026-03-01 review +15 Review",
        "2026-02-01 redemption -20 spent",
        "2026-01-10 purchase +50 Spending",
        "2026-01-10 purchase +0 left out of “Spending”",
    ]
    newest, oldest = found.activity[0], found.activity[-2]
    assert newest.amount == Decimal("40.00")
    assert (newest.pending_until, newest.expires) == (date(2026, 4, 3), date(2026, 6, 20))
    assert (oldest.pending_until, oldest.expires, oldest.tags) == (None, date(2026, 4, 10), ("beans",))
    assert found.activity[3].amount is None


@pytest.mark.parametrize(
    ("on", "first", "last"),
    quick_first(
        [
            ("2026-03-20", "2025-03-31", "2026-02-28"),
            ("2026-03-31", "2025-03-31", "2026-02-28"),
            ("2024-03-01", "2023-03-31", "2024-02-29"),
            ("2026-01-01", "2025-01-31", "2025-12-31"),
        ],
        1,
    ),
)
def test_the_history_has_the_ends_of_twelve_months_and_today(on: str, first: str, last: str) -> None:
    history = statement(on).history
    days = [str(month.on) for month in history]
    assert (len(days), days[0], days[-2], days[-1]) == (13, first, last, on)
    assert all((day.on + DAY).day == 1 for day in history[:-1])


def test_a_member_without_lines_has_a_statement_of_nothing() -> None:
    found = statement("2026-03-20", ledger="")
    nothing = (0, (), (), (), Decimal(0))
    assert (found.balance.total, found.activity, found.expiries, found.available, found.worth) == nothing
    assert {month.points for month in found.history} == {0}


def test_lines_before_the_member_joined_are_shown_and_count_for_nothing() -> None:
    found = said(programme_of(SPENDING), "2026-01-10 purchase 50.00", "2026-03-01", joined="2026-01-11")
    assert [(line.points, line.why) for line in found.activity] == [(0, "before you joined")]
    assert (found.balance.total, found.rhythm.orders) == (0, 0)


CAUSES = """
causes:
  - {key: lifeboat, name: Lifeboat, share: 1, tags: [decaf], worth: 0.025, from: 2026-02-01, until: 2026-02-28}
"""


@pytest.mark.parametrize(
    ("ledger", "points", "worth", "share"),
    quick_first(
        [
            ("", 0, "0.00", "0.00"),
            ("2026-02-01 purchase 19.99 #decaf", 0, "0.00", "0.19"),
            ("2026-01-31 purchase 19.99 #decaf\n2026-03-01 purchase 19.99 #decaf", 0, "0.00", "0.00"),
            ("2026-02-28 purchase 20.00 A #decaf\n2026-02-28 purchase 500.00 A #beans", 0, "0.00", "0.20"),
            ("2026-02-28 purchase 20.00 A #decaf\n2026-02-28 refund 5.00 A #decaf", 0, "0.00", "0.15"),
            ("2026-02-28 refund 5.00 A #decaf", 0, "0.00", "0.00"),
            ("2026-02-03 adjustment 9\n2026-02-03 redemption 3 lifeboat", 3, "0.07", "0.00"),
            ("2026-02-03 adjustment 9\n2026-02-03 redemption 3 another", 0, "0.00", "0.00"),
        ],
        2,
    ),
)
def test_a_cause_gets_points_and_a_share_of_what_is_spent_in_its_time(
    ledger: str, points: int, worth: str, share: str
) -> None:
    found = statement("2026-03-20", CAUSES, ledger)
    (given_,) = found.causes
    assert (given_.points, str(given_.worth), str(given_.share)) == (points, worth, share)
    assert given_.total == given_.worth + given_.share
    assert found.gifts == ((given_,) if points or Decimal(share) else ())


# What random members are told


@random_clubs
@given(clubs(), asked())
def test_points_become_available_and_expire_as_was_said(club: Club, day: date) -> None:
    for member in told(club, day):
        found = member.statement
        for coming in found.available:
            assert came(member, coming.on) == coming.points
        for ending in found.expiries:
            expired = member.later(ending.on + DAY).expired - member.later(ending.on).expired
            assert expired == ending.points
        for soon in found.expiring:
            gone = member.later(day + soon.within_days * DAY).expired - found.balance.expired
            assert gone == soon.points
        end = member.later(date(2040, 1, 1))
        assert end.expired - found.balance.expired == sum(ending.points for ending in found.expiries)


def came(member: Told, day: date) -> int:
    """Return the points that become available on a day, without those that expire on the day before."""
    eve, then = member.later(day - DAY), member.later(day)
    return then.active - eve.active + (then.expired - eve.expired) - never_active(member, day - DAY)


def never_active(member: Told, last: date) -> int:
    """Return the points that expire on a day before they are available."""
    return sum(lot.left for lot in member.later(last).lots if lot.last == last < lot.available)


@pytest.mark.long
@random_clubs
@given(clubs(), asked())
def test_the_history_is_the_balance_of_each_of_its_days(club: Club, day: date) -> None:
    for member in told(club, day):
        history = member.statement.history
        assert [month.points for month in history] == [member.later(month.on).balance for month in history]


@pytest.mark.long
@random_clubs
@given(clubs(), asked())
def test_a_day_of_the_past_is_replayed_exactly(club: Club, day: date) -> None:
    known = {name: [line for line in lines if line.day <= day] for name, lines in club.lines.items()}
    assert list(statements(club, day)) == list(statements(replace(club, lines=known), day))
