"""Orders and their refunds, by RULES.md. `lines` are all lines of a member up to a day, in the order of the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from math import ceil, floor

from members_portal.loyalty.programme.programme import Programme
from tests.loyalty.account import Ledger, Line

MILLION = 10**6
KINDS = (
    *("purchase", "referral", "review", "testimonial", "survey", "event", "birthday", "given"),
    *("refund", "redemption", "taken", "reversal"),
)


def in_ledger_order(lines: Iterable[Line]) -> list[Line]:
    """Sort lines by RULES.md, "Words", and number them from 1."""
    return [replace(line, n=n) for n, line in enumerate(sorted(lines, key=place), 1)]


def place(line: Line) -> tuple[object, ...]:
    """Return the sort key of a line: its day, kind, reference, item, amount, points and tags; empty values last."""
    kind = line.kind if line.kind != "adjustment" else "given" if (line.points or 0) > 0 else "taken"
    values = (line.reference, line.item, line.minor, line.points)
    return line.day, KINDS.index(kind), *((value is None, value) for value in values), line.tags


def counted_lines(programme: Programme, joined: date, lines: Iterable[Line]) -> list[Line]:
    """Return the lines since the day of joining, and orders of earlier days if the programme says so."""
    early = ("purchase", "refund") if programme.points.before_joining else ()
    return [line for line in lines if line.day >= joined or line.kind in early]


@dataclass(frozen=True)
class Part:
    """What a refund takes from one line of its order: `taken` of its amount, and `beyond` the amount of the order.

    `before` was taken by earlier refunds. `free`: a line of amount 0, returned with the last of its order.
    """

    refund: Line
    bought: Line | None
    taken: int = 0
    beyond: int = 0
    before: int = 0
    free: bool = False

    @property
    def counts_on(self) -> date:
        """The day on which the part counts: that of the purchase."""
        return self.bought.day if self.bought else self.refund.day

    def share(self, quantity: Fraction | int) -> Fraction:
        """Return the share of a quantity of the purchase, by the change of its share rounded down to a millionth."""
        if self.free or not self.bought or not self.taken:
            return Fraction(quantity if self.free else 0)
        after, before = (
            floor(Fraction(quantity) * part * MILLION / (self.bought.minor or 0))
            for part in (self.before + self.taken, self.before)
        )
        return Fraction(after - before, MILLION)


def order(line: Line, lines: Ledger) -> list[Line]:
    """Return the purchase lines of the order of a purchase or refund."""
    if line.reference is None:
        return [line] if line.kind == "purchase" else []
    return [other for other in lines if other.kind == "purchase" and other.reference == line.reference]


def before(line: Line, lines: Ledger) -> list[Line]:
    """Return the lines before a line."""
    return [other for other in lines if other.n < line.n]


def amount(lines: Ledger) -> int:
    """Add up amounts."""
    return sum(line.minor or 0 for line in lines)


def parts_of(lines: Ledger) -> list[Part]:
    """Return the parts of all refunds."""
    found: list[Part] = []
    for line in lines:
        if line.kind == "refund":
            found += split(line, before(line, order(line, lines)), found)
    return found


def split(refund: Line, bought: Ledger, earlier: Iterable[Part]) -> list[Part]:
    """Divide a refund among the lines of its order bought before it."""
    if not bought:
        return [Part(refund, None, beyond=refund.minor or 0)]
    taken = {line.n: sum(part.taken for part in earlier if part.bought == line) for line in bought}
    matched = matching(refund, bought)
    found, rest = [], refund.minor or 0
    for group in (matched, [line for line in bought if line not in matched]):
        left = {line.n: (line.minor or 0) - taken[line.n] for line in group}
        for line, share in zip(group, divided(min(rest, sum(left.values())), list(left.values())), strict=True):
            if share:
                found.append(Part(refund, line, share, before=taken[line.n]))
                rest -= share
    if rest:
        found.append(Part(refund, matched[-1], beyond=rest, before=taken[matched[-1].n]))
    if is_undone(bought, [*earlier, *found]):
        gone = {part.bought.n for part in earlier if part.free and part.bought}
        found += [Part(refund, line, free=True) for line in bought if not line.minor and line.n not in gone]
    return found


def is_undone(bought: Ledger, parts: Iterable[Part]) -> bool:
    """Return whether refunds have taken all of an order that has an amount."""
    numbers = {line.n for line in bought}
    return 0 < amount(bought) == sum(part.taken for part in parts if part.bought and part.bought.n in numbers)


def matching(refund: Line, bought: Ledger) -> list[Line]:
    """Return the lines of the refund's item, or else those with the most of its tags."""
    same = [line for line in bought if refund.item is not None and line.item == refund.item]
    common = [len(set(line.tags) & set(refund.tags)) for line in bought]
    return same or [line for line, count in zip(bought, common, strict=True) if count == max(common)]


def divided(whole: int, left: list[int]) -> list[int]:
    """Divide an amount in proportion to what is left of each line; the largest remainders are rounded up."""
    exact = [Fraction(whole * each, sum(left)) if sum(left) else Fraction(0) for each in left]
    shares = [floor(each) for each in exact]
    largest = sorted(range(len(left)), key=lambda at: (shares[at] - exact[at], at))
    for at in largest[: whole - sum(shares)]:
        shares[at] += 1
    return shares


def taken_back(parts: Iterable[Part], refund: Line, quantities: Mapping[int, Fraction | int]) -> int:
    """Return what a refund takes back of the quantities of its order, rounded up over all refunds of the order so far.

    `quantities` are by the number of the purchase line; `parts` are those of one order.
    """
    shares = [(part.refund.n, part.share(quantities.get(part.bought.n, 0))) for part in parts if part.bought]
    now = sum((share for n, share in shares if n <= refund.n), Fraction(0))
    earlier = sum((share for n, share in shares if n < refund.n), Fraction(0))
    return ceil(now) - ceil(earlier)


def fairly(
    quantities: Mapping[int, int], exact: Mapping[int, Fraction], lines: Ledger, kept: Collection[int] = ()
) -> dict[int, Fraction | int]:
    """Divide the points of an order's purchases of one day among them, in proportion to their exact points.

    Both are by the number of the line. An order with a line in `kept` keeps its points.
    """
    found: dict[int, Fraction | int] = dict(quantities)
    for line in lines:
        if line.kind != "purchase" or line.reference is None or line.n not in quantities:
            continue
        together = [other.n for other in order(line, lines) if other.day == line.day and other.n in quantities]
        whole = sum(exact.get(n, Fraction(0)) for n in together)
        if whole and not set(together) & set(kept):
            part = sum(quantities[n] for n in together) * exact.get(line.n, Fraction(0)) / whole
            found[line.n] = Fraction(floor(part * MILLION), MILLION)
    return found


def undone_by(lines: Ledger) -> dict[int, Line]:
    """Return the redemption that each reversal undoes, by the reversal's number; `lines` are counted lines."""
    found: dict[int, Line] = {}
    for line in lines:
        if line.kind == "reversal":
            open_ones = [
                other
                for other in before(line, lines)
                if other.kind == "redemption" and other.reference == line.reference and other not in found.values()
            ]
            found |= {line.n: open_ones[-1]} if open_ones else {}
    return found
