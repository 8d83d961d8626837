"""The accounts of all members: built when they are asked for, and the same as those of the engine."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings

from members_portal.loyalty.engine import account_table
from members_portal.loyalty.engine.account import Account
from members_portal.loyalty.engine.account_table import AccountTable
from members_portal.loyalty.programme.cause import Cause
from members_portal.loyalty.programme.segment import Segment
from members_portal.loyalty.segment_membership import SegmentRules
from members_portal.loyalty.statement.statement import cause_gifts, gifts_of
from tests.loyalty.engine.test_engine import FEW, SLOW
from tests.loyalty.engine_adapter import as_member, engine_of
from tests.loyalty.examples import EXAMPLES
from tests.loyalty.ledgers import Club, asked, clubs

CONDITIONS: tuple[dict[str, Any], ...] = (
    {"orders": "some"},
    {"lapsed_days": 60},
    {"spend": {"days": 30, "from": "1"}},
    {"spend": {"below": "200"}},
)
SEGMENTS = tuple(
    Segment.model_validate({"key": f"s{place}", "name": "S", **condition}) for place, condition in enumerate(CONDITIONS)
)
CAUSES = (
    Cause.model_validate({"key": "cup", "name": "Cup", "worth": "0.02", "share": "2.5", "from": "2026-02-01"}),
    Cause.model_validate({"key": "boat", "name": "Boat", "share": "1", "tags": ["a", "coffee"], "until": "2026-09-30"}),
)


@pytest.mark.long
@settings(max_examples=FEW, suppress_health_check=SLOW)
@given(clubs(fewest=6, members=12), asked())
def test_accounts_are_those_of_the_engine_in_any_order(club: Club, day: date) -> None:
    engine = engine_of(club.programme, club.lines, club.members)
    accounts = {account.member: account for account in engine.accounts(day)}
    table = AccountTable(engine, day)
    assert {member: table[member] for member in sorted(table, reverse=True)} == accounts
    assert list(table.standings) == list(engine.standings(day))


@pytest.mark.long
@settings(max_examples=FEW, suppress_health_check=SLOW)
@given(clubs(fewest=6, members=12), asked())
def test_announced_accounts_are_those_that_are_asked_for_one_by_one(club: Club, day: date) -> None:
    engine = engine_of(club.programme, club.lines, club.members)
    table, accounts = AccountTable(engine, day), {account.member: account for account in engine.accounts(day)}
    table.expect([*list(table)[::3], "nobody"])
    asked_for = [*list(table)[::3], *list(table)[:2], list(table)[-1]]
    assert [table[member] for member in asked_for] == [accounts[member] for member in asked_for]


@pytest.mark.long
@settings(max_examples=FEW, suppress_health_check=SLOW)
@given(clubs(fewest=6, members=12), asked())
def test_facts_of_all_members_are_those_of_each_account(club: Club, day: date) -> None:
    programme = club.programme.model_copy(update={"segments": SEGMENTS, "causes": CAUSES})
    engine = engine_of(programme, club.lines, club.members)
    rules, table = SegmentRules(programme, day, engine.expressions.digits), AccountTable(engine, day)
    unit = Decimal(1).scaleb(-engine.expressions.digits)
    for (member, account), facts in zip(table.items(), table.facts(rules.spend_days, CAUSES), strict=True):
        one = rules.figures(as_member(member, club.members[member]), account.rung, account.lines)
        assert (one.ordered, list(one.spends)) == (facts.ordered, facts.spends)
        days = [line.day for line in account.lines]
        assert (facts.oldest, facts.newest) == (min(days, default=None), max(days, default=None))
        gifts = gifts_of(facts.given, facts.spent, programme, unit)
        assert gifts == cause_gifts(account.lines, programme, unit)
    assert list(table.overdrawn()) == [line for each in table.values() for line in each.overdrawn]
    assert table.undone() == {line.undoes for each in table.values() for line in each.lines if line.undoes is not None}
    assert table.uses() == uses_in(table)


def uses_in(table: AccountTable) -> Counter[str]:
    """Count the redemptions by reference, line by line."""
    lines = [line for account in table.values() for line in account.lines]
    undone = {line.undoes for line in lines}
    kept = (line for line in lines if line.kind == "redemption" and line.n not in undone)
    return Counter(line.reference for line in kept if line.reference)


def digests(day: date, *, others: bool = True, without: str = "") -> dict[str, str]:
    """Return the digests of the accounts of the examples, with or `without` the last line of one of them."""
    programme = EXAMPLES[0].programme
    examples = EXAMPLES if others else EXAMPLES[1:]
    lines = {each.name: each.lines[:-1] if each.name == without else each.lines for each in examples}
    table = AccountTable(engine_of(programme, lines, {each.name: each.person for each in examples}), day)
    return {member: row.facts for member, row in zip(table, table.facts((), ()), strict=True)}


def test_a_digest_changes_with_a_line_of_the_member_and_with_no_other() -> None:
    day = date(2027, 12, 31)
    all_lines = digests(day)
    named = next(each.name for each in EXAMPLES if len(each.lines) > 1 and each.lines[-1].day <= day)
    changed = {member for member, digest in digests(day, without=named).items() if digest != all_lines[member]}
    assert changed == {named}
    fewer = digests(day, others=False)
    assert fewer == {member: all_lines[member] for member in fewer}


def test_members_in_many_queries_have_the_facts_of_one_query(monkeypatch: pytest.MonkeyPatch) -> None:
    day, members = date(2027, 12, 31), {each.name: each.person for each in EXAMPLES}
    engine = engine_of(EXAMPLES[0].programme, {each.name: each.lines for each in EXAMPLES}, members)
    table = AccountTable(engine, day)
    whole = list(table.facts((30,), CAUSES)), list(table.overdrawn())
    assert whole[1], "an example takes more points than there are"
    monkeypatch.setattr(account_table, "LINES_PER_QUERY", 20)
    assert (list(table.facts((30,), CAUSES)), list(table.overdrawn())) == whole


def test_equal_digests_belong_to_equal_accounts() -> None:
    table = AccountTable(
        engine_of(
            EXAMPLES[0].programme,
            {each.name: each.lines for each in EXAMPLES},
            {each.name: each.person for each in EXAMPLES},
        ),
        date(2027, 12, 31),
    )
    by_digest: dict[str, tuple[object, ...]] = {}
    for (_, account), row in zip(table.items(), table.facts((), ()), strict=True):
        assert by_digest.setdefault(row.facts, known_of(account)) == known_of(account)
    assert len(by_digest) > 50


def known_of(account: Account) -> tuple[object, ...]:
    """Return the figures of an account and of its lines, without the numbers of lines."""
    lines = [line[2:-2] for line in account.lines]
    return account.rung, account.figure, account.reached, account.carried, lines, account.balance
