"""The points that each line earns, spends or takes back, and the reason."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from members_portal.loyalty.programme.earning import Cap, Multiplier
from members_portal.loyalty.programme.programme import Programme
from tests.loyalty.account import Entry, Ledger, Line, Person
from tests.loyalty.reference_orders import Part, amount, before, fairly, order, parts_of, taken_back, undone_by
from tests.loyalty.reference_rules import EARNS, base_points, common, last_day, rounded_in_order, rule_for, within
from tests.loyalty.reference_tiers import Ladders


def entries(programme: Programme, person: Person, lines: Ledger) -> list[Entry]:
    """Evaluate all lines up to the day of the account, in their order."""
    ladders, parts = Ladders(programme, person, lines), parts_of(lines)
    counted = ladders.counted
    known = {line.n for line in lines if line.kind == "refund" and amount(bought_by(line, lines))}
    done: list[Entry] = []
    for line in lines:
        rung = ladders.rung_for_factors(line.day)
        if line in counted:
            entry = acted(programme, line, counted, parts, done, rung=rung, figure=ladders.figure(line))
            done.append(
                replace(entry, reason="no purchase") if line.kind == "refund" and line.n not in known else entry
            )
        else:
            done.append(Entry(line.n, 0, "before joining", rung=rung))
    return done


def bought_by(refund: Line, lines: Ledger) -> list[Line]:
    """Return the lines of the order of a refund that are before it."""
    return before(refund, order(refund, lines))


def acted(
    programme: Programme, line: Line, lines: Ledger, parts: list[Part], done: list[Entry], *, rung: int, figure: int
) -> Entry:
    """Return the effect of a counted line."""
    if line.kind in EARNS:
        return earning(programme, line, lines, parts, done, rung=rung, figure=figure)
    if line.kind == "adjustment" and (line.points or 0) > 0:
        last = last_day(programme.points.valid, line.day)
        return Entry(line.n, line.points or 0, "given", available=line.day, last=last, rung=rung, figure=figure)
    if line.kind == "adjustment":
        return Entry(line.n, line.points or 0, "taken", rung=rung, figure=figure)
    if line.kind == "redemption":
        return Entry(line.n, -(line.points or 0), "spent", rung=rung, figure=figure)
    if line.kind == "reversal":
        redeemed = undone_by(lines).get(line.n)
        reason = "undone" if redeemed else "no redemption"
        return Entry(line.n, (redeemed.points or 0) if redeemed else 0, reason, rung=rung, figure=figure)
    own = [part for part in parts if line.reference is not None and part.refund.reference == line.reference]
    back = taken_back(own, line, for_refunds(programme, lines, done))
    return Entry(line.n, -back, "returned", rung=rung, figure=figure)


def for_refunds(programme: Programme, lines: Ledger, done: list[Entry]) -> dict[int, Fraction | int]:
    """Return the points of each purchase line in which its refunds share."""
    points = {entry.n: entry.points for entry in done}
    if programme.points.rounding.per == "line":
        return dict(points)
    exact = {entry.n: exact_points(programme, entry, lines) for entry in done if entry.rule is not None}
    return fairly(points, exact, lines, [entry.n for entry in done if entry.reason == "capped"])


def earning(
    programme: Programme, line: Line, lines: Ledger, parts: list[Part], done: list[Entry], *, rung: int, figure: int
) -> Entry:
    """Return the points of a line by the first rule that fits."""
    index, reason = rule_for(programme, line, lines)
    by = factor(programme, line, programme.ladder[rung])
    if index is None:
        return Entry(line.n, 0, reason, factor=by, rung=rung, figure=figure)
    rule = programme.earning[index]
    exact = {entry.n: exact_points(programme, entry, lines) for entry in done if entry.rule is not None}
    exact[line.n] = base_points(programme, rule, line) * by
    points = uncapped = rounded_in_order(programme, exact, line, lines)
    if rule.cap:
        points = min(uncapped, rule.cap.points - in_span(rule.cap, index, line, lines, parts, done))
    reason = "capped" if points < uncapped else "earned"
    if points == 0:
        return Entry(line.n, 0, reason, index, by, rung=rung, figure=figure)
    pending = programme.points.pending_days if rule.pending_days is None else rule.pending_days
    available, last = line.day + timedelta(days=pending), last_day(rule.valid or programme.points.valid, line.day)
    return Entry(line.n, points, reason, index, by, available, last, rung, figure)


def exact_points(programme: Programme, entry: Entry, lines: Ledger) -> Fraction:
    """Return the points of a line before rounding and cap."""
    (line,) = [line for line in lines if line.n == entry.n]
    return base_points(programme, programme.earning[entry.rule or 0], line) * entry.factor


def factor(programme: Programme, line: Line, tier: str) -> Fraction:
    """Return the factor of a line."""
    holding = [Fraction(rule.factor) for rule in programme.multipliers if holds(programme, rule, line, tier)]
    if programme.points.combine == "best":
        return max(holding, default=Fraction(1))
    return 1 + sum((found - 1 for found in holding), Fraction(0))


def holds(programme: Programme, rule: Multiplier, line: Line, tier: str) -> bool:
    """Return whether all conditions of a multiplier hold."""
    return (
        line.kind in rule.kinds
        and (not rule.tags or common(rule.tags, line.tags))
        and tier in programme.tiers_meant(rule.tiers)
        and within(rule.from_, rule.until, line.day)
    )


def in_span(cap: Cap, rule: int, line: Line, lines: Ledger, parts: list[Part], done: list[Entry]) -> int:
    """Return the points of a rule so far in the same day, week, month, year, or ever, without returned points."""
    days = {other.n: other.day for other in lines}
    span = span_of(cap, line.day)
    same = [entry for entry in done if entry.rule == rule and span_of(cap, days[entry.n]) == span]
    return sum(entry.points - returned(entry, line, parts) for entry in same)


def returned(entry: Entry, line: Line, parts: list[Part]) -> int:
    """Return the points of a purchase line that refunds before another line have taken back, rounded down."""
    own = [part for part in parts if part.bought and part.bought.n == entry.n and part.refund.n < line.n]
    return math.floor(sum((part.share(entry.points) for part in own), Fraction(0)))


def span_of(cap: Cap, day: date) -> date | None:
    """Return the first day of a cap's span around a day."""
    starts = {
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "year": day.replace(month=1, day=1),
    }
    return starts.get(cap.per)
