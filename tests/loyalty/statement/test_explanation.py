"""Explanations: the reason for the points of a line, in words for the member."""

from __future__ import annotations

import pytest

from tests.long_cases import quick_first
from tests.loyalty.example import programme_of
from tests.loyalty.future import said

TIMES = "×\N{NO-BREAK SPACE}"
RULES = """
points: {pending days: 0, combine: COMBINE}
earning:
  - name: Spending
    kind: purchase
    points: 1
    per: 1.00
    exclude tags: [postage]
    minimum: 5.00
    cap: {points: 400, per: month}
  - {name: The July survey, kind: survey, points: 60, from: 2026-07-01, until: 2026-07-31}
  - {name: Tastings, kind: event, points: 30, tags: [tasting], cap: {points: 30, per: ever}}
  - {name: Review, kind: review, points: 15, cap: {points: 20, per: day}}
multipliers:
  - {name: Advent, factor: 2, tags: [origin], from: 2026-12-01, until: 2026-12-24}
  - {name: Silver, factor: 1.10, tiers: [silver]}
  - {name: Double weekend, factor: 2, from: 2026-12-05, until: 2026-12-06}
qualifying: {basis: spend}
"""
BEST, ADD = RULES.replace("COMBINE", "best"), RULES.replace("COMBINE", "add")


@pytest.mark.parametrize(
    ("ledger", "points", "why"),
    quick_first(
        [
            ("2026-03-01 purchase 12.00", 12, "Spending"),
            ("2026-03-01 purchase 450.00", 400, "Spending, at most 400 a month"),
            ("2026-03-01 purchase 4.99", 0, "the order is below the 5 of “Spending”"),
            ("2026-03-01 purchase 12.00 #postage", 0, "left out of “Spending”"),
            ("2026-06-30 survey", 0, "not in the time of “The July survey”"),
            ("2026-07-01 survey", 60, "The July survey"),
            ("2026-03-01 event", 0, "not part of “Tastings”"),
            ("2026-03-01 event #tasting\n2026-03-02 event #tasting", 0, "Tastings, the 30 are used up"),
            ("2026-03-01 purchase 450.00\n2026-03-02 purchase 10.00", 0, "Spending, the 400 of the month are used up"),
            ("2026-03-01 review\n2026-03-01 review", 5, "Review, at most 20 a day"),
            ("2026-03-01 birthday", 0, "earns nothing"),
            ("2019-03-01 purchase 12.00", 0, "before you joined"),
            ("2026-03-01 adjustment 7", 7, "given by hand"),
            ("2026-03-01 adjustment -7", -7, "taken back by hand"),
            ("2026-03-01 redemption 7 mug", -7, "spent"),
            ("2026-03-01 purchase 12.00 A\n2026-03-02 refund 6.00 A", -6, "taken back with what was returned"),
            ("2026-03-01 refund 6.00 A", 0, "no earlier purchase belongs to it"),
            # Multipliers are named where it is clear which one it was.
            ("2026-12-01 purchase 10.00 #origin", 20, "Spending, × 2 (Advent)"),
            ("2026-12-05 purchase 10.00", 20, "Spending, × 2 (Double weekend)"),
            ("2026-12-05 purchase 10.00 #origin", 20, "Spending, × 2"),
            ("2026-03-01 purchase 100.00\n2026-03-02 purchase 10.00", 11, "Spending, × 1.1 (Silver)"),
            ("2026-12-01 purchase 300.00 #origin", 400, "Spending, × 2 (Advent), at most 400 a month"),
        ],
        4,
    ),
)
def test_what_came_of_a_line(ledger: str, points: int, why: str) -> None:
    newest = said(programme_of(BEST), ledger, "2026-12-31").activity[0]
    assert (newest.points, newest.why) == (points, why.replace("× ", TIMES))


def test_factors_that_are_added_up_have_no_one_name() -> None:
    newest = said(programme_of(ADD), "2026-12-05 purchase 10.00 #origin", "2026-12-31").activity[0]
    assert (newest.points, newest.why) == (30, f"Spending, {TIMES}3")
