"""Lines of a statement as their page shows them: what a reference may tell, what is folded."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from members_portal.loyalty.statement.statement import StatementLine
from members_portal.portal.rendering.activity import NEWEST, activity_of
from tests.portal.test_statement_slots import BOUGHT, EDITION, GIVEN, ORDER, RETURN, RICH, STRANGE


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        (ORDER, "SH-1"),
        (STRANGE, None),
        (GIVEN, "The lifeboat"),
        (BOUGHT, "A bag for beans"),
        (replace(BOUGHT, reference="511K-SCF6-YJGW-MWHK"), None),
        (replace(BOUGHT, reference=None), None),
        (replace(ORDER, reference="a-bag"), "A bag for beans"),
    ],
)
def test_a_reference_is_named_and_that_of_a_redemption_is_never_shown_itself(
    line: StatementLine, shown: str | None
) -> None:
    (found,) = activity_of(replace(RICH, activity=(line,)), EDITION).newest
    assert found.reference == shown


def test_what_came_back_is_a_negative_amount() -> None:
    amounts = [line.amount for line in activity_of(RICH, EDITION).newest]
    assert amounts == [Decimal("40.20"), Decimal("-13.20"), None, None, None]
    assert activity_of(replace(RICH, activity=(RETURN,)), EDITION).newest[0].points == -17


@pytest.mark.parametrize(("lines", "older"), [(0, 0), (NEWEST, 0), (NEWEST + 1, 1), (30, 18)])
def test_all_but_the_newest_lines_are_older(lines: int, older: int) -> None:
    activity = activity_of(replace(RICH, activity=(ORDER,) * lines), EDITION)
    assert (len(activity.newest), len(activity.older)) == (lines - older, older)
