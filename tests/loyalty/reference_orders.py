"""Orders and their refunds, as RULES.md has them. `lines` are always a member's counted lines up to a day."""

from __future__ import annotations

from collections.abc import Mapping

from tests.loyalty.account import Ledger, Line


def order(line: Line, lines: Ledger) -> list[Line]:
    """List the purchase lines of the order that a purchase or a refund belongs to."""
    if line.reference is None:
        return [line] if line.kind == "purchase" else []
    return [other for other in lines if other.kind == "purchase" and other.reference == line.reference]


def refunds(refund: Line, lines: Ledger) -> list[Line]:
    """List the refunds of an order so far, this one too."""
    if refund.reference is None:
        return [refund]
    same = [other for other in lines if other.kind == "refund" and other.reference == refund.reference]
    return [other for other in same if other.n <= refund.n]


def before(line: Line, lines: Ledger) -> list[Line]:
    """List the lines that come before a line."""
    return [other for other in lines if other.n < line.n]


def amount(lines: Ledger) -> int:
    """Add up amounts."""
    return sum(line.minor or 0 for line in lines)


def came_to(refund: Line, lines: Ledger, points: Mapping[int, int]) -> int | None:
    """Return P − ⌊P × (A − R) ÷ A⌋, or None without anything to take it from.

    `points` is what each purchase line came to.
    """
    bought = before(refund, order(refund, lines))
    a = amount(bought)
    if a == 0:
        return None
    r = min(amount(refunds(refund, lines)), a)
    p = sum(points[line.n] for line in bought)
    return p - p * (a - r) // a


def taken_back(refund: Line, lines: Ledger, points: Mapping[int, int]) -> int | None:
    """Return what a refund takes back: what it comes to, less the most that earlier ones of its order came to."""
    now = came_to(refund, lines, points)
    if now is None:
        return None
    earlier = [came_to(other, lines, points) or 0 for other in before(refund, refunds(refund, lines))]
    return max(0, now - max(earlier, default=0))
