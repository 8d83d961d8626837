"""Ledger lines from the rows of one order: a purchase for each item, for postage and for fees."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.located_yaml import Mark, normal_key
from members_portal.loyalty.input.table_columns import Row
from members_portal.loyalty.programme.currency import currency_digits, is_or_was_currency
from members_portal.source.shop.export_file import decimal_in, joined_texts, site_day_of, text_of
from members_portal.source.shop.export_row import ExportRow
from members_portal.source.shop.mapping import OrderColumns, Shop
from members_portal.source.shop.refund_match import NOTHING

POSTAGE, FEE = "postage", "fee"  # the tags of lines for postage and fees
OF_AN_ITEM = frozenset({"amount", "item", "tags"})  # other values are those of the order
MOST_DECIMALS = 2  # of an amount without a currency
WHOLE_ORDER = Decimal(1)


@dataclass(frozen=True)
class ShopLine:
    """A ledger line: its texts, the row of the export, and the export's column of each text.

    `order` is the row with the values of the whole order, None if it is `row`.
    """

    texts: Mapping[str, str]
    row: Row
    columns: Mapping[str, str | None]
    order: Row | None = None

    def as_row(self) -> ExportRow:
        """Return the line as a row of the ledger with its places in the export."""
        return ExportRow(self.row.file, self.texts, self.row.line, self.mark, self.columns)

    def mark(self, column: str) -> Mark:
        """Return the place of a text in the export."""
        row = self.row if column in OF_AN_ITEM else self.order or self.row
        return row.mark(normal_key(self.columns.get(column) or ""))


@dataclass(frozen=True)
class OrderPart:
    """A part of an order: an item, the postage or the fees. `labels` are the texts of item and tags.

    `units` is the number of equal units of an item.
    """

    row: Row
    amount: str
    labels: Mapping[str, str]
    is_item: bool = True
    units: int = 1

    @property
    def paid(self) -> Decimal:
        """The amount; 0 for a text that is no number."""
        return decimal_in(self.amount) or NOTHING


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

    def purchases(self) -> Iterator[ShopLine]:
        """Yield a line for each part."""
        for part in self.parts:
            yield self.line("purchase", part.row, part.amount, part.labels)

    @cached_property
    def parts(self) -> list[OrderPart]:
        """The items, then postage and fees."""
        items = zip(self._items, self._amounts, strict=True)
        found = [OrderPart(row, amount, self._item(row), units=self._units(row)) for row, amount in items]
        extras = ((self.rounded(paid), self._extra(tag)) for tag, paid in self._extras.items())
        return [*found, *(OrderPart(self.rows[0], amount, labels, is_item=False) for amount, labels in extras)]

    def _units(self, row: Row) -> int:
        """Return the quantity of an item; 1 without a whole number above 0."""
        quantity = decimal_in(text_of(row, self.columns.quantity)) or NOTHING
        return int(quantity) if quantity > 0 and quantity % 1 == 0 else 1

    @cached_property
    def _items(self) -> list[Row]:
        """The rows with an item."""
        columns = self.columns
        return [row for row in self.rows if joined_texts(row, (*columns.total, columns.price or ""), "")]

    @cached_property
    def _extras(self) -> dict[str, Decimal]:
        """What was paid for postage and fees, by tag."""
        sums = {POSTAGE: self._sum(self.rows[0], self.columns.postage) or NOTHING, FEE: self._fee}
        whole = {tag: Decimal(self.rounded(amount)) for tag, amount in sums.items()}
        return {tag: amount for tag, amount in whole.items() if amount > 0}

    @property
    def _fee(self) -> Decimal:
        """The sum of the fees; below 0 it is a discount."""
        return self._sum(self.rows[0], self.columns.fees) or NOTHING

    @cached_property
    def counted_share(self) -> Decimal:
        """The purchases as a share of the order's total, which may also hold tax added at checkout, duties, tips."""
        total, bought = self.total, self.bought
        return min(bought / total, WHOLE_ORDER) if total > 0 and bought > 0 else WHOLE_ORDER

    @cached_property
    def bought(self) -> Decimal:
        """The sum of the purchases."""
        return sum((part.paid for part in self.parts), NOTHING)

    @property
    def total(self) -> Decimal:
        """The total that the export states; 0 without one."""
        return decimal_in(text_of(self.rows[0], self.columns.order_total)) or NOTHING

    def line(
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

    def _extra(self, tag: str) -> dict[str, str]:
        return {"item": tag, "tags": self._tags(tag)}

    @cached_property
    def _amounts(self) -> list[str]:
        """The amount of each item; a text that is no number stays, so that it is reported."""
        items = self._items
        gross = [self._gross(row) for row in items]
        known = [amount for amount in gross if amount is not None]
        paid = decimal_in(text_of(self.rows[0], self.columns.subtotal))
        if paid is None and self._fee < 0:
            paid = max(sum(known, NOTHING) + self._fee, NOTHING)
        if paid is not None and len(known) == len(gross) and sum(known) > 0:
            return shares(paid, known, self.unit)
        pairs = zip(items, gross, strict=True)
        return [self._raw(row) if amount is None else self.rounded(amount) for row, amount in pairs]

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
    def unit(self) -> Decimal:
        return unit_of(text_of(self.rows[0], self.columns.currency))

    def rounded(self, amount: Decimal) -> str:
        return rounded(amount, self.unit)


def unit_of(currency: str) -> Decimal:
    """Return the smallest unit of a currency; of an unknown one, that of most currencies."""
    return Decimal(1).scaleb(-(currency_digits(currency) if is_or_was_currency(currency) else MOST_DECIMALS))


def rounded(amount: Decimal, unit: Decimal) -> str:
    """Return an amount in whole units, rounded half up."""
    return f"{amount.quantize(unit, ROUND_HALF_UP):f}"


def shares(total: Decimal, weights: Sequence[Decimal], unit: Decimal) -> list[str]:
    """Divide a total in proportion to weights; the units that are left go to the largest remainders."""
    exact = [total * weight / sum(weights) for weight in weights]
    parts = [share // unit * unit for share in exact]
    left = int((total - sum(parts)) / unit)
    by_remainder = sorted(range(len(exact)), key=lambda index: parts[index] - exact[index])
    for index in by_remainder[:left]:
        parts[index] += unit
    return [f"{part.quantize(unit):f}" for part in parts]
