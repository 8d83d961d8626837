"""Figures, periods, and the rung of a member."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from itertools import accumulate

from members_portal.loyalty.programme.programme import Programme
from members_portal.loyalty.programme.qualifying import Qualifying, Rebate
from tests.loyalty.account import Ledger, Line, Person
from tests.loyalty.reference_orders import amount, before, order, refunds, taken_back
from tests.loyalty.reference_rules import EARNS, base_points, common, rounded, rule_for, unit

DAY = timedelta(days=1)


def figures(programme: Programme, lines: Ledger) -> dict[int, int]:
    """Return the figure of each line: in smallest units, points or orders."""
    if programme.qualifying is None:
        return {line.n: 0 for line in lines}
    if programme.qualifying.basis == "spend":
        return {line.n: spend_figure(programme.qualifying, line) for line in lines}
    if programme.qualifying.basis == "orders":
        return order_figures(lines)
    return points_figures(programme, programme.qualifying, lines)


def spend_figure(rules: Qualifying | Rebate, line: Line) -> int:
    """Return the spend of a line; 0 when its tags are excluded."""
    sign = {"purchase": 1, "refund": -1}.get(line.kind, 0)
    return 0 if common(rules.exclude_tags, line.tags) else sign * (line.minor or 0)


def order_figures(lines: Ledger) -> dict[int, int]:
    """Return 1 for the first line of each order, and −1 for the refund that completes its return."""
    found: dict[int, int] = {}
    cancelled = set()
    for line in lines:
        found[line.n] = 0
        if line.kind == "purchase" and order(line, lines)[0].n == line.n:
            found[line.n] = 1
        elif line.kind == "refund" and line.reference not in cancelled:
            bought = amount(before(line, order(line, lines)))
            if 0 < bought <= amount(refunds(line, lines)):
                cancelled.add(line.reference)
                found[line.n] = -1
    return found


def points_figures(programme: Programme, qualifying: Qualifying, lines: Ledger) -> dict[int, int]:
    """Return base points, and for refunds the negative share of them."""
    found: dict[int, int] = {}
    for line in lines:
        excluded = common(qualifying.exclude_tags, line.tags)
        found[line.n] = 0 if excluded else points_figure(programme, line, lines, found)
    return found


def points_figure(programme: Programme, line: Line, lines: Ledger, found: Mapping[int, int]) -> int:
    """Return the figure of a line that is not excluded, given the lines before it."""
    if line.kind == "refund":
        return -(taken_back(line, lines, found) or 0)
    if line.kind not in EARNS:
        return 0
    rule, _ = rule_for(programme, line, lines)
    return 0 if rule is None else rounded(programme, base_points(programme, programme.earning[rule], line))


def rung_of(programme: Programme, total: int) -> int:
    """Return the highest rung with a `reach` not above a sum."""
    scale = unit(programme) if programme.qualifying and programme.qualifying.basis == "spend" else 1
    return sum(total >= Fraction(reach) * scale for reach in programme.reaches)


class Ladder:
    """The rungs of a member, from all counted lines up to the day of the account."""

    def __init__(self, programme: Programme, person: Person, lines: Ledger) -> None:
        self.programme, self.person, self.lines = programme, person, lines
        self.figures: Mapping[int, int] = figures(programme, lines)
        self.ends: dict[date, int] = {}

    def rung(self, day: date, seen: Ledger) -> int:
        """Return the rung on a day after the lines seen so far."""
        fixed, until = self.person.tier, self.person.tier_until
        if fixed is not None and (until is None or day <= until):
            return self.programme.ladder.index(fixed)
        qualifying = self.programme.qualifying
        if qualifying is None or day < self.person.joined:
            return 0
        if qualifying.days is not None:
            return self.rolling(qualifying, qualifying.days, day, seen)
        return self.yearly(qualifying, day, seen)

    def yearly(self, qualifying: Qualifying, day: date, seen: Ledger) -> int:
        """Evaluate the periods from the day of joining to the day of the account."""
        begun = begun_before = 0
        start = period_start(qualifying, self.person.joined, self.person.joined)
        while True:
            end = period_start(qualifying, self.person.joined, start + 366 * DAY)
            sums = accumulate(self.figures[line.n] for line in seen if start <= line.day < end)
            rungs = [0, *(rung_of(self.programme, total) for total in sums)]
            reached = max(rungs) if qualifying.downgrade == "none" else rungs[-1]
            if day < end:
                kept = begun_before if (day - start).days < qualifying.grace_days else 0
                return max(begun, reached, kept)
            begun_before, start = begun, end
            if qualifying.downgrade == "by-balance":
                begun = reached
            elif qualifying.downgrade == "one-step":
                begun = max(reached, begun - 1, 0)
            else:
                begun = max(begun, reached)

    def rolling(self, qualifying: Qualifying, days: int, day: date, seen: Ledger) -> int:
        """Return the rung from all rungs held since the first line."""
        best = self.held(day, days, seen)
        past = self.lines[0].day if self.lines else day
        while past < day:
            if past not in self.ends:
                self.ends[past] = self.held_after(past, days, qualifying.downgrade == "none")
            ago = (day - past).days
            steps = max(0, -((qualifying.grace_days - ago) // days))  # how many whole windows ago, after the grace
            if steps == 0 or qualifying.downgrade == "none":
                best = max(best, self.ends[past])
            elif qualifying.downgrade == "one-step":
                best = max(best, self.ends[past] - steps)
            past += DAY
        if qualifying.downgrade == "none":
            best = max(best, self.peak(day, days, seen))
        return best

    def held(self, day: date, days: int, seen: Ledger) -> int:
        """Return the highest rung that the sum of the last days reaches."""
        first = day - (days - 1) * DAY
        return rung_of(self.programme, sum(self.figures[line.n] for line in seen if first <= line.day <= day))

    def held_after(self, day: date, days: int, at_any_line: bool) -> int:
        """Return the highest rung held at the end of a past day, or at any moment of it."""
        return self.peak(day, days, self.lines) if at_any_line else self.held(day, days, self.lines)

    def peak(self, day: date, days: int, seen: Ledger) -> int:
        """Return the highest rung held on a day before its first line or after any of those seen."""
        earlier = [line for line in seen if line.day < day]
        today = [line for line in seen if line.day == day]
        return max(self.held(day, days, [*earlier, *today[:count]]) for count in range(len(today) + 1))


def period_start(rules: Qualifying | Rebate, joined: date, day: date) -> date:
    """Return the first day of the period year around a day."""
    month, number = (joined.month, joined.day) if rules.period == "anniversary" else rules.starts
    this_year = day_of_year(day.year, month, number)
    return this_year if this_year <= day else day_of_year(day.year - 1, month, number)


def day_of_year(year: int, month: int, number: int) -> date:
    """Return a day of a year; 29 February is the 28th in common years."""
    try:
        return date(year, month, number)
    except ValueError:
        return date(year, month, number - 1)
