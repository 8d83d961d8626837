"""The rebate: computed by hand; spending the missing amount brings the rebate of the next band."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings

from members_portal.loyalty.statement.rebate import RebateEarned
from tests.examples import examples
from tests.long_cases import quick_first
from tests.loyalty import reference
from tests.loyalty.account import Line
from tests.loyalty.engine_adapter import digits_of
from tests.loyalty.example import programme_of
from tests.loyalty.future import Told, said, told
from tests.loyalty.ledgers import Club, asked, clubs

WHOLE = "rebate: {bands: [{from: 250, percent: 1}, {from: 500, percent: 2.5}], exclude tags: [postage]}"
BAND = WHOLE.replace("bands:", "of: band, bands:")


def rebate(rules: str, ledger: str, on: str = "2026-11-21", joined: str = "2020-01-01") -> RebateEarned:
    found = said(programme_of(rules), ledger, on, joined).rebate
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("rules", "ledger", "spend", "percent", "earned", "missing", "brings"),
    quick_first(
        [
            (WHOLE, "", "0.00", "0", "0", "250.00", "2.50"),
            (WHOLE, "2026-01-01 purchase 249.99", "249.99", "0", "0", "0.01", "2.50"),
            (WHOLE, "2026-01-01 purchase 250.00", "250.00", "1", "2.50", "250.00", "12.50"),
            (WHOLE, "2026-01-01 purchase 499.99", "499.99", "1", "4.99", "0.01", "12.50"),
            (WHOLE, "2026-01-01 purchase 500.00", "500.00", "2.5", "12.50", None, None),
            (BAND, "2026-01-01 purchase 499.99", "499.99", "1", "2.49", "0.01", "2.50"),
            (BAND, "2026-01-01 purchase 600.00", "600.00", "2.5", "5.00", None, None),
            # Postage is left out, last year is over, and what came back is taken off.
            (WHOLE, "2026-01-01 purchase 9.00 #postage\n2025-12-31 purchase 300", "0.00", "0", "0", "250.00", "2.50"),
            (WHOLE, "2026-01-01 purchase 300 A\n2026-02-01 refund 60 A", "240.00", "0", "0", "10.00", "2.50"),
            # A refund of last year's order takes nothing from this year.
            (WHOLE, "2025-12-01 purchase 100 A\n2026-01-05 refund 100 A", "0.00", "0", "0", "250.00", "2.50"),
            # More came back than was bought: that has to be made up for first.
            (WHOLE, "2026-01-01 purchase 100 A\n2026-01-05 refund 200 A", "0.00", "0", "0", "350.00", "2.50"),
        ],
        4,
    ),
)
def test_the_rebate_so_far_and_the_next_band(
    rules: str, ledger: str, spend: str, percent: str, earned: str, missing: str | None, brings: str | None
) -> None:
    found = rebate(rules, ledger)
    assert (str(found.spend), str(found.percent), found.earned) == (spend, percent, Decimal(earned))
    coming = found.next
    assert (str(coming.missing), str(coming.earned)) == (missing, brings) if coming else missing is None
    assert found.is_told
    assert not replace(found, earned=Decimal(0), next=None).is_told


@pytest.mark.parametrize(
    ("years", "joined", "on", "since", "until"),
    quick_first(
        [
            ("", "2020-01-01", "2026-11-21", "2026-01-01", "2026-12-31"),
            ("starts: 04-06, ", "2020-01-01", "2026-04-05", "2025-04-06", "2026-04-05"),
            ("starts: 04-06, ", "2020-01-01", "2026-04-06", "2026-04-06", "2027-04-05"),
            ("period: anniversary, ", "2024-02-29", "2026-02-27", "2025-02-28", "2026-02-27"),
            ("period: anniversary, ", "2024-02-29", "2028-02-28", "2027-02-28", "2028-02-28"),
            ("period: anniversary, ", "2024-02-29", "2028-02-29", "2028-02-29", "2029-02-27"),
        ],
        2,
    ),
)
def test_the_year_of_a_rebate(years: str, joined: str, on: str, since: str, until: str) -> None:
    found = rebate(WHOLE.replace("{bands", f"{{{years}bands"), "", on, joined)
    assert (str(found.since), str(found.until)) == (since, until)
    assert found.next is not None
    assert found.next.by == found.until


def test_without_rules_there_is_no_rebate() -> None:
    assert said(programme_of("points: {}"), "2026-01-01 purchase 300", "2026-11-21").rebate is None


@pytest.mark.long
@settings(max_examples=examples(5, 200), suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(clubs(), asked())
def test_what_is_missing_brings_what_the_next_band_promises(club: Club, day: date) -> None:
    for member in told(club, day):
        found = member.statement.rebate
        if found is None or found.next is None or day < member.person.joined:
            continue
        for when in (day, found.next.by):
            assert after(member, found.next.missing, when) == (found.next.reach, found.next.earned)
        spend, _ = after(member, found.next.missing - Decimal(1).scaleb(-digits_of(member.programme)), day)
        assert spend < found.next.reach


def after(member: Told, amount: Decimal, day: date) -> tuple[Decimal, Decimal]:
    """Return spend and rebate after another purchase, on its day."""
    line = Line(10**6, day, "purchase", int(amount * 10 ** digits_of(member.programme)))
    found = reference.rebate(member.programme, [*member.lines, line], member.person.joined, on=day)
    return found.spend, found.amount
