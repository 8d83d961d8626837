"""Ledger lines from the rows of one order: a purchase for each item, its postage, and what was refunded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.located_yaml import Mark, normal_key
from members_portal.loyalty.input.table_columns import Row
from members_portal.loyalty.programme.currency import currency_digits, is_currency
from members_portal.source.shop.export_file import decimal_in, joined_texts, site_day_of, text_of
from members_portal.source.shop.mapping import OrderColumns, Shop

POSTAGE = "postage"  # the tag of postage lines
REFUND_ENTRY = re.compile(r"(?:^|\|)(date|amount):([^|]*)")
NOTHING = Decimal(0)
OF_AN_ITEM = frozenset({"amount", "item", "tags"})  # other values are those of the order
MOST_DECIMALS = 2  # of an amount without a currency


@dataclass(frozen=True)
class ShopLine:
    """A ledger line: its texts, the row of the export, and the export's column of each text.

    `order` is the row with the values of the whole order, None if it is `row`.
    """

    texts: Mapping[str, str]
    row: Row
    columns: Mapping[str, str | None]
    order: Row | None = None

    def mark(self, column: str) -> Mark:
        """Return the place of a text in the export."""
        row = self.row if column in OF_AN_ITEM else self.order or self.row
        return row.mark(normal_key(self.columns.get(column) or ""))


@dataclass(frozen=True)
class ShopOrder:
    """The rows of one order of a member."""

    shop: Shop
    rows: Sequence[Row]
    member: str
    zone: ZoneInfo | None

    @property
    def columns(self) -> OrderColumns:
        return self.shop.columns.orders

    @property
    def day(self) -> str:
        return site_day_of(text_of(self.rows[0], self.columns.date), self.zone)

    def lines(self, *, with_refunds: bool) -> Iterator[ShopLine]:
        """Yield the purchases and, unless another export has them, the refunds."""
        first, columns = self.rows[0], self.columns
        items = [row for row in self.rows if joined_texts(row, (*columns.total, columns.price or ""), "")]
        amounts = self._amounts(items)
        for row, amount in zip(items, amounts, strict=True):
            yield self._line("purchase", row, amount, self._item(row))
        postage = self._sum(first, columns.postage)
        if postage:
            yield self._line("purchase", first, self._rounded(postage), {"item": POSTAGE, "tags": self._tags(POSTAGE)})
        if with_refunds:
            yield from self._refunds(items, amounts, postage or NOTHING)

    def _line(
        self, kind: str, row: Row, amount: str, more: Mapping[str, str], day: str = "", column: str | None = None
    ) -> ShopLine:
        columns, first = self.columns, self.rows[0]
        texts = {"date": day or self.day, "member": self.member, "kind": kind, "amount": amount}
        texts |= {"currency": text_of(first, columns.currency), "reference": text_of(first, columns.reference), **more}
        amount_column = column or next(iter(columns.total), columns.price)
        places = {"date": columns.date, "amount": amount_column, "currency": columns.currency}
        filled = {name: text for name, text in texts.items() if text}
        return ShopLine(filled, row, {**places, "reference": columns.reference, "member": columns.email}, first)

    def _item(self, row: Row) -> dict[str, str]:
        code = text_of(row, self.columns.item)
        return {"item": code, "tags": self._tags(*self.shop.tags_of(code))}

    def _tags(self, *more: str) -> str:
        """Return the order's tags, which the shop separates by commas, and others, as words."""
        own = text_of(self.rows[0], self.columns.tags).split(",")
        return " ".join(filter(None, ("-".join(tag.lower().split()) for tag in (*own, *more))))

    def _amounts(self, items: Sequence[Row]) -> list[str]:
        """Return the amount of each item; a text that is no number stays, so that it is reported."""
        gross = [self._gross(row) for row in items]
        subtotal = decimal_in(text_of(self.rows[0], self.columns.subtotal))
        known = [amount for amount in gross if amount is not None]
        if subtotal is not None and len(known) == len(gross) and sum(known) > 0:
            return shares(subtotal, known, self._unit)
        pairs = zip(items, gross, strict=True)
        return [self._raw(row) if amount is None else self._rounded(amount) for row, amount in pairs]

    def _gross(self, row: Row) -> Decimal | None:
        columns = self.columns
        if columns.total:
            return self._sum(row, columns.total)
        price, quantity = decimal_in(text_of(row, columns.price)), decimal_in(text_of(row, columns.quantity) or "1")
        discount = decimal_in(text_of(row, columns.discount) or "0")
        return None if price is None or quantity is None or discount is None else price * quantity - discount

    def _raw(self, row: Row) -> str:
        return joined_texts(row, self.columns.total or (self.columns.price or "",), " ")

    @staticmethod
    def _sum(row: Row, columns: Sequence[str]) -> Decimal | None:
        """Return the sum of columns; None without a number."""
        parts = [decimal_in(text) for column in columns if (text := text_of(row, column))]
        known = [part for part in parts if part is not None]
        return sum(known, NOTHING) if known and len(known) == len(parts) else None

    @property
    def _unit(self) -> Decimal:
        """The smallest unit of the order's currency."""
        currency = text_of(self.rows[0], self.columns.currency)
        return Decimal(1).scaleb(-(currency_digits(currency) if is_currency(currency) else MOST_DECIMALS))

    def _rounded(self, amount: Decimal) -> str:
        return f"{amount.quantize(self._unit, ROUND_HALF_UP):f}"

    def _refunds(self, items: Sequence[Row], amounts: Sequence[str], postage: Decimal) -> Iterator[ShopLine]:
        """Yield a refund for each refunded item, and one for the rest."""
        columns, first = self.columns, self.rows[0]
        entries = refund_entries(text_of(first, columns.refunds))
        day = max((site_day_of(entry.get("date", ""), self.zone) for entry in entries), default="")
        rest = decimal_in(text_of(first, columns.refunded)) or NOTHING
        for row, amount in zip(items, amounts, strict=True):
            if refunded := self._refunded(row, amount):
                yield self._line("refund", row, refunded, self._item(row), day, columns.item_refunded)
                rest -= Decimal(refunded)
        if rest > 0:
            more = {"item": POSTAGE, "tags": self._tags(POSTAGE)} if columns.item_refunded and rest <= postage else {}
            yield self._line("refund", first, self._rounded(rest), more, day, columns.refunded)

    def _refunded(self, row: Row, amount: str) -> str:
        """Return the refund of an item with tax; empty without one. The export states it without tax."""
        net = decimal_in(text_of(row, next(iter(self.columns.total), None)))
        refunded = decimal_in(text_of(row, self.columns.item_refunded))
        paid = decimal_in(amount)
        if not refunded or not net or paid is None:
            return ""
        return self._rounded(abs(refunded) * paid / net)


def refund_entries(text: str) -> list[dict[str, str]]:
    """Return date and amount of each refund in a text such as `id:7|date:2026-03-09|amount:10.00;id:8|…`."""
    return [dict(REFUND_ENTRY.findall(entry)) for entry in text.split(";") if entry]


def shares(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[str]:
    """Divide a total in proportion to weights; the units that are left go to the largest remainders."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [share // unit * unit for share in exact]
    left = int((total - sum(parts)) / unit)
    by_remainder = sorted(range(len(exact)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[:left]:
        parts[index] += unit
    return [f"{part.quantize(unit):f}" for part in parts]
