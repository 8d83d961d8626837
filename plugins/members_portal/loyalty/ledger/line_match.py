"""Lines that belong to other lines: refunds to orders, reversals to redemptions; and the notes on all lines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from members_portal.loyalty.ledger.early_line import early_notes
from members_portal.loyalty.ledger.ledger_note import Note
from members_portal.loyalty.ledger.ledger_rule import LedgerRules
from members_portal.loyalty.ledger.match.item_match import item_notes, match_items
from members_portal.loyalty.ledger.match.order_match import match_orders, order_notes
from members_portal.loyalty.ledger.match.reversal_match import match_reversals_of, reversal_notes
from members_portal.loyalty.ledger.refund_currency import value_refunds
from members_portal.loyalty.ledger.repetition import repetition_notes
from members_portal.loyalty.ledger.tag_spelling import tag_notes
from members_portal.loyalty.programme.programme import Programme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def match_lines(con: DuckDBPyConnection, rules: LedgerRules) -> None:
    """Match refunds and reversals of `ledger_line`; mark those without a match in `broken`."""
    match_orders(con, rules.order_bits)
    match_items(con)
    match_reversals_of(con, rules.redemption_bits)
    value_refunds(con, rules.programme)


def line_notes(con: DuckDBPyConnection, programme: Programme) -> Iterator[Note]:
    """Yield the notes on lines. Call it before the lines are sorted: positions are row ids."""
    yield from order_notes(con)
    yield from item_notes(con)
    yield from reversal_notes(con)
    yield from tag_notes(con, programme)
    yield from repetition_notes(con)
    yield from early_notes(con, programme)
