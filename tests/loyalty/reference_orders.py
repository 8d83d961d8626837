"""Orders and their refunds, by RULES.md. `lines` are always a member's counted lines up to a day."""

from __future__ import annotations

from collections.abc import Mapping

from tests.loyalty.account import Ledger, Line


def order(line: Line, lines: Ledger) -> list[Line]:
    """Return the purchase lines of the order of a purchase or refund."""
    if line.reference is None:
        return [line] if line.kind == "purchase" else []
    return [other for other in lines if other.kind == "purchase" and other.reference == line.reference]


def refunds(refund: Line, lines: Ledger) -> list[Line]:
    """Return the refunds of an order so far, including this one."""
    if refund.reference is None:
        return [refund]
    same = [other for other in lines if other.kind == "refund" and other.reference == refund.reference]
    return [other for other in same if other.n <= refund.n]


def before(line: Line, lines: Ledger) -> list[Line]:
    """Return the lines before a line."""
    return [other for other in lines if other.n < line.n]


def amount(lines: Ledger) -> int:
    """Add up amounts."""
    return sum(line.minor or 0 for line in lines)


def came_to(refund: Line, lines: Ledger, points: Mapping[int, int]) -> int | None:
    """Return P − ⌊P × (A − R) ÷ A⌋, or None when A is 0 or there is no order.

    `points` are the points of each purchase line.
    """
    bought = before(refund, order(refund, lines))
    a = amount(bought)
    if a == 0:
        return None
    r = min(amount(refunds(refund, lines)), a)
    p = sum(points[line.n] for line in bought)
    return p - p * (a - r) // a


def taken_back(refund: Line, lines: Ledger, points: Mapping[int, int]) -> int | None:
    """Return the points of a refund: its share, less the largest share of earlier refunds of its order."""
    now = came_to(refund, lines, points)
    if now is None:
        return None
    earlier = [came_to(other, lines, points) or 0 for other in before(refund, refunds(refund, lines))]
    return max(0, now - max(earlier, default=0))
