"""Lines before the first day of a dated value: the first exchange rate or `reach` also holds for them.

Without a rate or threshold of their own, a list that begins later than the ledger changes the past.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from members_portal.loyalty.engine.expression import day_literal, quoted
from members_portal.loyalty.ledger.ledger_note import Note
from members_portal.loyalty.programme.programme import Programme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def early_notes(con: DuckDBPyConnection, programme: Programme) -> Iterator[Note]:
    """Yield a note on the first line before each list of dated values."""
    for word, rates in programme.exchange_rates.items():
        if first := rates[0].from_:
            where = f"currency = {quoted(word)} and day < {day_literal(first)}"
            yield from _note(con, where, "currency", f"the exchange rates of {word} begin on {first}", "rate")
    for tier in programme.tiers:
        if tier.reach and (first := tier.reach[0].from_):
            where = f"day < {day_literal(first)}"
            yield from _note(con, where, "date", f"`reach` of the tier `{tier.key}` begins on {first}", "reach")


def _note(con: DuckDBPyConnection, where: str, column: str, what: str, value: str) -> Iterator[Note]:
    query = f"select arg_min(rowid, (day, rowid)), count(*) from ledger_line where {where}"  # noqa: S608 - days and quoted words
    position, lines = con.execute(query).fetchone() or (None, 0)
    if position is not None:
        earlier = "this line" if lines == 1 else f"this line and {lines - 1} other line{'s' if lines > 2 else ''}"
        expected = f"the {value} of that time first, or the first {value} without `from`"
        yield Note(position, column, f"{what} in programme.yaml, after {earlier}", expected)
