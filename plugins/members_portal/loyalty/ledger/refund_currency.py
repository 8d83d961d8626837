"""Refunds in another currency than the programme's: what each is worth. RULES.md, "Refunds in another currency".

A refund in the currency of its order has the exchange rate of the returned lines; a later rate does not change it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from members_portal.loyalty.engine.expression import cases, quoted
from members_portal.loyalty.engine.refund_part import BoughtLine, OrderLine, divide_refund, matching_lines
from members_portal.loyalty.ledger.line_order import LINE_ORDER
from members_portal.loyalty.ledger.tag_set import TAGGED_LINES
from members_portal.loyalty.programme.currency import currency_digits
from members_portal.loyalty.programme.dated import in_force
from members_portal.loyalty.programme.programme import Programme

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FOREIGN_ORDERS = (
    "create or replace temp table foreign_order as select distinct member, reference from ledger_line"
    " where kind = 'refund' and currency is not null and reference is not null and broken = 0"
)
_LINES = (
    "select member, reference, position, kind = 'refund', day, minor, currency, coalesce(original, minor), item, tags"  # noqa: S608
    f" from {TAGGED_LINES} semi join foreign_order using (member, reference)"
    f" where kind in ('purchase', 'refund') and broken = 0 order by reference, {LINE_ORDER}, original"
)
_VALUED = (
    "update ledger_line set minor = worth from (select unnest(?::bigint[]) as position, unnest(?::bigint[]) as worth)"
    " where ledger_line.rowid = position"
)


class OriginalLine(NamedTuple):
    """A purchase or refund of an order; `original` is the amount in the smallest unit of `currency`.

    `currency` is None for the programme's own.
    """

    member: str
    reference: str
    position: int
    is_refund: bool
    day: date
    minor: int
    currency: str | None
    original: int
    item: str | None
    tags: list[str]


class _Bought(NamedTuple):
    """A purchase line, and the rest of it in the programme's currency and in its own."""

    line: OriginalLine
    own: BoughtLine
    original: BoughtLine


def original_columns(programme: Programme) -> str:
    """Return the columns `currency` and `original` of a typed line; both are null in the programme's own currency.

    Without exchange rates there are no such columns.
    """
    if not programme.exchange_rates:
        return ""
    units = [
        (f"currency = {quoted(word)}", f"try_cast(amount * {10 ** currency_digits(word)} as bigint)")
        for word in programme.exchange_rates
    ]
    return f", nullif(currency, {quoted(programme.currency)}) as currency, {cases(units)} as original"


def value_refunds(con: DuckDBPyConnection, programme: Programme) -> None:
    """Convert the amount of each refund in another currency to the programme's currency."""
    if not programme.exchange_rates:
        return
    con.execute(_FOREIGN_ORDERS)
    lines = map(OriginalLine._make, con.execute(_LINES).fetchall())
    orders = groupby(lines, key=lambda line: (line.member, line.reference))
    worth = [each for _, order in orders for each in refund_values(list(order), programme)]
    if worth:
        con.execute(_VALUED, [list(column) for column in zip(*worth, strict=True)])


def refund_values(order: Sequence[OriginalLine], programme: Programme) -> Iterator[tuple[int, int]]:
    """Yield position and worth of each refund of an order; the lines are in the order of the ledger."""
    bought: list[_Bought] = []
    for line in order:
        if not line.is_refund:
            amounts = (_order_line(line, line.minor), _order_line(line, line.original))
            bought.append(_Bought(line, *(BoughtLine(each, each.minor) for each in amounts)))
        elif bought:
            worth = _worth(line, bought, programme) if line.currency else line.minor
            yield line.position, worth
            _subtract(line, worth, bought)


def _worth(refund: OriginalLine, bought: Sequence[_Bought], programme: Programme) -> int:
    """Return what a refund is worth: the rests that it takes, and the part beyond the order."""
    day = bought[0].line.day
    if not _in_one_currency(refund, bought):
        return _converted(refund, refund.original, day, programme)
    worth, left = 0, refund.original
    for group in _groups(refund, bought):
        own, original = sum(each.own.left for each in group), sum(each.original.left for each in group)
        taken = min(left, original)
        worth += own if taken == original else _half_up(own * taken, original)
        left -= taken
    return worth + _converted(refund, left, day, programme)


def _subtract(refund: OriginalLine, worth: int, bought: Sequence[_Bought]) -> None:
    """Subtract a refund from the rests of the lines of its order, in both currencies."""
    matching, others = _groups(refund, bought)
    for line, taken in divide_refund(worth, [each.own for each in matching], [each.own for each in others])[0]:
        line.left -= taken
    if _in_one_currency(refund, bought):
        originals = [each.original for each in matching], [each.original for each in others]
        for line, taken in divide_refund(refund.original, *originals)[0]:
            line.left -= taken
        return
    for each in bought:
        if each.line.minor:
            each.original.left = _half_up(each.line.original * each.own.left, each.line.minor)


def _in_one_currency(refund: OriginalLine, bought: Sequence[_Bought]) -> bool:
    return all(each.line.currency == refund.currency for each in bought)


def _groups(refund: OriginalLine, bought: Sequence[_Bought]) -> tuple[list[_Bought], list[_Bought]]:
    """Return the lines that match a refund, and the others."""
    matching = matching_lines(_order_line(refund, refund.minor), [each.own for each in bought])
    return [each for each in bought if each.own in matching], [each for each in bought if each.own not in matching]


def _order_line(line: OriginalLine, amount: int) -> OrderLine:
    return OrderLine(0, 0, line.position, line.is_refund, amount, line.item, line.tags)


def _converted(refund: OriginalLine, original: int, day: date, programme: Programme) -> int:
    """Return a part of a refund by the exchange rate of a day."""
    if refund.currency is None:
        return original
    rate = in_force(programme.exchange_rates[refund.currency], day).rate
    exact = original * rate * Decimal(10) ** (currency_digits(programme.currency) - currency_digits(refund.currency))
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def _half_up(number: int, by: int) -> int:
    return (2 * number + by) // (2 * by)
