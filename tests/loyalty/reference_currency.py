"""Amounts in the programme's currency, by RULES.md, "Amount" and "Refunds in another currency"."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.loyalty.account import Line
from tests.loyalty.reference_orders import divided, matching, place
from tests.loyalty.reference_rules import DECIMALS

Rates = Mapping[str, Sequence[tuple[date | None, str]]]  # by currency: the first day of each rate, and the rate


@dataclass(frozen=True)
class Priced:
    """A line; its `minor` is in the smallest unit of `currency`."""

    line: Line
    currency: str


@dataclass
class Remains:
    """A purchase line and the rest of it: `own` in the programme's currency, `original` in its own."""

    priced: Priced
    line: Line
    own: int
    original: int


def half_up(exact: Fraction) -> int:
    return math.floor(exact + Fraction(1, 2))


def in_currency(lines: Sequence[Priced], own: str, rates: Rates) -> list[Line]:
    """Return the lines of one member with amounts in the currency `own`, in the order of the arguments."""
    by_day = [
        replace(each.line, minor=exchanged(each, each.line.minor or 0, each.line.day, own, rates)) for each in lines
    ]
    found = list(by_day)
    orders = {line.reference for line in by_day if line.kind == "refund" and line.reference}
    for reference in orders:
        at = [n for n, line in enumerate(by_day) if line.reference == reference and line.kind in ("purchase", "refund")]
        bought: list[Remains] = []
        for n in sorted(at, key=lambda n: (place(by_day[n]), lines[n].line.minor)):
            line, priced = by_day[n], lines[n]
            if line.kind == "purchase":
                bought.append(Remains(priced, line, line.minor or 0, priced.line.minor or 0))
            elif bought:
                if priced.currency != own:
                    found[n] = replace(line, minor=worth(priced, bought, own, rates))
                subtract(found[n], priced, bought)
    return found


def exchanged(priced: Priced, amount: int, day: date, own: str, rates: Rates) -> int:
    """Convert an amount by the rate of a day."""
    if priced.currency == own:
        return amount
    first, *later = rates[priced.currency]
    rate = next((rate for since, rate in reversed(later) if since and since <= day), first[1])
    scales = Fraction(10 ** DECIMALS.get(own, 2), 10 ** DECIMALS.get(priced.currency, 2))
    return half_up(amount * Fraction(rate) * scales)


def groups(refund: Line, bought: list[Remains]) -> list[list[Remains]]:
    """Return the lines that match a refund, and the others."""
    own = matching(refund, [each.line for each in bought])
    return [[each for each in bought if each.line in own], [each for each in bought if each.line not in own]]


def worth(refund: Priced, bought: list[Remains], own: str, rates: Rates) -> int:
    """Return what a refund in another currency is worth."""
    day, rest, total = bought[0].line.day, refund.line.minor or 0, 0
    if {each.priced.currency for each in bought} == {refund.currency}:
        for group in groups(refund.line, bought):
            original = sum(each.original for each in group)
            taken = min(rest, original)
            share = Fraction(taken, original) if taken < original else Fraction(1)
            total += half_up(share * sum(each.own for each in group))
            rest -= taken
    return total + exchanged(refund, rest, day, own, rates)


def subtract(refund: Line, priced: Priced, bought: list[Remains]) -> None:
    """Subtract a refund from the rests of its order."""
    rest, rest_original = refund.minor or 0, priced.line.minor or 0
    same = {each.priced.currency for each in bought} == {priced.currency}
    for group in groups(refund, bought):
        taken, left = min(rest, sum(each.own for each in group)), [each.own for each in group]
        for each, share in zip(group, divided(taken, left), strict=True):
            each.own -= share
        rest -= taken
        taken, left = min(rest_original, sum(each.original for each in group)), [each.original for each in group]
        for each, share in zip(group, divided(taken, left), strict=True):
            each.original -= share if same else 0
        rest_original -= taken
    for each in bought:
        if not same and each.line.minor:
            each.original = half_up(Fraction((each.priced.line.minor or 0) * each.own, each.line.minor))
