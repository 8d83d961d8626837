"""Texts of an order that are no numbers. The ledger reports those of the items' amounts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from members_portal.loyalty.input.located_yaml import normal_key
from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Row
from members_portal.source.shop.export_file import decimal_in, text_of
from members_portal.source.shop.mapping import OrderColumns


def number_problems(orders: Iterable[Sequence[Row]], columns: OrderColumns) -> Iterator[Problem]:
    """Yield a problem for each column with a text that is no number, at the first of its rows."""
    of_items = [*filter(None, (columns.quantity, columns.discount, columns.item_refunded))]
    of_orders = [columns.subtotal, *columns.postage, *columns.fees, columns.order_total, columns.refunded]
    wrong: dict[str, list[Row]] = defaultdict(list)
    for rows in orders:
        cells = [(rows[0], column) for column in of_orders if column]
        for row, column in (*cells, *((row, column) for row in rows for column in of_items)):
            if (text := text_of(row, column)) and decimal_in(text) is None:
                wrong[column].append(row)
    for column, found in wrong.items():
        others = f" here and in {len(found) - 1} other line{'s' if len(found) > 2 else ''}" if found[1:] else ""
        what = f"`{column}`: the value doesn't fit{others}"
        yield found[0].problem(normal_key(column), what, "a number such as 12.50")
