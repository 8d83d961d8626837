"""The activity of a statement as its page shows it: the newest lines, the older ones, and what each refers to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from members_portal.loyalty.statement import statement as loyalty
from members_portal.portal.rendering.edition import Edition

NEWEST = 12  # lines; the older ones are folded


@dataclass(frozen=True)
class Line:
    """A line of the ledger as its member reads it; the `amount` of a refund is negative."""

    day: date
    kind: str
    tags: tuple[str, ...]
    reference: str | None
    why: str
    pending_until: date | None
    amount: Decimal | None
    points: int


@dataclass(frozen=True)
class Activity:
    """Lines, newest first."""

    newest: tuple[Line, ...]
    older: tuple[Line, ...]


def activity_of(statement: loyalty.Statement, edition: Edition) -> Activity:
    """Prepare the lines of a statement for the page of an edition."""
    names = _names(statement, edition)
    lines = tuple(_line(line, names) for line in statement.activity)
    return Activity(lines[:NEWEST], lines[NEWEST:])


def _names(statement: loyalty.Statement, edition: Edition) -> dict[str, str]:
    """Map references to names: those of causes, then those of the edition's offers."""
    causes = {given.key: given.name for given in statement.causes}
    return causes | {item.slug: item.title for item in edition.items.values() if item.kind == "offer"}


def _line(line: loyalty.Activity, names: Mapping[str, str]) -> Line:
    amount = line.amount
    if amount is not None and line.kind == "refund":
        amount = -amount
    return Line(
        day=line.day,
        kind=line.kind,
        tags=line.tags,
        reference=_shown_reference(line, names),
        why=line.why,
        pending_until=line.pending_until,
        amount=amount,
        points=line.points,
    )


def _shown_reference(line: loyalty.Activity, names: Mapping[str, str]) -> str | None:
    """Return the name of a cause or offer, else the reference itself, but not that of a redemption."""
    if line.reference and line.reference in names:
        return names[line.reference]
    # The reference of a redemption may be a coupon code, and by mistake another member's.
    return None if line.kind == "redemption" else line.reference
