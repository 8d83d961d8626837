"""Orders of refunds: each refund is of an order that its member bought.

A reference that differs from the member's purchase only in case, `#`, spaces or leading zeros is read as the
purchase's. A refund of any other order is an error. More given back than was bought is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from members_portal.loyalty.ledger.ledger_note import Note
from members_portal.loyalty.ledger.match.reference_match import NORMAL, match_references

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FORM = NORMAL.format("reference")
_REFUNDS = (
    "create or replace temp table order_refund as select rowid as position, member, day, reference, minor"
    " from ledger_line where kind = 'refund' and reference is not null and broken = 0"
)
_BOUGHT = (
    "create or replace temp table order_bought as select member, reference, sum(minor) as bought, min(day) as first"
    " from ledger_line semi join order_refund using (member, reference) where kind = 'purchase'"
    " group by member, reference"
)
_STRAY = (
    f"select position, member, reference, {_FORM} as form"  # noqa: S608 - constants
    " from order_refund anti join order_bought using (member, reference)"
)
_KNOWN = (
    f"select distinct member, reference, {_FORM} as form from ledger_line"  # noqa: S608
    " where kind = 'purchase' and reference is not null"
)
_OVER = (
    "select position, day < first as early, total - minor >= bought as again from ("
    " select position, minor, day, first, bought, sum(minor) over ("
    " partition by member, reference order by day, position) as total"
    " from order_refund join order_bought using (member, reference)) where total > bought or day < first"
)


def match_orders(con: DuckDBPyConnection, bits: Mapping[str, int]) -> None:
    """Match the refunds of `ledger_line` with purchases; mark a refund without an order by a bit in `broken`.

    `bits` maps UNKNOWN, OTHERS and UNCLEAR to a bit. The tables `order_…` of the connection keep the result.
    """
    con.execute(_REFUNDS)
    con.execute(_BOUGHT)
    if match_references(con, "order", _STRAY, _KNOWN, bits, _FORM):
        con.execute(_REFUNDS)
        con.execute(_BOUGHT)


def order_notes(con: DuckDBPyConnection) -> Iterator[Note]:
    """Yield a note for each refund whose reference was read as another, and for each that exceeds its order."""
    for (position,) in con.execute("select position from order_meant").fetchall():
        what = "the reference differs from the order's in case, `#`, spaces or zeros"
        yield Note(position, "reference", what, "the reference as in the purchase")
    con.execute(_REFUNDS)  # their amounts in the programme's currency are known by now
    for position, early, again in con.execute(_OVER).fetchall():
        if early:
            yield Note(position, "date", "the refund is dated before its purchase", "the purchase's day or later")
        elif again:
            yield Note(position, "amount", "the order was already given back in full", "one refund of an order")
        else:
            yield Note(position, "amount", "more is given back than was bought", "at most the rest of the order")
