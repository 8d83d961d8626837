"""Until which day a statement stays the same: all statements up to that day are compared with the first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings

from members_portal.loyalty.standings import Standings
from members_portal.loyalty.statement.calendar_change import same_until
from members_portal.loyalty.statement.statement import Statement, make_statement
from members_portal.loyalty.statement.tier_progress import progress_of, projected_tier
from tests.examples import examples
from tests.loyalty.engine_adapter import as_member, engine_of
from tests.loyalty.future import TODAY, climbers
from tests.loyalty.ledgers import Club, asked, clubs

random_clubs = settings(
    max_examples=examples(3, 200), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def standings_of(club: Club, day: date) -> Iterator[Standings]:
    """Yield the standings of each member alone on a day."""
    for account in engine_of(club.programme, club.lines, club.members).accounts(day):
        member = as_member(account.member, club.members[account.member])
        yield Standings(day, club.programme, [member], {member.id: account})


def without_day(standings: Standings) -> Statement:
    """Return the statement without the day it is made for."""
    statement = make_statement(standings.members[0], standings)
    assert statement
    return replace(statement, as_of=date.min, history=statement.history[:-1])


def check(club: Club, day: date) -> None:
    """Compare each member's statement on the last day on which it stays the same, and halfway there."""
    known = {name: [line for line in lines if line.day <= day] for name, lines in club.lines.items()}
    club = replace(club, lines=known)
    first = {
        found.members[0].id: (without_day(found), same_until(found.members[0], found))
        for found in standings_of(club, day)
    }
    days = {each for _, last in first.values() for each in (last, day + (last - day) // 2)}
    for later in sorted(days):
        for found in standings_of(club, later):
            statement, last = first[found.members[0].id]
            assert last >= day
            assert later > last or without_day(found) == statement


@random_clubs
@given(clubs(), asked())
def test_no_statement_changes_before_its_day(club: Club, day: date) -> None:
    check(club, day)


@random_clubs
@given(climbers())
def test_the_projected_tier_alone_is_that_of_the_progress(club: Club) -> None:
    for found in standings_of(club, TODAY):
        member, programme, digits = found.members[0], club.programme, found.digits
        account = found.accounts[member.id]
        known = progress_of(member, account, programme, digits)
        assert projected_tier(member, account, programme, digits) == known.projected


@pytest.mark.long
@random_clubs
@given(climbers())
def test_no_progress_changes_before_its_day(club: Club) -> None:
    check(club, TODAY)
