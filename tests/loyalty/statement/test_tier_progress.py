"""Tier progress: computed by hand; forecasts for random members compared with the following days."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from members_portal.loyalty.engine.expression import Expressions
from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.statement.rolling_period import rolling_period
from members_portal.loyalty.statement.tier_progress import Goal, TierProgress
from tests.long_cases import quick_first
from tests.loyalty.engine_adapter import digits_of, engine_of
from tests.loyalty.example import programme_of
from tests.loyalty.future import TODAY, Told, climbers, said, told
from tests.loyalty.ledgers import Club

DAY = timedelta(days=1)
FEW, FAST, LONG = 3, 3, 500  # random clubs
SPEND = "qualifying: {basis: spend, exclude tags: [postage], "
CALENDAR = SPEND + "period: calendar, "
ANNIVERSARY = SPEND + "period: anniversary, "
ROLLING = SPEND + "period: rolling, days: 30, "


def words(progress: TierProgress) -> str:
    """Return a member's progress in the words of the tables of this module."""
    parts = [progress.tier, f"{progress.figure:f}"]
    parts += [f"{verb} {goal(to)}" for verb, to in (("reach", progress.next), ("keep", progress.keep)) if to]
    return ", ".join(parts + ([f"falls to {progress.falls_to} on {progress.falls_on}"] if progress.falls_on else []))


def goal(to: Goal) -> str:
    return f"{to.tier} {to.missing:f}" + (f" by {to.by}" if to.by else "")


def progress(rules: str, ledger: str, on: str, joined: str = "2020-01-01", **by_hand: str) -> TierProgress:
    """Return the progress of one member; silver is reached with 100, gold with 300."""
    return said(programme_of(rules), ledger, on, joined, **by_hand).progress


THE_YEAR_BEFORE = "2025-05-05 purchase 120.00 A"
TWO_YEARS = "2024-05-05 purchase 350.00 A\n2025-05-05 purchase 120.00 B"


@pytest.mark.parametrize(
    ("rules", "ledger", "on", "told"),
    quick_first([
        # Nothing yet: the lowest tier can't be lost.
        ("downgrade: by-balance}", "", "2026-03-01", "member, 0.00, reach silver 100.00 by 2026-12-31"),
        # A cent short of silver, and silver to the cent; what is reached is kept for the year after, too.
        ("downgrade: by-balance}", "2026-02-01 purchase 99.99", "2026-03-01",
         "member, 99.99, reach silver 0.01 by 2026-12-31"),
        ("downgrade: by-balance}", "2026-02-01 purchase 100.00", "2026-03-01",
         "silver, 100.00, reach gold 200.00 by 2026-12-31, keep silver 0.00 by 2026-12-31"),
        # Postage counts for nothing, and what came back is taken off: 18.18 of the 20 are of the 90.
        ("downgrade: by-balance}",
         "2026-02-01 purchase 90.00 A\n2026-02-01 purchase 9 A #postage\n2026-02-03 refund 20 A", "2026-03-01",
         "member, 71.82, reach silver 28.18 by 2026-12-31"),
        # Reached last year, not yet this year.
        ("downgrade: by-balance}", THE_YEAR_BEFORE, "2026-03-01",
         "silver, 0.00, reach gold 300.00 by 2026-12-31, keep silver 100.00 by 2026-12-31,"
         " falls to member on 2027-01-01"),
        ("downgrade: by-balance, grace days: 90}", THE_YEAR_BEFORE, "2026-12-31",
         "silver, 0.00, reach gold 300.00 by 2026-12-31, keep silver 100.00 by 2026-12-31,"
         " falls to member on 2027-04-01"),
        # On the first and the last day of grace only what is bought in these days helps.
        ("downgrade: by-balance, grace days: 90}", THE_YEAR_BEFORE, "2027-01-01",
         "silver, 0.00, reach gold 300.00 by 2027-12-31, keep silver 100.00 by 2027-03-31,"
         " falls to member on 2027-04-01"),
        ("downgrade: by-balance, grace days: 90}", THE_YEAR_BEFORE, "2027-03-31",
         "silver, 0.00, reach gold 300.00 by 2027-12-31, keep silver 100.00 by 2027-03-31,"
         " falls to member on 2027-04-01"),
        ("downgrade: by-balance, grace days: 90}", THE_YEAR_BEFORE, "2027-04-01",
         "member, 0.00, reach silver 100.00 by 2027-12-31"),
        # Out of grace the tier is that of last year's figure, not the lowest.
        ("downgrade: by-balance, grace days: 90}", TWO_YEARS, "2026-02-01",
         "gold, 0.00, keep gold 300.00 by 2026-03-31, falls to silver on 2026-04-01"),
        # One step at most, whatever is missing.
        ("downgrade: one-step}", "2025-05-05 purchase 300.00", "2026-03-01",
         "gold, 0.00, keep gold 300.00 by 2026-12-31, falls to silver on 2027-01-01"),
        ("downgrade: one-step}", "2025-05-05 purchase 300.00", "2027-03-01",
         "silver, 0.00, reach gold 300.00 by 2027-12-31, keep silver 100.00 by 2027-12-31,"
         " falls to member on 2028-01-01"),
        # Never down: there is nothing to keep.
        ("downgrade: none}", THE_YEAR_BEFORE, "2040-03-01", "silver, 0.00, reach gold 300.00 by 2040-12-31"),
        # A year that begins in April.
        ("starts: 04-06, downgrade: by-balance}", "2026-04-05 purchase 120.00", "2026-04-06",
         "silver, 0.00, reach gold 300.00 by 2027-04-05, keep silver 100.00 by 2027-04-05,"
         " falls to member on 2027-04-06"),
    ], 2),
)  # fmt: skip
def test_a_calendar_year(rules: str, ledger: str, on: str, told: str) -> None:
    assert words(progress(CALENDAR + rules, ledger, on)) == told


@pytest.mark.parametrize(
    ("joined", "ledger", "on", "told"),
    quick_first([
        ("2024-06-24", "2025-06-23 purchase 120.00", "2025-06-24",
         "silver, 0.00, reach gold 300.00 by 2026-06-23, keep silver 100.00 by 2026-06-23,"
         " falls to member on 2026-06-24"),
        # Joined on 29 February: the years begin on 28 February, but for leap years.
        ("2024-02-29", "2025-02-27 purchase 120.00", "2025-02-27",
         "silver, 120.00, reach gold 180.00 by 2025-02-27, keep silver 0.00 by 2025-02-27"),
        ("2024-02-29", "2025-02-27 purchase 120.00", "2025-02-28",
         "silver, 0.00, reach gold 300.00 by 2026-02-27, keep silver 100.00 by 2026-02-27,"
         " falls to member on 2026-02-28"),
        ("2024-02-29", "2027-02-28 purchase 120.00", "2028-02-28",
         "silver, 120.00, reach gold 180.00 by 2028-02-28, keep silver 0.00 by 2028-02-28"),
        ("2024-02-29", "2027-02-28 purchase 120.00", "2028-02-29",
         "silver, 0.00, reach gold 300.00 by 2029-02-27, keep silver 100.00 by 2029-02-27,"
         " falls to member on 2029-02-28"),
    ], 1),
)  # fmt: skip
def test_a_year_from_the_day_of_joining(joined: str, ledger: str, on: str, told: str) -> None:
    assert words(progress(ANNIVERSARY + "downgrade: by-balance}", ledger, on, joined)) == told


TWO_LINES = "2026-03-01 purchase 60.00 A\n2026-03-01 purchase 60.00 A"


@pytest.mark.parametrize(
    ("rules", "ledger", "on", "told"),
    quick_first([
        # 30 days: what is bought on 1 March counts up to 30 March.
        ("downgrade: by-balance}", "2026-03-01 purchase 120.00", "2026-03-30",
         "silver, 120.00, reach gold 180.00 by 2026-03-30, keep silver 100.00 by 2026-03-30,"
         " falls to member on 2026-03-31"),
        ("downgrade: by-balance}", "2026-03-01 purchase 120.00", "2026-03-31",
         "member, 0.00, reach silver 100.00"),
        # The lines of one order leave together.
        ("downgrade: by-balance}", TWO_LINES, "2026-03-10",
         "silver, 120.00, reach gold 180.00 by 2026-03-30, keep silver 100.00 by 2026-03-30,"
         " falls to member on 2026-03-31"),
        # What is still counted then need not be bought again.
        ("downgrade: by-balance}", "2026-03-01 purchase 90.00\n2026-03-11 purchase 40.00", "2026-03-12",
         "silver, 130.00, reach gold 170.00 by 2026-03-30, keep silver 60.00 by 2026-03-30,"
         " falls to member on 2026-03-31"),
        # Ten days of grace, in which the other line leaves as well.
        ("downgrade: by-balance, grace days: 10}", "2026-03-01 purchase 90.00\n2026-03-05 purchase 40.00", "2026-03-12",
         "silver, 130.00, reach gold 170.00 by 2026-03-30, keep silver 100.00 by 2026-04-09,"
         " falls to member on 2026-04-10"),
        ("downgrade: by-balance, grace days: 10}", "2026-03-01 purchase 120.00", "2026-04-09",
         "silver, 0.00, reach gold 300.00, keep silver 100.00 by 2026-04-09, falls to member on 2026-04-10"),
        # A step for every 30 days.
        ("downgrade: one-step}", "2026-03-01 purchase 300.00", "2026-03-30",
         "gold, 300.00, keep gold 300.00 by 2026-03-30, falls to silver on 2026-03-31"),
        ("downgrade: one-step}", "2026-03-01 purchase 300.00", "2026-03-31",
         "silver, 0.00, reach gold 300.00, keep silver 100.00 by 2026-04-29, falls to member on 2026-04-30"),
        ("downgrade: one-step, grace days: 5}", "2026-03-01 purchase 300.00", "2026-03-31",
         "gold, 0.00, keep gold 300.00 by 2026-04-04, falls to silver on 2026-04-05"),
        # What came back leaves as well: from 22 March the sum is 120 by itself.
        ("downgrade: by-balance}", "2026-02-20 refund 50.00 X\n2026-03-01 purchase 120.00", "2026-03-02",
         "member, 70.00, reach silver 30.00 by 2026-03-21"),
        ("downgrade: none}", "2026-03-01 purchase 120.00", "2026-08-01", "silver, 0.00, reach gold 300.00"),
    ], 1),
)  # fmt: skip
def test_a_rolling_period(rules: str, ledger: str, on: str, told: str) -> None:
    assert words(progress(ROLLING + rules, ledger, on)) == told


def test_points_and_orders_are_counted_whole() -> None:
    earning = "earning: [{name: Spending, kind: purchase, points: 1, per: 2.00}]\n"
    found = progress(earning + "qualifying: {basis: points}", "2026-02-01 purchase 99.99", "2026-03-01")
    assert words(found) == "member, 49, reach silver 51 by 2026-12-31"
    found = progress("qualifying: {basis: orders}", TWO_LINES, "2026-03-02")
    assert words(found) == "member, 1, reach silver 99 by 2026-12-31"


def test_a_tier_by_hand_is_neither_reached_nor_lost() -> None:
    found = progress(CALENDAR + "downgrade: by-balance}", "2026-02-01 purchase 10.00", "2026-03-01", tier="gold")
    assert (words(found), found.by_hand, found.projected) == ("gold, 10.00", True, "gold")


@pytest.mark.long
def test_a_tier_until_a_day_counts_on_that_day_and_not_after_it() -> None:
    until = {"tier": "gold", "tier_until": "2026-03-01"}
    rules = CALENDAR + "downgrade: by-balance}"
    last = progress(rules, THE_YEAR_BEFORE, "2026-03-01", **until)
    assert (words(last), last.by_hand) == ("gold, 0.00", True)
    after = progress(rules, THE_YEAR_BEFORE, "2026-03-02", **until)
    assert after == progress(rules, THE_YEAR_BEFORE, "2026-03-02")
    assert (after.tier, after.by_hand) == ("silver", False)


def test_without_rules_of_qualifying_every_tier_is_by_hand() -> None:
    found = progress("points: {}", "2026-02-01 purchase 10.00", "2026-03-01", tier="silver")
    assert (found.tier, found.by_hand, found.basis, found.since, found.next, found.keep) == (
        *("silver", True, "", None, None, None),
    )


@pytest.mark.parametrize(
    ("downgrade", "ledger", "on", "projected"),
    quick_first(
        [
            # 2 July: half of the year is to come, and brings half of what the last 365 days brought.
            ("by-balance", "2025-12-01 purchase 60.00\n2026-02-01 purchase 70.00", "2026-07-02", "silver"),
            ("by-balance", "2026-02-01 purchase 60.00", "2026-07-02", "member"),
            ("by-balance", "2026-02-01 purchase 70.00", "2026-07-02", "silver"),
            ("by-balance", "2025-02-01 purchase 300.00", "2026-07-02", "member"),
            ("one-step", "2025-02-01 purchase 300.00", "2026-07-02", "silver"),
            ("none", "2025-02-01 purchase 300.00", "2026-07-02", "gold"),
            # The pace of last year no longer shows by the end of this one.
            ("by-balance", "2026-12-31 purchase 99.99", "2026-12-31", "member"),
        ],
        1,
    ),
)
def test_the_projection_is_the_pace_of_the_last_year(downgrade: str, ledger: str, on: str, projected: str) -> None:
    assert progress(CALENDAR + f"downgrade: {downgrade}}}", ledger, on).projected == projected


@pytest.mark.long
def test_the_pace_of_a_new_member_is_that_of_their_days() -> None:
    rules = CALENDAR + "downgrade: by-balance}"
    assert progress(rules, "2026-07-01 purchase 20.00", "2026-07-10", joined="2026-07-01").projected == "gold"
    assert progress(rules, "2026-07-01 purchase 20.00", "2026-07-10").projected == "member"


@pytest.mark.parametrize(
    ("rules", "ledger", "on"),
    quick_first(
        [
            (CALENDAR + "downgrade: by-balance, grace days: 90}", TWO_YEARS, "2026-02-01"),
            (CALENDAR + "downgrade: one-step, grace days: 90}", TWO_YEARS, "2026-12-01"),
            (ANNIVERSARY + "downgrade: by-balance}", "2027-02-28 purchase 120.00", "2028-02-29"),
            (ROLLING + "downgrade: by-balance, grace days: 10}", TWO_LINES, "2026-03-10"),
            (ROLLING + "downgrade: one-step}", "2026-03-01 purchase 300.00", "2026-03-31"),
        ],
        1,
    ),
)
def test_the_engine_says_so_too_when_the_day_has_come(rules: str, ledger: str, on: str) -> None:
    joined, told = "2024-02-29", progress(rules, ledger, on, "2024-02-29")
    while told.falls_on:
        eve, then = (progress(rules, ledger, str(day), joined) for day in (told.falls_on - DAY, told.falls_on))
        assert (eve.tier, then.tier) == (told.tier, told.falls_to)
        assert (eve.falls_on, eve.falls_to) == (told.falls_on, told.falls_to)
        told = then
    assert told.tier == "member"


@settings(max_examples=FEW, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(climbers(period="rolling"))
def test_the_rolling_period_is_the_engines_on_the_day_of_the_account(club: Club) -> None:
    qualifying, reaches = club.programme.qualifying, reaches_of(club.programme)
    assert qualifying is not None
    assert qualifying.days is not None
    for account in engine_of(club.programme, club.lines, club.members).accounts(TODAY):
        rolling = rolling_period(account.lines, qualifying, qualifying.days, reaches)
        assert rolling.sum_on(TODAY) == account.figure
        if qualifying.downgrade != "none":
            assert rolling.rung_on(TODAY) == account.rung


def reaches_of(programme: Programme) -> list[int]:
    """Return the reach of each tier in units of the basis."""
    expressions = Expressions(programme, digits_of(programme))
    return [0, *map(expressions.reach, programme.reaches_on(TODAY))]


# What random members are told


def test_what_is_said_of_tiers_comes_true() -> None:
    hold(FAST)


@pytest.mark.long
def test_what_is_said_of_tiers_comes_true_for_many() -> None:
    hold(LONG)


def hold(examples: int) -> None:
    """Compare the progress of random members with the reference on the following days."""
    held: Counter[str] = Counter()

    @settings(max_examples=examples, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
    @given(climbers())
    def come_true(club: Club) -> None:
        for member in told(club):
            found = member.statement.progress
            held["members"] += 1
            held["falls"] += falls_as_said(member, found)
            held["safe"] += is_safe_as_said(member, found)
            held["kept"] += found.keep is not None and is_kept_as_said(member, found, found.keep)
            held["reached"] += found.next is not None and is_reached_as_said(member, found.next)

    come_true()
    for name, count in sorted(held.items()):
        print(f"promises_{name}={count}")
    assert min(held.values()) >= examples / 4


def falls_as_said(member: Told, found: TierProgress) -> bool:
    """Without more lines, the tier is kept up to the day before `falls_on`, and is `falls_to` then.

    It may rise by itself in between, when a refund leaves a rolling period before its purchase does.
    """
    if not found.falls_on or not found.falls_to:
        return False
    assert member.tier(member.today) == member.rung(found.tier) <= member.tier(found.falls_on - DAY)
    assert member.tier(found.falls_on) == member.rung(found.falls_to) < member.rung(found.tier)
    return True


def is_safe_as_said(member: Told, found: TierProgress) -> bool:
    """Without more lines, a tier with nothing missing is kept through the next year, or forever."""
    if found.falls_on or not found.until:
        return False
    later = [365] if found.keep else [365, 3000]
    assert all(member.tier(found.until + days * DAY) >= member.rung(found.tier) for days in later)
    return True


def is_kept_as_said(member: Told, found: TierProgress, keep: Goal) -> bool:
    """Adding the missing figure keeps the tier, on any day from which it still counts on the day of the loss.

    On the last day a unit less does not keep it, unless the member rises above the tier for a day and the downgrade is
    `one-step`.
    """
    if not keep.missing:
        return False
    assert keep.by is not None
    assert found.falls_on is not None
    rung, qualifying = member.rung(keep.tier), member.programme.qualifying
    counts = qualifying.days if qualifying and qualifying.days else 2 * 366
    for day in (max(member.today, found.falls_on - (counts - 1) * DAY), keep.by):
        assert member.tier(found.falls_on, *member.buying(keep.missing, day)) >= rung
    less = member.buying(keep.missing - member.least, keep.by)
    assert member.tier(found.falls_on, *less) < rung or member.tier(keep.by, *less) > rung
    return True


def is_reached_as_said(member: Told, goal: Goal) -> bool:
    """Adding the missing figure reaches the tier at once, up to the last day; a unit less does not."""
    rung = member.rung(goal.tier)
    for day in (member.today, goal.by or date(2030, 1, 1)):
        assert member.tier(day, *member.buying(goal.missing, day)) >= rung
        assert member.tier(day, *member.buying(goal.missing - member.least, day)) < rung
    assert goal.missing >= Decimal(member.least)
    return True
