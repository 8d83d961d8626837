"""The programme's rules as SQL expressions over a line, for the files in sql/.

Only numbers, dates and quoted words of programme.yaml get into them.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from members_portal.loyalty.programme.earning import Cap, EarningRule, Multiplier, Rounding, Validity
from members_portal.loyalty.programme.programme import Programme

REASONS = ("before joining", "no rule", "outside period", "not tagged", "excluded", "below minimum")
WHOLE = 10_000  # factors are counted in ten-thousandths
MOST_NARROW = 100  # a numerator with which amounts and factors stay within 64 bits (beyond them DuckDB refuses)
SPANS = {"ever": "date '0001-01-01'"}  # others are DuckDB's own names


def quoted(word: str) -> str:
    """Write a word as an SQL literal."""
    return "'" + word.replace("'", "''") + "'"


def day_literal(day: date) -> str:
    """Write a day as an SQL literal."""
    return f"date '{day.isoformat()}'"


def any_tag(words: Iterable[str]) -> str:
    """Say that a line has one of these tags."""
    listed = ", ".join(quoted(word) for word in words)
    return f"list_has_any(tags, [{listed}])" if listed else "false"


def cases(pairs: Iterable[tuple[str, object]], otherwise: object = "null") -> str:
    """Write `case when … then … else … end`; without pairs, what else there is."""
    whens = " ".join(f"when {condition} then {value}" for condition, value in pairs)
    return f"case {whens} else {otherwise} end" if whens else str(otherwise)


def within(first: date | None, last: date | None) -> str:
    """Say that a line's day lies between two days, both included."""
    bounds = ([f"day >= {day_literal(first)}"] if first else []) + ([f"day <= {day_literal(last)}"] if last else [])
    return " and ".join(bounds) or "true"


class Expressions:
    """The expressions that one programme puts into the SQL files; `digits` are its currency's decimals."""

    def __init__(self, programme: Programme, digits: int) -> None:
        self.programme, self.digits = programme, digits

    def minor(self, money: Decimal) -> int:
        """Return money in the currency's smallest unit, rounded up: a sum reaches it or doesn't."""
        return ceil(money * Decimal(10) ** self.digits)

    def order_amount(self) -> str:
        """Sum an order up to a line's day, if any rule asks for it."""
        if not any(rule.minimum for rule in self.programme.earning):
            return "minor"
        whole = "sum(minor) filter (where kind = 'purchase') over (partition by m, reference order by day)"
        return f"case when reference is null then minor else {whole} end"

    def rule(self) -> str:
        """Find the first rule that fits."""
        return cases((" and ".join(self._conditions(rule)), n) for n, rule in enumerate(self.programme.earning))

    def nothing(self) -> str:
        """Say why no rule fits: the first condition that the first rule of the kind fails."""
        first: dict[str, EarningRule] = {}
        for rule in self.programme.earning:
            first.setdefault(rule.kind, rule)
        names = REASONS[2:]
        known = [
            (f"kind = {quoted(kind)} and not ({condition})", quoted(name))
            for kind, rule in first.items()
            for condition, name in zip(self._conditions(rule)[1:], names, strict=True)
        ]
        return cases([("rule is not null", "null"), ("kind = 'early'", quoted(REASONS[0])), *known], quoted(REASONS[1]))

    def _conditions(self, rule: EarningRule) -> list[str]:
        return [
            f"kind = {quoted(rule.kind)}",
            within(rule.from_, rule.until),
            any_tag(rule.tags) if rule.tags else "true",
            f"not {any_tag(rule.exclude_tags)}" if rule.exclude_tags else "true",
            f"order_amount >= {self.minor(rule.minimum)}" if rule.minimum else "true",
        ]

    def uncounted(self) -> str:
        """Say that a line doesn't count towards a tier."""
        return any_tag(self.programme.qualifying.exclude_tags if self.programme.qualifying else ())

    def base_points(self) -> str:
        """Round a line's points before factor and cap, where tiers are reached by points."""
        if not self.programme.qualifying or self.programme.qualifying.basis != "points":
            return "0"
        return self._by_rule(lambda rule: self._points(rule, 1, 1))

    def would_earn(self) -> str:
        """Round a line's points with its factor, before the cap."""
        return self._by_rule(lambda rule: self._points(rule, "factor", WHOLE))

    def _by_rule(self, value: Callable[[EarningRule], str]) -> str:
        return cases(((f"rule = {n}", value(rule)) for n, rule in enumerate(self.programme.earning)), 0)

    def _points(self, rule: EarningRule, factor: str | int, whole: int) -> str:
        """Write points × amount ÷ per × factor, exactly, rounded once."""
        each = Fraction(rule.points)
        if rule.per:
            each /= Fraction(rule.per) * 10**self.digits
        wide = "hugeint" if each.numerator > MOST_NARROW else "bigint"
        amount = f"minor::{wide}" if rule.per else f"1::{wide}"
        rounding = self.programme.points.rounding
        return _divided(f"{amount} * {each.numerator} * {factor}", each.denominator * whole, rounding)

    def boosts(self) -> str:
        """Note which multipliers a line meets, one bit each, as far as the line alone can tell."""
        met = (f"({self._met(rule)})::ubigint * {1 << n}" for n, rule in enumerate(self.programme.multipliers))
        return " + ".join(met) or "0"

    def _met(self, rule: Multiplier) -> str:
        parts = [f"kind in ({', '.join(map(quoted, rule.kinds))})", within(rule.from_, rule.until)]
        return " and ".join(parts + ([any_tag(rule.tags)] if rule.tags else []))

    def factor(self) -> str:
        """Find a line's factor in ten-thousandths."""
        more = [(self._boosted(n, rule), int(rule.factor * WHOLE)) for n, rule in enumerate(self.programme.multipliers)]
        if self.programme.points.combine == "best":
            return f"greatest({', '.join([str(WHOLE), *(cases([(condition, f)], WHOLE) for condition, f in more)])})"
        return " + ".join([str(WHOLE), *(cases([(condition, f - WHOLE)], 0) for condition, f in more)])

    def _boosted(self, n: int, rule: Multiplier) -> str:
        met = f"boosts & {1 << n} > 0"
        if not rule.tiers:
            return met
        rungs = sorted(self.programme.rank(tier) - 1 for tier in self.programme.tiers_meant(rule.tiers))
        return f"{met} and rung in ({', '.join(map(str, rungs))})"

    def capped(self) -> str:
        """Leave of a line's points what its rule's cap has room for."""
        caps = [(n, rule.cap) for n, rule in enumerate(self.programme.earning) if rule.cap]
        if not caps:
            return "select *, would_earn as earned from uncapped"
        numbers = ", ".join(str(n) for n, _ in caps)
        most = cases((f"rule = {n}", cap.points) for n, cap in caps)
        span = cases((f"rule = {n}", _span(cap)) for n, cap in caps)
        return (  # of numbers alone
            f"select * exclude (so_far), least(so_far, {most}) - least(so_far - would_earn, {most}) as earned from ("  # noqa: S608
            f"select *, sum(would_earn) over (partition by m, rule, {span} order by n"
            f" rows between unbounded preceding and current row) as so_far from uncapped where rule in ({numbers}))"
            f" union all by name select *, would_earn as earned from uncapped"
            f" where rule is null or rule not in ({numbers})"
        )

    def available(self) -> str:
        """Say from when on a line's points can be spent."""
        general = self.programme.points.pending_days
        own = [(f"rule = {n}", rule.pending_days) for n, rule in enumerate(self.programme.earning)]
        different = [(when, days) for when, days in own if days is not None and days != general]
        return f"day + ({cases([('rule is null', 0), *different], general)})::integer"

    def expires(self) -> str:
        """Say which is the last day on which a line's points can be spent; null for never."""
        own = [(f"rule = {n}", _last_day(rule.valid)) for n, rule in enumerate(self.programme.earning) if rule.valid]
        return f"({cases(own, _last_day(self.programme.points.valid))})::date"

    def rung(self, figure: str) -> str:
        """Find the rung that a figure reaches, 0 for the lowest."""
        steps = [f"({figure} >= {self.reach(amount)})::integer" for amount in self.programme.reaches]
        return f"({' + '.join(steps)})" if steps else "0"

    def reach(self, amount: Decimal) -> int:
        """Return what a tier takes to reach in units of the basis: cents, points or orders."""
        spend = self.programme.qualifying is not None and self.programme.qualifying.basis == "spend"
        return self.minor(amount) if spend else ceil(amount)


def _divided(number: str, by: int, rounding: Rounding) -> str:
    if by == 1:
        return f"({number})::bigint"
    number = {"down": number, "up": f"({number} + {by - 1})", "half-up": f"(2 * {number} + {by})"}[rounding]
    return f"({number} // {2 * by if rounding == 'half-up' else by})::bigint"


def _span(cap: Cap) -> str:
    return SPANS.get(cap.per) or f"date_trunc('{cap.per}', day)::date"


def _last_day(valid: Validity | None) -> str:
    if valid is None:
        return "null"
    if valid.until:
        return day_literal(valid.until)
    if valid.days:
        return f"day + {valid.days}"
    if valid.months:
        return f"(day + interval {valid.months} month)::date"
    if valid.end_of == "month":
        return f"last_day((day + interval {valid.after} month)::date)"
    return f"make_date(year(day)::integer + {valid.after}, 12, 31)"
