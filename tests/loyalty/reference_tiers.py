"""Figures, periods, and the rung of a member."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from members_portal.loyalty.programme.programme import Programme, Tier
from members_portal.loyalty.programme.qualifying import Qualifying, Rebate
from tests.loyalty.account import Ledger, Line, Person
from tests.loyalty.reference_orders import Part, before, counted_lines, fairly, is_undone, order, parts_of, taken_back
from tests.loyalty.reference_rules import EARNS, base_points, common, rounded_in_order, rule_for, unit

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Event:
    """A figure: known from the day `seen` on, it counts on the day `counts_on`. `n` is the line's number."""

    n: int
    seen: date
    counts_on: date
    figure: int


def events(programme: Programme, lines: Ledger, counted: Ledger) -> list[Event]:
    """Return the figures of all counted lines and of their refunds, in smallest units, points or orders."""
    qualifying, parts = programme.qualifying, parts_of(lines)
    if qualifying is None:
        return []
    if qualifying.basis == "spend":
        return spend_events(qualifying, counted, parts)
    if qualifying.basis == "orders":
        return order_events(lines, counted, parts)
    return points_events(programme, qualifying, counted, parts)


def spend_events(rules: Qualifying | Rebate, counted: Ledger, parts: list[Part]) -> list[Event]:
    """Return amounts; excluded lines have none, nor has what refunds take from them."""
    bought = [line for line in counted if line.kind == "purchase" and not common(rules.exclude_tags, line.tags)]
    found = [Event(line.n, line.day, line.day, line.minor or 0) for line in bought]
    for part in parts:
        line = part.bought or part.refund
        if part.refund in counted and (
            line in bought or (not part.bought and not common(rules.exclude_tags, line.tags))
        ):
            found.append(Event(part.refund.n, part.refund.day, part.counts_on, -part.taken - part.beyond))
    return found


def order_events(lines: Ledger, counted: Ledger, parts: list[Part]) -> list[Event]:
    """Return 1 for the first line of each order, and −1 for the first refund that completes its return."""
    found: list[Event] = []
    cancelled = set()
    for line in counted:
        if line.kind == "purchase" and order(line, counted)[0] == line:
            found.append(Event(line.n, line.day, line.day, 1))
        bought = before(line, order(line, lines)) if line.kind == "refund" else []
        first = next((other for other in bought if other in counted), None)
        so_far = [part for part in parts if part.refund.n <= line.n]
        if first and line.reference not in cancelled and is_undone(bought, so_far):
            cancelled.add(line.reference)
            found.append(Event(line.n, line.day, first.day, -1))
    return found


def points_events(programme: Programme, qualifying: Qualifying, counted: Ledger, parts: list[Part]) -> list[Event]:
    """Return base points, and for refunds their share of them, rounded for each order and day of purchase."""
    exact: dict[int, Fraction] = {}
    base: dict[int, int] = {}
    for line in counted:
        rule = rule_for(programme, line, counted)[0] if line.kind in EARNS else None
        if rule is not None:
            exact[line.n] = base_points(programme, programme.earning[rule], line)
            base[line.n] = rounded_in_order(programme, exact, line, counted)
    base = {
        line.n: base[line.n] for line in counted if line.n in base and not common(qualifying.exclude_tags, line.tags)
    }
    per_order = programme.points.rounding.per == "order"
    quantities = fairly(base, exact, counted) if per_order else dict(base)
    found = [Event(line.n, line.day, line.day, base[line.n]) for line in counted if line.n in base]
    for line in counted:
        if line.kind == "refund" and line.reference is not None:
            own = [part for part in parts if part.bought and part.refund.reference == line.reference]
            for day in sorted({part.counts_on for part in own if part.refund == line}):
                back = taken_back([part for part in own if part.counts_on == day], line, quantities)
                found.append(Event(line.n, line.day, day, -back))
    return found


def rung_of(programme: Programme, total: int, day: date) -> int:
    """Return the highest rung with a `reach` not above a sum, by the ladder of a day."""
    scale = unit(programme) if programme.qualifying and programme.qualifying.basis == "spend" else 1
    return sum(total >= reach_on(tier, day) * scale for tier in programme.tiers[1:])


def reach_on(tier: Tier, day: date) -> Fraction:
    """Return the `reach` of a tier on a day."""
    begun = [entry.reach for entry in tier.reach[1:] if entry.from_ and entry.from_ <= day]
    return Fraction(begun[-1] if begun else tier.reach[0].reach) if tier.reach else Fraction(0)


class Ladders:
    """The rungs of a member on every day, as the lines up to that day tell."""

    def __init__(self, programme: Programme, person: Person, lines: Ledger) -> None:
        self.programme, self.person = programme, person
        self.counted = counted_lines(programme, person.joined, lines)
        self.events = events(programme, lines, self.counted)
        self.ends: dict[tuple[int, date], int] = {}

    def figure(self, line: Line) -> int:
        """Return the figure of a line."""
        return sum(event.figure for event in self.events if event.n == line.n)

    def rung_for_factors(self, day: date) -> int:
        """Return the rung at the start of a day; by hand only with a first day."""
        if given := self.person.by_hand(day, dated=True):
            return self.programme.ladder.index(given)
        return self.judged(day, [event for event in self.events if event.seen < day])

    def rung(self, day: date) -> int:
        """Return the rung at the end of a day."""
        if given := self.person.by_hand(day):
            return self.programme.ladder.index(given)
        return self.judged(day, [event for event in self.events if event.seen <= day])

    def judged(self, day: date, seen: list[Event]) -> int:
        """Return the rung on a day by the events seen so far."""
        qualifying = self.programme.qualifying
        if qualifying is None or day < self.person.joined:
            return 0
        if qualifying.days is not None:
            return self.rolling(qualifying, qualifying.days, day, seen)
        return self.yearly(qualifying, day, seen)

    def yearly(self, qualifying: Qualifying, day: date, seen: list[Event]) -> int:
        """Evaluate the periods from the day of joining to the day of the account."""
        begun = begun_before = 0
        first = min([self.person.joined, *(line.day for line in self.counted)])
        start = period_start(qualifying, self.person.joined, first)
        while True:
            end = period_start(qualifying, self.person.joined, start + 366 * DAY)
            own = [event for event in seen if start <= event.counts_on < end]
            days = sorted({event.counts_on for event in own})
            sums = [sum(event.figure for event in own if event.counts_on <= each) for each in days]
            rungs = [0, *(rung_of(self.programme, total, start) for total in sums)]
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

    def rolling(self, qualifying: Qualifying, days: int, day: date, seen: list[Event]) -> int:
        """Return the rung from all rungs held since the first line."""
        best = self.held(day, days, seen)
        past = self.counted[0].day if self.counted else day
        corrected = sum(event.counts_on < event.seen for event in seen)
        while past < day:
            if (corrected, past) not in self.ends:
                self.ends[corrected, past] = self.held(past, days, seen)
            ago = (day - past).days
            steps = max(0, -((qualifying.grace_days - ago) // days))  # how many whole windows ago, after the grace
            if steps == 0 or qualifying.downgrade == "none":
                best = max(best, self.ends[corrected, past])
            elif qualifying.downgrade == "one-step":
                best = max(best, self.ends[corrected, past] - steps)
            past += DAY
        return best

    def held(self, day: date, days: int, seen: list[Event]) -> int:
        """Return the highest rung that the sum of the last days reaches."""
        first = day - (days - 1) * DAY
        return rung_of(self.programme, sum(event.figure for event in seen if first <= event.counts_on <= day), day)


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
