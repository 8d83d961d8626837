"""Refunds without items, such as those of Shopify: the parts of an order that they give back.

A refund takes all that is left of the order; or the parts whose amounts make up its own, if only one set of parts
does; or some of the equal units of an item, if only one item has units that make it up. Any other refund takes from all
parts in proportion, with a note.
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
MOST_UNITS = 100  # units of an item that are tried for a refund


class OrderRest:
    """What refunds in one currency have left of an order; without `currency`, in that of the order."""

    def __init__(self, order: ShopOrder, notes: ExportNotes, currency: str = "") -> None:
        self._order, self._notes = order, notes
        self._unit = unit_of(currency) if currency else order.unit
        self._is_foreign = bool(currency) and currency != text_of(order.rows[0], order.columns.currency)
        self._left = [part.paid for part in order.parts]
        self._units = [part.units for part in order.parts]  # of what is left
        self._stated = self._counted = NOTHING  # sums of the refunds: with tax, and without

    def refund(self, amount: Decimal, row: Row, column: str | None) -> list[PartShare]:
        """Take a refund, which states an amount with tax; return its parts. `row` and `column` are its place."""
        self._stated += amount
        counted = self._without_tax(amount)
        is_rest = not self._is_foreign and self._counted + counted >= self._order.bought
        found = [] if is_rest or self._is_foreign or counted <= 0 else self._only_parts(amount)
        self._take(found)
        if not found and (counted or not amount):
            found = [(None, counted)]
            if not is_rest and self._is_mixed:
                self._notes.add(row, column, UNKNOWN_ITEMS)
        self._counted += sum((part for _, part in found), NOTHING)
        return found

    def _take(self, parts: Sequence[PartShare]) -> None:
        for place, amount in parts:
            if place is not None:
                self._units[place] -= round(self._units[place] * amount / self._left[place])
                self._left[place] -= amount

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

    def _only_parts(self, amount: Decimal) -> list[PartShare]:
        """Return the only parts, or units of an item, that make up an amount; nothing if none or several do."""
        for fitting in (
            self._whole_parts(amount, NOTHING),
            self._some_units(amount),
            self._whole_parts(amount, self._unit),
        ):
            if found := [*fitting]:
                return found[0] if len({*map(self._kind, found)}) == 1 else []
        return []

    def _whole_parts(self, amount: Decimal, slack: Decimal) -> Iterator[list[PartShare]]:
        items = sum(part.is_item for part in self._order.parts)
        for amounts in self._stated_amounts():
            for group in fitting_groups(amount, amounts, items, slack):
                yield [(place, self._left[place]) for place in group]

    def _some_units(self, amount: Decimal) -> Iterator[list[PartShare]]:
        for amounts in self._stated_amounts():
            for place, stated in enumerate(amounts):
                for number in range(1, min(self._units[place], MOST_UNITS) if stated > 0 else 0):
                    if self._of_units(place, number, stated) == amount:
                        yield [(place, self._of_units(place, number, self._left[place]))]

    def _of_units(self, place: int, number: int, amount: Decimal) -> Decimal:
        """Return the amount of some of the units of an item."""
        return Decimal(rounded(amount * number / self._units[place], self._unit))

    def _kind(self, parts: Sequence[PartShare]) -> tuple[tuple[str, Decimal], ...]:
        """Return tags and amounts of parts: equal parts replace each other."""
        labels = [part.labels["tags"] for part in self._order.parts]
        return tuple(sorted((labels[place], amount) for place, amount in parts if place is not None))

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
