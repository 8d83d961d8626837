"""The parts of an order that each of its refunds gave back.

WooCommerce states the day and amount of each refund, and apart from them the refunded amount of each item. A refund
takes the items whose amounts make up its own, and later refunds change no earlier one as long as the amounts differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

MOST_TOGETHER = 3  # items of one refund that are searched for, beside all items
MOST_SEARCHED = 30  # items of an order; above, the items are taken in their order
NOTHING = Decimal(0)

PartShare = tuple[int | None, Decimal]  # a part by its place (items, then extras) and an amount; None is no part


def match_refunds(
    refunds: Sequence[Decimal], items: Sequence[Decimal], extras: Sequence[Decimal], unit: Decimal
) -> list[list[PartShare]]:
    """Return the parts of each refund, in the order of their days.

    `items` is the refunded amount of each item, `extras` the paid amounts of postage and fees. `unit` is the smallest
    unit of the currency: amounts with tax may differ by one.
    """
    left, found = [*items, *extras], list[list[PartShare]]([] for _ in refunds)
    for number, amount in enumerate(refunds):
        parts = _exact(amount, left, len(items), unit)
        found[number] += [(place, left[place]) for place in parts]
        _take(left, found[number])
    for number, amount in enumerate(refunds):
        if not found[number]:
            found[number] += _in_turn(amount, left, len(items))
            _take(left, found[number])
    if found:
        found[-1] += [(place, rest) for place, rest in enumerate(left[: len(items)]) if rest > 0]
    return found


def _take(left: list[Decimal], taken: Sequence[PartShare]) -> None:
    for place, amount in taken:
        if place is not None:
            left[place] -= amount


def _exact(amount: Decimal, left: Sequence[Decimal], items: int, unit: Decimal) -> tuple[int, ...]:
    """Return the places of the parts that make up an amount; empty if none do."""
    if amount <= 0:
        return ()
    for slack in (NOTHING, unit):
        for parts in fitting_groups(amount, left, items, slack):
            return parts
    return ()


def fitting_groups(amount: Decimal, left: Sequence[Decimal], items: int, slack: Decimal) -> Iterator[tuple[int, ...]]:
    """Yield the places of each group of parts that makes up an amount; `left` has the items, then the extras."""
    for parts in _groups(left, items):
        if abs(sum((left[place] for place in parts), NOTHING) - amount) <= slack:
            yield parts


def _groups(left: Sequence[Decimal], items: int) -> Iterator[tuple[int, ...]]:
    """Yield groups of parts: those without extras and the smaller ones first."""
    open_items = [place for place in range(items) if left[place] > 0]
    open_extras = [place for place in range(items, len(left)) if left[place] > 0]
    most = MOST_TOGETHER if len(open_items) <= MOST_SEARCHED else 1
    sizes = [size for size in range(most + 1) if size < len(open_items)]
    chosen = [*(group for size in sizes for group in combinations(open_items, size)), tuple(open_items)]
    for size in range(len(open_extras) + 1):
        for extra in combinations(open_extras, size):
            yield from (parts for group in chosen if (parts := (*group, *extra)))


def _in_turn(amount: Decimal, left: Sequence[Decimal], items: int) -> Iterator[PartShare]:
    """Yield the items in their order up to an amount; then postage and fees, if the rest is not more than these."""
    for place, part in enumerate(left[:items]):
        if taken := min(part, amount):
            yield place, taken
            amount -= taken
    if amount > sum(left[items:], NOTHING):
        yield None, amount
        return
    for place, part in enumerate(left[items:], items):
        if taken := min(part, amount):
            yield place, taken
            amount -= taken
