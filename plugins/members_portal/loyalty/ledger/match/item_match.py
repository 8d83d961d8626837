"""Items of refunds: an item that differs from one of the order only in case, `#`, spaces or zeros is read as that one.

An unknown item of a refund is a warning: the refund is matched by its tags.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from members_portal.loyalty.ledger.ledger_note import Note
from members_portal.loyalty.ledger.match.reference_match import NORMAL

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_REFUNDS = (
    "create or replace temp table item_refund as select rowid as position, member, reference, item from ledger_line"
    " where kind = 'refund' and item is not null and broken = 0"
)
_ITEMS = (
    "create or replace temp table order_item as select distinct member, reference, item from ledger_line"
    " semi join item_refund using (member, reference) where kind = 'purchase' and item is not null"
)
_MEANT = (
    "create or replace temp table item_meant as select r.position, min(o.item) filter (is_same) as meant,"  # noqa: S608
    " count(*) filter (is_same) as items from (from item_refund anti join order_item using (member, reference, item)) r"
    " join order_item o using (member, reference)"
    f", lateral (select {NORMAL.format('o.item')} = {NORMAL.format('r.item')} as is_same) group by r.position"
)


def match_items(con: DuckDBPyConnection) -> None:
    """Give each refund with another spelling of an item of its order the item's spelling.

    The table `item_meant` of the connection keeps the refunds whose item was not found as written.
    """
    con.execute(_REFUNDS)
    if not con.execute("from item_refund limit 1").fetchone():
        con.execute("create or replace temp table item_meant (position bigint, meant varchar, items bigint)")
        return
    con.execute(_ITEMS)
    con.execute(_MEANT)
    con.execute("update ledger_line set item = meant from item_meant where ledger_line.rowid = position and items = 1")


def item_notes(con: DuckDBPyConnection) -> Iterator[Note]:
    """Yield a note for each refund with an item in another spelling, or with an unknown item."""
    for position, items in con.execute("select position, items from item_meant").fetchall():
        if items == 1:
            what = "the item differs from the order's in case, `#`, spaces or zeros"
            yield Note(position, "item", what, "the item as in the purchase")
        else:
            what = "could be several items of the order" if items else "no line of the order has this item"
            yield Note(position, "item", what, "the item of one line of the order, or none")
