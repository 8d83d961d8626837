"""The earning rule of a line, and its base points."""

from __future__ import annotations

import calendar
import math
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from fractions import Fraction
from functools import cache

from members_portal.loyalty.programme.earning import EarningRule, Validity
from members_portal.loyalty.programme.programme import Programme
from tests.loyalty.account import Ledger, Line
from tests.loyalty.reference_orders import amount, before, order

EARNS = frozenset({"purchase", "referral", "review", "testimonial", "survey", "event", "birthday"})
DECIMALS = {"JPY": 0, "KRW": 0, "BHD": 3, "KWD": 3}  # ISO 4217, as far as the tests go; the rest have two


def unit(programme: Programme) -> int:
    """Return the number of smallest units in one unit of the currency."""
    return int(10 ** DECIMALS.get(programme.currency, 2))


@cache
def plain(tag: str) -> str:
    """Return a tag without differences of case, Unicode form and spaces."""
    composed = unicodedata.normalize("NFC", "-".join(tag.split()))
    return composed.lower().replace("ß", "ss").replace("ς", "σ")


def common(words: tuple[str, ...], tags: tuple[str, ...]) -> bool:
    """Return whether a line has one of these tags."""
    return not {plain(word) for word in words}.isdisjoint(plain(tag) for tag in tags)


def fails(programme: Programme, rule: EarningRule, line: Line, lines: Ledger) -> str | None:
    """Return the first condition that a line fails, or None when the rule fits."""
    if not within(rule.from_, rule.until, line.day):
        return "outside period"
    if rule.tags and not common(rule.tags, line.tags):
        return "not tagged"
    if common(rule.exclude_tags, line.tags):
        return "excluded"
    so_far = [other for other in order(line, lines) if other.day <= line.day]
    if rule.minimum is not None and amount(so_far) < Fraction(rule.minimum) * unit(programme):
        return "below minimum"
    return None


def rule_for(programme: Programme, line: Line, lines: Ledger) -> tuple[int | None, str]:
    """Return the index of the rule that fits and `earned`, or None and the reason."""
    reasons = []
    for index, rule in enumerate(programme.earning):
        if rule.kind == line.kind:
            reason = fails(programme, rule, line, lines)
            if reason is None:
                return index, "earned"
            reasons.append(reason)
    return None, reasons[0] if reasons else "no rule"


def base_points(programme: Programme, rule: EarningRule, line: Line) -> Fraction:
    """Return the points of a line before multipliers, not rounded."""
    if rule.per is None:
        return Fraction(rule.points)
    return Fraction(rule.points) * Fraction(line.minor or 0, unit(programme)) / Fraction(rule.per)


def rounded(programme: Programme, points: Fraction) -> int:
    """Round points by the programme's `rounding`."""
    if programme.points.rounding.to == "up":
        return math.ceil(points)
    return math.floor(points + Fraction(1, 2) if programme.points.rounding.to == "half-up" else points)


def rounded_in_order(programme: Programme, exact: Mapping[int, Fraction], line: Line, lines: Ledger) -> int:
    """Round the points of a line; with `per: order`, those of the order up to this line, less those before it."""
    if programme.points.rounding.per == "line" or line.kind != "purchase":
        return rounded(programme, exact[line.n])
    earlier = sum((exact.get(other.n, Fraction(0)) for other in before(line, order(line, lines))), Fraction(0))
    return rounded(programme, earlier + exact[line.n]) - rounded(programme, earlier)


def within(start: date | None, end: date | None, day: date) -> bool:
    """Return whether a day is not before `start` and not after `end`."""
    return (start is None or start <= day) and (end is None or day <= end)


def last_day(valid: Validity | None, day: date) -> date | None:
    """Return the last day of points earned on a day."""
    if valid is None:
        return None
    if valid.days:
        return day + timedelta(days=valid.days)
    if valid.months:
        return months_later(day, valid.months)
    if valid.end_of == "year":
        return date(day.year + valid.after, 12, 31)
    if valid.end_of == "month":
        return months_later(day.replace(day=1), valid.after + 1) - timedelta(days=1)
    return valid.until


def months_later(day: date, months: int) -> date:
    """Return the same day of a later month, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
