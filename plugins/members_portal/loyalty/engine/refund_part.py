"""Parts of refunds: what a refund takes from each line of its order. RULES.md, "Refunds".

Orders of one line are in sql/parts.sql; this module computes the parts of all other orders.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

PARTS_PER_INSERT = 50_000
ORDER_LINES = (
    "select m, o.order_no, n, is_refund, o.minor, line.item, line.tags from order_line o join line using (n)"
    " where bought_lines > 1 order by m, o.order_no, n"
)


class OrderLine(NamedTuple):
    """A row of ORDER_LINES: a purchase or a refund of an order."""

    m: int
    order_no: int
    n: int
    is_refund: bool
    minor: int
    item: str | None
    tags: list[str]


class RefundPart(NamedTuple):
    """A row of the table `part`: the refund `n` takes `taken` from the purchase `bought` of `amount`.

    `beyond` exceeds the order. `free`: the purchase has the amount 0 and is returned with its order. `known`: the order
    has an amount. `undoes`: after the refund nothing is left of the order.
    """

    m: int
    n: int
    order_no: int
    bought: int | None
    taken: int
    beyond: int
    taken_before: int
    amount: int
    free: bool
    known: bool
    undoes: bool


PART_TYPES = ("integer", "bigint", "ubigint", *["bigint"] * 5, *["boolean"] * 3)
INSERT = f"insert into part select {', '.join(f'unnest(?::{kind}[])' for kind in PART_TYPES)}"


@dataclass(eq=False)
class BoughtLine:
    """A purchase line of an order, and the amount left of it. `returned`: a line of amount 0 that was returned."""

    line: OrderLine
    left: int
    returned: bool = False


def add_parts(con: "DuckDBPyConnection") -> None:
    """Insert into `part` the parts of the refunds of orders with several lines."""
    rows = map(OrderLine._make, con.execute(ORDER_LINES).fetchall())
    parts = chain.from_iterable(parts_of(list(own)) for _, own in groupby(rows, key=attrgetter("m", "order_no")))
    while batch := list(islice(parts, PARTS_PER_INSERT)):
        con.execute(INSERT, [list(column) for column in zip(*batch, strict=True)])


def parts_of(lines: Sequence[OrderLine]) -> Iterator[RefundPart]:
    """Yield the parts of all refunds of one order; the lines are in the order of the ledger."""
    order: list[BoughtLine] = []
    for line in lines:
        if line.is_refund:
            yield from _parts(line, order)
        else:
            order.append(BoughtLine(line, line.minor))


def _parts(refund: OrderLine, order: Sequence[BoughtLine]) -> Iterator[RefundPart]:
    """Yield the parts of one refund, and subtract them from the rests of the order's lines."""
    key = (refund.m, refund.n, refund.order_no)
    if not order:
        yield RefundPart(*key, None, 0, refund.minor, 0, 0, free=False, known=False, undoes=False)
        return
    matching = matching_lines(refund, order)
    takings, beyond = divide_refund(refund.minor, matching, [bought for bought in order if bought not in matching])
    known = any(bought.line.minor for bought in order)
    undoes = known and sum(bought.left for bought in order) == sum(taken for _, taken in takings)
    rows = [(bought, taken, 0, False) for bought, taken in takings]
    rows += [(matching[-1], 0, beyond, False)] if beyond or not rows else []
    if undoes:
        rows += [(bought, 0, 0, True) for bought in order if not bought.line.minor and not bought.returned]
    for bought, taken, over, free in rows:
        amount, before = bought.line.minor, bought.line.minor - bought.left
        yield RefundPart(*key, bought.line.n, taken, over, before, amount, free, known, undoes)
        bought.left -= taken
        bought.returned |= free


def divide_refund(
    amount: int, matching: Sequence[BoughtLine], others: Sequence[BoughtLine]
) -> tuple[list[tuple[BoughtLine, int]], int]:
    """Return the amount that a refund takes from each line, matching lines first, and the amount beyond the order."""
    takings: list[tuple[BoughtLine, int]] = []
    for group in (matching, others):
        taken = min(amount, sum(bought.left for bought in group))
        takings += [(bought, share) for bought, share in zip(group, _shares(taken, group), strict=True) if share]
        amount -= taken
    return takings, amount


def matching_lines(refund: OrderLine, order: Sequence[BoughtLine]) -> Sequence[BoughtLine]:
    """Return the lines of an order that a refund matches: by its item, else by its tags, else all."""
    same = [bought for bought in order if refund.item and bought.line.item == refund.item]
    common = [len(set(bought.line.tags) & set(refund.tags)) for bought in order]
    return same or [bought for bought, count in zip(order, common, strict=True) if count == max(common)]


def _shares(amount: int, group: Sequence[BoughtLine]) -> list[int]:
    """Divide an amount among lines in proportion to their rests; round the largest remainders up."""
    total = sum(bought.left for bought in group)
    if not total:
        return [0] * len(group)
    shares = [amount * bought.left // total for bought in group]
    rest = sorted(range(len(group)), key=lambda at: (-(amount * group[at].left % total), at))
    for at in rest[: amount - sum(shares)]:
        shares[at] += 1
    return shares
