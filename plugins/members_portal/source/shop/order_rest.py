"""Refunds without items, such as those of Shopify: the parts of an order that they give back.

A refund takes the parts whose amounts make up its own, if only one set of parts does, or all that is left of the
order. Any other refund takes from all parts in proportion, with a note.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from members_portal.loyalty.input.table_columns import Row
from members_portal.source.shop.export_file import text_of
from members_portal.source.shop.export_notes import ExportNotes, NoteKind
from members_portal.source.shop.order_line import ShopOrder, rounded, unit_of
from members_portal.source.shop.refund_match import NOTHING, PartShare, fitting_groups

UNKNOWN_ITEMS = NoteKind("refund", "of unknown items: taken from all parts of the order in proportion, postage too")


class OrderRest:
    """What refunds in one currency have left of an order; without `currency`, in that of the order."""

    def __init__(self, order: ShopOrder, notes: ExportNotes, currency: str = "") -> None:
        self._order, self._notes = order, notes
        self._unit = unit_of(currency) if currency else order.unit
        self._is_foreign = bool(currency) and currency != text_of(order.rows[0], order.columns.currency)
        self._left = [part.paid for part in order.parts]
        self._stated = self._counted = NOTHING  # sums of the refunds: with tax, and without

    def refund(self, amount: Decimal, row: Row, column: str | None) -> list[PartShare]:
        """Take a refund, which states an amount with tax; return its parts. `row` and `column` are its place."""
        self._stated += amount
        counted = self._without_tax(amount)
        is_rest = not self._is_foreign and self._counted + counted >= self._order.bought
        places = () if is_rest or self._is_foreign or counted <= 0 else self._only_group(amount)
        found: list[PartShare] = [(place, self._left[place]) for place in places]
        if not places and (counted or not amount):
            found = [(None, counted)]
            if not is_rest and self._is_mixed:
                self._notes.add(row, column, UNKNOWN_ITEMS)
        for place in places:
            self._left[place] = NOTHING
        self._counted += sum((part for _, part in found), NOTHING)
        return found

    @property
    def _is_mixed(self) -> bool:
        """Return whether it matters which part is given back."""
        return len({part.labels["tags"] for part in self._order.parts}) > 1

    def _without_tax(self, amount: Decimal) -> Decimal:
        """Return the counted part of a refund.

        The share is of the sum of all refunds so far: a whole refund in parts is the whole order.
        """
        share = self._order.counted_share
        if share == 1:
            return amount
        return max(Decimal(rounded(self._stated * share, self._unit)) - self._counted, NOTHING)

    def _only_group(self, amount: Decimal) -> tuple[int, ...]:
        """Return the places of the only parts that make up an amount; empty if none or several do."""
        items = sum(part.is_item for part in self._order.parts)
        for slack in (NOTHING, self._unit):
            found = [
                group for amounts in self._stated_amounts() for group in fitting_groups(amount, amounts, items, slack)
            ]
            if found:
                return found[0] if len({*map(self._kind, found)}) == 1 else ()
        return ()

    def _kind(self, group: Sequence[int]) -> tuple[tuple[str, Decimal], ...]:
        """Return tags and amounts of parts: equal parts replace each other."""
        return tuple(sorted((self._order.parts[place].labels["tags"], self._left[place]) for place in group))

    def _stated_amounts(self) -> Iterator[list[Decimal]]:
        """Yield the amounts of the parts as refunds state them: with the tax on all parts, or on the items alone."""
        order, share = self._order, self._order.counted_share
        if share == 1:
            yield self._left
            return
        yield [Decimal(rounded(left / share, self._unit)) for left in self._left]
        items = sum((part.paid for part in order.parts if part.is_item), NOTHING)
        if items > 0 and items < order.bought:
            factor = (order.total - (order.bought - items)) / items
            pairs = zip(self._left, order.parts, strict=True)
            yield [Decimal(rounded(left * factor, self._unit)) if part.is_item else left for left, part in pairs]
