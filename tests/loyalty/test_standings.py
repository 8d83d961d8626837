"""Standings: tiers, segments and uses of all members; totals of causes are sums of the statements."""

from __future__ import annotations

import pickle
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from members_portal.loyalty.member.member import Member
from members_portal.loyalty.programme.segment import Segment
from members_portal.loyalty.standings import Standings, take_standings
from members_portal.loyalty.statement.statement import make_statement
from tests.examples import examples
from tests.loyalty.account import Ledger, Line, Person
from tests.loyalty.engine_adapter import engine_of
from tests.loyalty.example import line_of, programme_of
from tests.loyalty.reference_orders import in_ledger_order, parts_of

ON = date(2026, 11, 21)
RULES = """
points: {pending days: 0}
qualifying: {basis: spend}
causes:
  - {key: lifeboat, name: Lifeboat, share: 1, tags: [decaf], worth: 0.005}
  - {key: road, name: A road, share: 2.5}
"""


def somebody(number: int, **more: Any) -> Member:
    known: dict[str, Any] = {"joined": date(2020, 1, 1), "tier": None, "tier_until": None}
    return Member.model_construct(id=f"M-{number}", **(known | more))


def standings(ledgers: dict[int, Ledger], *members: Member, rules: str = RULES, **more: Any) -> Standings:
    programme = programme_of(rules).model_copy(update=more)
    people = {member.id: Person(member.joined, member.tier, member.tier_until) for member in members}
    con = engine_of(programme, {f"M-{number}": lines for number, lines in ledgers.items()}, people).con
    return take_standings(programme, members, con, ON)


def ledger(*rows: str) -> list[Line]:
    return [line_of(n, row.split(), "EUR") for n, row in enumerate(rows, 1)]


def test_members_stand_where_their_ledger_puts_them_and_staff_are_left_alone() -> None:
    bought = ledger("2026-01-02 purchase 100.00")
    found = standings(
        {1: bought, 3: bought, 4: bought},
        *(somebody(1), somebody(2), somebody(3, staff=True), somebody(4, tier="gold")),
        somebody(5, tier="gold", tier_until=date(2026, 11, 20)),
    )
    assert [member.tier for member in found.members] == ["silver", "member", None, "gold", "member"]
    assert [member.edition for member in found.members] == ["silver", "member", "staff", "gold", "member"]


def test_a_tier_by_hand_is_still_by_hand_in_the_statement() -> None:
    found = standings({1: ledger("2026-01-02 purchase 100.00")}, somebody(1, tier="gold"), somebody(2))
    said = [make_statement(member, found) for member in found.members]
    assert [one.progress.by_hand for one in said if one] == [True, False]


def test_what_other_processes_get_does_not_grow_with_the_members() -> None:
    lines, sizes = ledger("2020-01-02 purchase 100.00", "2026-11-21 purchase 10.00"), list[int]()
    for count in (2, 40):
        found = standings(dict.fromkeys(range(count), lines), *map(somebody, range(count)))
        assert len(found.booked) == len(found.earlier) == len(found.facts) == count
        assert found.of_nobody().causes == found.causes
        sizes.append(len(pickle.dumps(replace(found.of_nobody(), causes=(), usable=0))))
    assert sizes[0] == sizes[1]


def test_without_a_ledger_and_without_rules_members_stand_where_they_were_put() -> None:
    members = [somebody(1, tier="silver")]
    found = take_standings(programme_of("points: {}"), members, None, ON)
    assert (found.members, make_statement(members[0], found), found.count_segments()) == (members, None, {})


def test_without_a_ledger_rules_put_everybody_on_the_lowest_tier() -> None:
    found = take_standings(programme_of(RULES), [somebody(1), somebody(2, tier="gold")], None, ON)
    assert [member.tier for member in found.members] == ["member", "gold"]
    assert make_statement(found.members[0], found) is not None


def test_segments_are_counted_those_without_members_too() -> None:
    wanted: list[dict[str, Any]] = [{"key": key, "name": key.upper(), "orders": key} for key in ("none", "some")]
    wanted.append({"key": "x", "name": "X", "interests": ["x"]})
    segments = tuple(map(Segment.model_validate, wanted))
    members = [somebody(number, interests=()) for number in (1, 2, 3)]
    found = standings({1: ledger("2026-01-02 purchase 1.00")}, *members, segments=segments)
    assert found.count_segments() == {"NONE": 2, "SOME": 1, "X": 0}
    assert found.segments == {"M-1": ("some",), "M-2": ("none",), "M-3": ("none",)}


def test_members_with_lines_before_the_years_that_are_shown_are_known() -> None:
    old, first = ledger("2024-12-31 purchase 1.00", "2026-01-02 purchase 1.00"), ledger("2025-01-01 purchase 1.00")
    assert standings({1: old, 2: first}, *map(somebody, (1, 2, 3))).earlier == {"M-1"}


def test_an_undone_redemption_is_no_use() -> None:
    one, other = ledger("2026-01-01 redemption 0 mug", "2026-01-02 reversal mug"), ledger("2026-01-03 redemption 0 mug")
    assert standings({1: one, 2: other}, somebody(1), somebody(2)).used == Counter(mug=1)


def test_redemptions_are_counted_by_what_they_were_for() -> None:
    one, other = ledger("2026-01-01 redemption 0 mug", "2026-01-02 redemption 5"), ledger("2026-01-03 redemption 0 mug")
    assert standings({1: one, 2: other}, somebody(1), somebody(2)).used == Counter(mug=2)


def lines() -> st.SearchStrategy[list[Line]]:
    """Draw purchases, refunds and gifts of members."""
    row = st.one_of(
        st.builds("2026-01-02 purchase {}.{:02} {} {}".format, st.integers(0, 99), st.integers(0, 99),
                  st.sampled_from("AB"), st.sampled_from(["#decaf", "#beans"])),
        st.builds("2026-02-02 refund {}.50 {} #decaf".format, st.integers(0, 20), st.sampled_from("AB")),
        st.builds("2026-03-02 redemption {} {}".format, st.integers(0, 9),
                  st.sampled_from(["lifeboat", "road", "mug"])),
    )  # fmt: skip
    return st.lists(row, max_size=6).map(lambda rows: ledger(*sorted(rows)))


@pytest.mark.long
@settings(max_examples=examples(4, 100), suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(lines(), min_size=1, max_size=5))
def test_a_causes_total_is_the_sum_of_what_its_givers_statements_say(ledgers: list[list[Line]]) -> None:
    """Each member's worth and share are rounded down to the cent; the total is the sum of these, to the cent."""
    members = [somebody(number) for number in range(len(ledgers))]
    found = standings(dict(enumerate(ledgers)), *members)
    said = [statement for member in members if (statement := make_statement(member, found))]
    for index, cause in enumerate(found.causes):
        own = [statement.causes[index] for statement in said]
        assert cause.points == sum(each.points for each in own)
        assert cause.total == sum((each.worth + each.share for each in own), Decimal(0))
        exact = [exactly(cause.key, lines) for lines in ledgers]
        assert 0 <= sum(exact) - cause.total < Decimal("0.02") * len(members)


def exactly(cause: str, lines: list[Line]) -> Decimal:
    """Add up a member's gifts without rounding."""
    share, worth = {"lifeboat": (Decimal("0.01"), Decimal("0.005")), "road": (Decimal("0.025"), Decimal(0))}[cause]
    lines = in_ledger_order(lines)
    meant = [line for line in lines if line.minor is not None and (cause == "road" or "decaf" in line.tags)]
    spent = sum(line.minor or 0 for line in meant if line.kind == "purchase")
    spent -= sum(part.taken + part.beyond for part in parts_of(lines) if (part.bought or part.refund) in meant)
    points = sum(line.points or 0 for line in lines if line.kind == "redemption" and line.reference == cause)
    return Decimal(max(0, spent)) / 100 * share + points * worth
