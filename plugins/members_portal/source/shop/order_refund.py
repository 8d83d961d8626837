"""Refunds that the export of orders states: by item and by day, or one sum for each order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from members_portal.source.shop.export_file import decimal_in, site_day_of, text_of
from members_portal.source.shop.export_notes import ExportNotes, NoteKind
from members_portal.source.shop.order_line import OrderPart, ShopLine, ShopOrder, rounded
from members_portal.source.shop.order_rest import OrderRest
from members_portal.source.shop.refund_match import NOTHING, PartShare, match_refunds

REFUND_ENTRY = re.compile(r"(?:^|\|)(date|amount):([^|]*)")


def order_refunds(order: ShopOrder, notes: ExportNotes) -> Iterator[ShopLine]:
    """Yield a line for each part of the order that a refund gave back."""
    found = [*(_by_item(order) if order.columns.item_refunded else _by_order(order, notes))]
    for day, (place, amount) in found:
        yield _refund_line(order, place, order.rounded(amount), day)
    if not all(day for day, _ in found):
        notes.add(order.rows[0], order.columns.refunded, _without_day(order))


def _without_day(order: ShopOrder) -> NoteKind:
    expected = f"days in the column `{order.columns.refunds}`"
    if order.shop.columns.refunds:
        expected = "an export of transactions as `refunds` in shop.yaml"
    return NoteKind("order", "with a refund without a day: it counts on the day of the order", expected)


def _by_item(order: ShopOrder) -> Iterator[tuple[str, PartShare]]:
    """Yield day and part of each refund of an export that states the refunded amount of each item."""
    items = [_refunded(order, part) for part in order.parts if part.is_item]
    refunded = _refunded_in_all(order) * order.counted_share
    total = max(Decimal(order.rounded(refunded)), sum(items, NOTHING))
    days, amounts = _refund_days(order, total)
    extras = [part.paid for part in order.parts if not part.is_item]
    for day, shared in zip(days, match_refunds(amounts, items, extras, order.unit), strict=True):
        yield from ((day, share) for share in shared)


def _by_order(order: ShopOrder, notes: ExportNotes) -> Iterator[tuple[str, PartShare]]:
    """Yield day and part of each refund of an export that states no refunded items."""
    rest = OrderRest(order, notes)
    days, amounts = _refund_days(order, abs(_refunded_in_all(order)))
    for day, amount in zip(days, amounts, strict=True):
        yield from ((day, share) for share in rest.refund(amount, order.rows[0], order.columns.refunded))


def _refunded_in_all(order: ShopOrder) -> Decimal:
    return decimal_in(text_of(order.rows[0], order.columns.refunded)) or NOTHING


def _refund_days(order: ShopOrder, total: Decimal) -> tuple[list[str], list[Decimal]]:
    """Return day and amount of each refund, by day; the last one has what is left of the total."""
    if not total:
        return [], []
    entries = refund_entries(text_of(order.rows[0], order.columns.refunds))
    dated = sorted((entry.get("date", ""), decimal_in(entry.get("amount", "")) or NOTHING) for entry in entries)
    days = [site_day_of(moment, order.zone) for moment, _ in dated]
    earlier = [Decimal(order.rounded(abs(amount))) for _, amount in dated[:-1]]
    return days or [""], [*earlier, max(total - sum(earlier, NOTHING), NOTHING)]


def _refund_line(order: ShopOrder, place: int | None, amount: str, day: str) -> ShopLine:
    """Return the refund of an item, of postage or fees, or of the whole order."""
    part = None if place is None else order.parts[place]
    column = order.columns.item_refunded if part and part.is_item else None
    row, labels = (part.row, part.labels) if part else (order.rows[0], {})
    return order.line("refund", row, amount, labels, day, column or order.columns.refunded)


def _refunded(order: ShopOrder, part: OrderPart) -> Decimal:
    """Return the refund of an item with tax. The export states it without tax."""
    columns = order.columns
    net = decimal_in(text_of(part.row, next(iter(columns.total), None)))
    refunded = decimal_in(text_of(part.row, columns.item_refunded))
    if not refunded or not net or decimal_in(part.amount) is None:
        return NOTHING
    return Decimal(rounded(abs(refunded) * part.paid / net, order.unit))


def refund_entries(text: str) -> list[dict[str, str]]:
    """Return date and amount of each refund in a text such as `id:7|date:2026-03-09|amount:10.00;id:8|…`."""
    return [dict(REFUND_ENTRY.findall(entry)) for entry in text.split(";") if entry]
