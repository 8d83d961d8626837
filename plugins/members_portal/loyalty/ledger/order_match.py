"""Orders of refunds: each refund is of an order that its member bought.

A reference that differs from the member's purchase only in case, `#`, spaces or leading zeros is read as the
purchase's. A refund of any other order is an error. More given back than was bought is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from members_portal.loyalty.ledger.ledger_note import Note

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNKNOWN, OTHERS, UNCLEAR = "unknown", "of another member", "unclear"  # why a refund has no order
REASONS = (UNKNOWN, OTHERS, UNCLEAR)

# Normal form of a reference, inner first: case and Unicode form; `#` and spaces; a number from a spreadsheet; zeros.
NORMAL = (
    "regexp_replace(regexp_replace(regexp_replace(lower(nfc_normalize({})), '[#\\s]', '', 'g'), '[.]0+$', ''),"
    " '(^|[^0-9])0+([0-9])', '\\1\\2', 'g')"
)
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
    "create or replace temp table order_stray as select position, member, reference,"  # noqa: S608 - constants
    f" {NORMAL.format('reference')} as form"
    " from order_refund anti join order_bought using (member, reference)"
)
_FORMS = (
    "create or replace temp table order_form as"  # noqa: S608 - constants
    f" select distinct member, reference, {NORMAL.format('reference')} as form from ledger_line"
    " where kind = 'purchase' and reference is not null"
)
_MEANT = (
    "create or replace temp table order_meant as"
    " select s.position, s.reference as written, min(o.reference) as meant, count(*) as orders"
    " from order_stray s join order_form o using (member, form) group by s.position, s.reference"
)
_UNMATCHED = (
    f"select position, case when orders > 1 then '{UNCLEAR}'"  # noqa: S608 - constants
    f" when form in (select form from order_form) then '{OTHERS}' else '{UNKNOWN}' end"
    " from order_stray left join order_meant using (position) where orders is null or orders > 1"
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
    con.execute(_STRAY)
    if not con.execute("from order_stray limit 1").fetchone():
        con.execute("create or replace temp table order_meant (position bigint, written varchar, orders bigint)")
        return
    con.execute(_FORMS)
    con.execute(_MEANT)
    for reason, bit in bits.items():
        which = f"(select position from ({_UNMATCHED}) found(position, reason) where reason = '{reason}')"  # noqa: S608
        con.execute(f"update ledger_line set broken = broken + {bit} where rowid in {which}")  # noqa: S608
    con.execute(
        "update ledger_line set reference = meant from order_meant where ledger_line.rowid = position and orders = 1"
    )
    con.execute(_REFUNDS)
    con.execute(_BOUGHT)


def order_notes(con: DuckDBPyConnection) -> Iterator[Note]:
    """Yield a note for each refund whose reference was read as another, and for each that exceeds its order."""
    for (position,) in con.execute("select position from order_meant where orders = 1").fetchall():
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
