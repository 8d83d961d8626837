"""The independent reference: RULES.md as slow, plain code, one day after the other, in integers and fractions.

It imports nothing of the engine.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.qualifying import Rebate
from tests.loyalty.account import Account, Ledger, Person, Rebated
from tests.loyalty.reference_lots import book
from tests.loyalty.reference_orders import counted_lines, in_ledger_order, parts_of
from tests.loyalty.reference_points import entries
from tests.loyalty.reference_rules import unit
from tests.loyalty.reference_tiers import Ladders, period_start, spend_events


def account(programme: Programme, lines: Ledger, person: Person, *, on: date) -> Account:
    """Return a member's points and rung on a day; later lines are ignored. The lines may be in any order."""
    seen = [line for line in in_ledger_order(lines) if line.day <= on]
    counted = counted_lines(programme, person.joined, seen)
    found = entries(programme, person, seen)
    by_line = {entry.n: entry for entry in found}
    kept = book(counted, [by_line[line.n] for line in counted], parts_of(seen), on)
    return Account(
        entries=tuple(replace(entry, points=entry.points + kept.had_expired.get(entry.n, 0)) for entry in found),
        lots=tuple(kept.lots()),
        owed=kept.owed,
        pending=sum(lot.left for lot in kept.lots() if lot.available > on),
        active=sum(lot.left for lot in kept.lots() if lot.available <= on) - kept.owed,
        earned=sum(lot.points for lot in kept.lots()),
        spent=kept.spent,
        returned=kept.returned,
        taken=kept.taken,
        expired=kept.expired,
        rung=Ladders(programme, person, seen).rung(on),
    )


def rebate(programme: Programme, lines: Ledger, joined: date, *, on: date) -> Rebated:
    """Return the spend in the rebate's period up to a day, and the rebate on it."""
    rules = programme.rebate
    if rules is None:
        return Rebated(Decimal(0), Decimal(0))
    seen = [line for line in in_ledger_order(lines) if line.day <= on]
    counted = counted_lines(programme, joined, seen)
    found, start = spend_events(rules, counted, parts_of(seen)), period_start(rules, joined, on)
    spend = max(0, sum(event.figure for event in found if event.counts_on >= start))
    scale = unit(programme)
    given = math.floor(whole(rules, spend, scale) if rules.of == "whole" else parts(rules, spend, scale))
    return Rebated(Decimal(spend) / scale, Decimal(given) / scale)


def whole(rules: Rebate, spend: int, scale: int) -> Fraction:
    """Return the percentage of the last band reached, on the whole spend."""
    percents = [Fraction(band.percent) for band in rules.bands if spend >= Fraction(band.from_) * scale]
    return spend * percents[-1] / 100 if percents else Fraction(0)


def parts(rules: Rebate, spend: int, scale: int) -> Fraction:
    """Return each band's percentage, on the part of the spend in it."""
    starts = [Fraction(band.from_) * scale for band in rules.bands]
    ends = [*starts[1:], max(Fraction(spend), starts[-1])]
    given = Fraction(0)
    for band, start, end in zip(rules.bands, starts, ends, strict=True):
        within = min(Fraction(spend), end) - start
        given += Fraction(band.percent) / 100 * max(Fraction(0), within)
    return given
