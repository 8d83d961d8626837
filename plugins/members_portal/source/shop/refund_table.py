"""Refunds from an export of transactions.

Transactions state what the customer got back, with tax and tips, and name no items.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Row
from members_portal.source.shop.export_file import ExportFile, decimal_in, site_day_of, text_of
from members_portal.source.shop.export_notes import ExportNotes, NoteKind
from members_portal.source.shop.mapping import RefundColumns, Shop
from members_portal.source.shop.order_line import ShopLine, ShopOrder
from members_portal.source.shop.order_rest import OrderRest

OrderShare = tuple[Mapping[str, str], str]  # the labels of a part of an order, and an amount


@dataclass(frozen=True)
class RefundTable:
    """The export of transactions, of which the refunds are read."""

    shop: Shop
    columns: RefundColumns
    zone: ZoneInfo | None
    notes: ExportNotes

    def lines(
        self, orders: Mapping[str, ShopOrder | None], orders_name: str, problems: list[Problem]
    ) -> Iterator[ShopLine]:
        """Yield a line for each refund of an order that counts; `orders` is None for any other order."""
        rests: dict[tuple[str, str], OrderRest] = {}
        for row in sorted(self._rows(problems), key=lambda row: text_of(row, self.columns.date)):
            reference = text_of(row, self.columns.reference)
            if reference not in orders:
                self.notes.add(row, self.columns.reference, _without_order(orders_name))
            elif order := orders[reference]:
                for labels, amount in self._parts(row, order, rests):
                    yield self._line(row, order, amount, labels)

    def references(self) -> frozenset[str]:
        """Return the orders that have refunds."""
        return frozenset(text_of(row, self.columns.reference) for row in self._rows([]))

    def _rows(self, problems: list[Problem]) -> Iterator[Row]:
        columns = self.columns
        names = (getattr(columns, name) for name in columns.__class__.model_fields)
        file = ExportFile(
            self.shop.folder / (self.shop.record.refunds or ""),
            tuple(name for name in names if isinstance(name, str)),
            (columns.reference, columns.date, columns.amount),
        )
        for row in file.rows(problems):
            if _counts(row, columns.kind, columns.kinds) and _counts(row, columns.status, columns.counted):
                yield row

    def _parts(self, row: Row, order: ShopOrder, rests: dict[tuple[str, str], OrderRest]) -> Iterator[OrderShare]:
        """Yield labels and amount of each part that a refund gave back; `rests` are by order and currency."""
        columns = self.columns
        text, currency = text_of(row, columns.amount).removeprefix("-"), text_of(row, columns.currency)
        if (amount := decimal_in(text)) is None:
            yield {}, text
            return
        place = text_of(row, columns.reference), currency
        rest = rests.setdefault(place, OrderRest(order, self.notes, currency))
        for part, counted in rest.refund(amount, row, columns.amount):
            yield {} if part is None else order.parts[part].labels, f"{counted:f}"

    def _line(self, row: Row, order: ShopOrder, amount: str, labels: Mapping[str, str]) -> ShopLine:
        columns = self.columns
        texts = {
            "date": site_day_of(text_of(row, columns.date), self.zone),
            "member": order.member,
            "kind": "refund",
            "amount": amount,
            "currency": text_of(row, columns.currency),
            "reference": text_of(row, columns.reference),
            **labels,
        }
        places = {"date": columns.date, "amount": columns.amount, "currency": columns.currency}
        filled = {name: text for name, text in texts.items() if text}
        return ShopLine(filled, row, {**places, "reference": columns.reference})


def _without_order(orders: str) -> NoteKind:
    return NoteKind("refund", "not counted: no such order", f"orders that are in {orders}")


def _counts(row: Row, column: str | None, words: Iterable[str]) -> bool:
    return column is None or text_of(row, column).lower() in words
