"""Refunds from an export of transactions.

Transactions state what the customer got back, with tax and tips. Where an order's purchases are less than its total, a
refund counts in proportion.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Row
from members_portal.source.shop.export_file import ExportFile, decimal_in, site_day_of, text_of
from members_portal.source.shop.export_notes import ExportNotes, NoteKind
from members_portal.source.shop.mapping import RefundColumns, Shop
from members_portal.source.shop.order_line import ShopLine, ShopOrder, rounded, unit_of


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
        given_back: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
        for row in sorted(self._rows(problems), key=lambda row: text_of(row, self.columns.date)):
            reference = text_of(row, self.columns.reference)
            if reference not in orders:
                self.notes.add(row, self.columns.reference, _without_order(orders_name))
            elif (order := orders[reference]) and (amount := self._counted_amount(row, order, given_back)):
                yield self._line(row, order, amount)

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

    def _counted_amount(self, row: Row, order: ShopOrder, given_back: dict[tuple[str, str], Decimal]) -> str:
        """Return the amount of a refund in proportion to the order's purchases; empty if nothing of it counts.

        Shares are of the sum so far (`given_back`, by order and currency): a whole refund in parts is the whole order.
        """
        text = text_of(row, self.columns.amount).removeprefix("-")
        amount, share = decimal_in(text), order.counted_share
        if amount is None or share == 1:
            return text
        currency = text_of(row, self.columns.currency)
        place, unit = (text_of(row, self.columns.reference), currency), unit_of(currency)
        before, given_back[place] = given_back[place], given_back[place] + amount
        counted = Decimal(rounded(given_back[place] * share, unit)) - Decimal(rounded(before * share, unit))
        return f"{counted:f}" if counted or not amount else ""

    def _line(self, row: Row, order: ShopOrder, amount: str) -> ShopLine:
        columns = self.columns
        texts = {
            "date": site_day_of(text_of(row, columns.date), self.zone),
            "member": order.member,
            "kind": "refund",
            "amount": amount,
            "currency": text_of(row, columns.currency),
            "reference": text_of(row, columns.reference),
        }
        places = {"date": columns.date, "amount": columns.amount, "currency": columns.currency}
        filled = {name: text for name, text in texts.items() if text}
        return ShopLine(filled, row, {**places, "reference": columns.reference})


def _without_order(orders: str) -> NoteKind:
    return NoteKind("refund", "left out: no such order", f"orders that are in {orders}")


def _counts(row: Row, column: str | None, words: Iterable[str]) -> bool:
    return column is None or text_of(row, column).lower() in words
