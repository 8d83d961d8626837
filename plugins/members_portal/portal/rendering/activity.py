"""The activity of a statement as its page shows it: the newest lines, the older ones, and what each refers to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from members_portal.loyalty.statement.statement import SPENDING, Statement, StatementLine
from members_portal.portal.rendering.edition import Edition

NEWEST = 12  # lines; the older ones are folded


@dataclass(frozen=True)
class Activity:
    """Lines, newest first, with names as references; the `amount` of a refund is negative."""

    newest: tuple[StatementLine, ...]
    older: tuple[StatementLine, ...]


def activity_of(statement: Statement, edition: Edition) -> Activity:
    """Prepare the lines of a statement for the page of an edition."""
    names = {cause.key: cause.name for cause in statement.causes}
    names |= {item.slug: item.title for item in edition.items.values() if item.kind == "offer"}
    lines = tuple(_as_shown(line, names) for line in statement.activity)
    return Activity(lines[:NEWEST], lines[NEWEST:])


def _as_shown(line: StatementLine, names: Mapping[str, str]) -> StatementLine:
    """Show the name of a cause or offer, else the reference itself, but not that of a redemption."""
    # The reference of a redemption or its reversal may be a coupon code, and by mistake another member's.
    reference = names.get(line.reference or "", None if line.kind in SPENDING else line.reference)
    amount = -line.amount if line.amount is not None and line.kind == "refund" else line.amount
    return replace(line, reference=reference, amount=amount)
