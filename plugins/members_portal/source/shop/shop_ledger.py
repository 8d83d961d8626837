"""The ledger of a shop: the orders and refunds of members, and the lines of ledger.csv.

A till's list is booked into ledger.csv, so that redemptions have a place beside the exports.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.email_address import address_key
from members_portal.loyalty.input.located_yaml import normal_key
from members_portal.loyalty.input.problem import LEFT_OUT, Problem, check_regular
from members_portal.loyalty.input.table_columns import Header, RawRow, Row
from members_portal.loyalty.ledger.ledger_rule import LEDGER_COLUMNS, LEDGER_REQUIRED
from members_portal.loyalty.ledger.relation import Relation
from members_portal.loyalty.member.member_table import QUOTABLE_CELL
from members_portal.loyalty.period import YEARS
from members_portal.source.folder import BOOKED
from members_portal.source.shop.customer_table import customer_export, is_nameless
from members_portal.source.shop.export_file import ExportFile, decimal_in, is_day, joined_texts, text_of
from members_portal.source.shop.export_notes import ExportNotes, NoteKind
from members_portal.source.shop.mapping import OrderColumns, Shop, status_form
from members_portal.source.shop.order_line import ShopLine, ShopOrder
from members_portal.source.shop.order_number import number_problems
from members_portal.source.shop.order_refund import order_refunds
from members_portal.source.shop.refund_table import RefundTable

LAST_DAY = date.max.replace(year=YEARS[-1]).isoformat()  # later than each order
CANCELLED = NoteKind("order", "cancelled without a refund", degree=LEFT_OUT)
COLUMNS = tuple(column for column in LEDGER_COLUMNS if column != "note")


@dataclass(frozen=True)
class ShopLedger:
    """The ledger of a shop. Orders of customers who are no members have no lines; `notes` counts them.

    `own_members` are the ids of a members file beside the exports.
    """

    shop: Shop
    zone: ZoneInfo | None
    own_members: Collection[str] = ()
    notes: ExportNotes = field(default_factory=ExportNotes)

    @property
    def name(self) -> str:
        return self.orders.table.name

    @property
    def header(self) -> Header:
        dropped = () if self.shop.is_ready_made else self.orders.table.header.dropped
        return Header({column: place for place, column in enumerate(COLUMNS)}, dropped)

    @cached_property
    def orders(self) -> ExportFile:
        """The orders' export."""
        columns = self.shop.columns.orders
        needed = (columns.reference, columns.date, *columns.total, *filter(None, (columns.price,)))
        path = self.shop.folder / (self.shop.record.orders or "")
        return ExportFile(path, tuple(_order_columns(columns)), needed)

    @contextmanager
    def relation(self) -> Iterator[Relation | None]:
        """Return None: Python combines the rows."""
        yield None

    def raw_rows(self, problems: list[Problem]) -> Iterator[RawRow]:
        """Yield the lines, numbered from 0."""
        lines = self._lines[0]
        problems += self._lines[1]
        for number, line in enumerate(lines):
            yield RawRow(number, [line.texts.get(column) for column in COLUMNS])

    def row(self, raw: RawRow) -> Row:
        return self._lines[0][raw.number].as_row()

    def first_orders(self) -> dict[str, str]:
        """Return the day of the first order by member id; the ledger reports invalid days."""
        first: dict[str, str] = {}
        for line in self._lines[0]:
            member, day = line.texts.get("member", ""), line.texts.get("date", "")
            first[member] = min(first.get(member, LAST_DAY), day if is_day(day) else LAST_DAY)
        return first

    @cached_property
    def _lines(self) -> tuple[list[ShopLine], list[Problem]]:
        problems: list[Problem] = []
        refunds = self._refund_table
        refunded = refunds.references() if refunds else None
        orders = self._member_orders(_Members(self.shop, self.own_members), refunded, problems)
        counted = [order for order in orders.values() if order]
        problems += number_problems((order.rows for order in counted), self.shop.columns.orders)
        lines = [line for order in counted for line in order.purchases()]
        if refunds is None:
            lines += (line for order in counted for line in order_refunds(order, self.notes))
        else:
            lines += refunds.lines(orders, self.name, problems)
        return [*lines, *self._booked(problems)], problems

    @property
    def _refund_table(self) -> RefundTable | None:
        """The export of transactions."""
        columns = self.shop.columns.refunds
        return RefundTable(self.shop, columns, self.zone, self.notes) if columns and self.shop.record.refunds else None

    def _booked(self, problems: list[Problem]) -> Iterator[ShopLine]:
        """Yield the lines of ledger.csv, if there is one."""
        if not (file := self.shop.folder / BOOKED).exists():
            return
        check_regular(file)
        table = CsvTable(file, LEDGER_COLUMNS, LEDGER_REQUIRED)
        for row in map(table.row, table.raw_rows(problems)):
            yield ShopLine(row.texts, row, {column: column for column in COLUMNS})

    def _member_orders(
        self, members: _Members, refunded: Collection[str] | None, problems: list[Problem]
    ) -> dict[str, ShopOrder | None]:
        """Return the orders by reference; None for an order that does not count or is not of a member.

        `refunded` are the orders in the export of transactions, None without it.
        """
        columns, found = self.shop.columns.orders, dict[str, ShopOrder | None]()
        for reference, own in self._rows_by_order(columns.reference, problems).items():
            member = members.of(own[0], columns)
            if not member:
                self.notes.add(own[0], columns.customer or columns.email, self._of_no_member)
            counts = bool(member) and self._counts(own[0]) and not self._is_void(own[0], refunded)
            found[reference] = ShopOrder(self.shop, own, member, self.zone) if counts else None
        return found

    @property
    def _of_no_member(self) -> NoteKind:
        customers = customer_export(self.shop).table.name
        return NoteKind("order", f"of customers who are no members in {customers}", degree=LEFT_OUT)

    def _counts(self, row: Row) -> bool:
        """Return whether an order of a member counts by its status; note it otherwise."""
        column = self.shop.columns.orders.status
        if column is None:
            return True
        status = text_of(row, column)
        counts = self.shop.counts(status)
        if not counts:
            self.notes.add(row, column, _status_note(status, is_known=counts is not None))
        return bool(counts)

    def _is_void(self, row: Row, refunded: Collection[str] | None) -> bool:
        """Return whether an order was cancelled and has no refund; note it.

        With a refund its purchase counts, and the refund takes it back on a day of its own.
        """
        columns = self.shop.columns.orders
        if not text_of(row, columns.cancelled):
            return False
        if refunded is None:
            is_void = not decimal_in(text_of(row, columns.refunded))
        else:
            is_void = text_of(row, columns.reference) not in refunded
        if is_void:
            self.notes.add(row, columns.cancelled, CANCELLED)
        return is_void

    def _rows_by_order(self, column: str, problems: list[Problem]) -> dict[str, list[Row]]:
        """Return the rows of each order, in the order of the export."""
        found: dict[str, list[Row]] = {}
        for row in self.orders.rows(problems):
            if reference := text_of(row, column):
                found.setdefault(reference, []).append(row)
            else:
                problems.append(row.problem(normal_key(column), "a row without an order", f"a text in `{column}`"))
        return found


def _order_columns(columns: OrderColumns) -> Iterator[str]:
    names = set(columns.__class__.model_fields) - {"counted", "not_counted"}
    for value in (getattr(columns, name) for name in sorted(names)):
        yield from (value,) if isinstance(value, str) else value or ()


def _status_note(status: str, *, is_known: bool) -> NoteKind:
    form = status_form(status)
    named = f" `{form}`" if QUOTABLE_CELL.fullmatch(form) else ""
    if is_known:
        return NoteKind("order", f"with the status{named}", degree=LEFT_OUT)
    expected = "this status in `counted` or `not counted` of shop.yaml"
    return NoteKind("order", f"not counted: {f'unknown status{named}' if form else 'no status'}", expected)


class _Members:
    """The customers' ids, by id and by e-mail address; without customers who have no name."""

    def __init__(self, shop: Shop, own_members: Collection[str]) -> None:
        columns, self.by_id, self.by_email = shop.columns.customers, set[str](), dict[str, str]()
        for row in customer_export(shop).rows([]):
            found = joined_texts(row, columns.id, " ")
            if is_nameless(row, columns) and found not in own_members:
                continue
            self.by_id.add(found)
            self.by_email[address_key(joined_texts(row, columns.email, " "))] = found

    def of(self, row: Row, columns: OrderColumns) -> str:
        """Return the member of an order; empty for other customers."""
        if columns.customer:
            customer = text_of(row, columns.customer)
            return customer if customer in self.by_id else ""
        email = text_of(row, columns.email)
        return self.by_email.get(address_key(email), "") if email else ""
