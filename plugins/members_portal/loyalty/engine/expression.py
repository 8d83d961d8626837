"""The programme's rules as SQL expressions over a line, for the files in sql/.

They hold only numbers, dates and quoted words of programme.yaml: no other text is put into SQL.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil, lcm

from members_portal.loyalty.programme.dated import DatedReach
from members_portal.loyalty.programme.earning import Cap, EarningRule, Multiplier, RoundedTo, Validity
from members_portal.loyalty.programme.programme import Programme

UNMATCHED_REASONS = ("before joining", "no rule", "outside period", "not tagged", "excluded", "below minimum")
FACTOR_ONE = 10_000  # factors are integers in ten-thousandths
MOST_NARROW = 100  # the largest numerator for which amount × factor fits 64 bits; DuckDB raises an error on overflow
SPANS = {"ever": "date '0001-01-01'"}  # other spans have the names of DuckDB's date_trunc


def quoted(word: str) -> str:
    """Return a word as an SQL literal."""
    return "'" + word.replace("'", "''") + "'"


def day_literal(day: date) -> str:
    """Return a day as an SQL literal."""
    return f"date '{day.isoformat()}'"


def any_tag(words: Iterable[str]) -> str:
    """Return the condition: the line has one of these tags."""
    listed = ", ".join(quoted(word) for word in words)
    return f"list_has_any(tags, [{listed}])" if listed else "false"


def cases(pairs: Iterable[tuple[str, object]], otherwise: object = "null") -> str:
    """Return `case when … then … else … end`; without pairs, `otherwise` alone."""
    whens = " ".join(f"when {condition} then {value}" for condition, value in pairs)
    return f"case {whens} else {otherwise} end" if whens else str(otherwise)


def within(first: date | None, last: date | None) -> str:
    """Return the condition: the line's day lies between two days, both included."""
    bounds = ([f"day >= {day_literal(first)}"] if first else []) + ([f"day <= {day_literal(last)}"] if last else [])
    return " and ".join(bounds) or "true"


class Expressions:
    """The SQL expressions of one programme; `digits` are the decimals of its currency."""

    def __init__(self, programme: Programme, digits: int) -> None:
        self.programme, self.digits = programme, digits

    def minor(self, money: Decimal) -> int:
        """Return an amount in the currency's smallest unit, rounded up: a sum of units reaches both or neither."""
        return ceil(money.scaleb(self.digits))

    def counted(self) -> str:
        """Return the condition: a line counts, by the day on which its member joined."""
        orders = " or line.kind in ('purchase', 'refund')" if self.programme.points.before_joining else ""
        return f"day >= joined{orders}"

    def highest_minimum(self) -> int | None:
        """Return the highest `minimum` of a rule in the currency's smallest unit; None without such a rule."""
        return max((self.minor(rule.minimum) for rule in self.programme.earning if rule.minimum), default=None)

    def rule(self) -> str:
        """Return the index of the first rule that fits; null when none fits."""
        return cases((" and ".join(self._conditions(rule)), n) for n, rule in enumerate(self.programme.earning))

    def unmatched_reason(self) -> str:
        """Return the reason why no rule fits: the first condition that the first rule of the kind fails."""
        first: dict[str, EarningRule] = {}
        for rule in self.programme.earning:
            first.setdefault(rule.kind, rule)
        names = UNMATCHED_REASONS[2:]
        known = [
            (f"kind = {quoted(kind)} and not ({condition})", quoted(name))
            for kind, rule in first.items()
            for condition, name in zip(self._conditions(rule)[1:], names, strict=True)
        ]
        early, no_rule = map(quoted, UNMATCHED_REASONS[:2])
        return cases([("rule is not null", "null"), ("kind = 'early'", early), *known], no_rule)

    def _conditions(self, rule: EarningRule) -> list[str]:
        return [
            f"kind = {quoted(rule.kind)}",
            within(rule.from_, rule.until),
            any_tag(rule.tags) if rule.tags else "true",
            f"not {any_tag(rule.exclude_tags)}" if rule.exclude_tags else "true",
            f"order_amount >= {self.minor(rule.minimum)}" if rule.minimum else "true",
        ]

    def uncounted(self) -> str:
        """Return the condition: the line has one of the tags that `qualifying` excludes."""
        return any_tag(self.programme.qualifying.exclude_tags if self.programme.qualifying else ())

    def base_points(self) -> str:
        """Return the points before factor and cap, rounded; 0 unless the basis of tiers is points."""
        if not self.programme.qualifying or self.programme.qualifying.basis != "points":
            return "0"
        return self._rounded("1", 1)

    def points_before_cap(self) -> str:
        """Return the points times the factor, rounded, before the cap."""
        return self._rounded("factor", FACTOR_ONE)

    def _rounded(self, factor: str, whole: int) -> str:
        """Return points × factor ÷ whole, rounded for each line, or over the lines of each order."""
        rules = dict(enumerate(self.programme.earning))
        line = cases(((f"rule = {n}", self._by_line(rule, factor, whole)) for n, rule in rules.items()), 0)
        if self.programme.points.rounding.per == "line":
            return line
        exact, common = self._exact()
        exact, to = f"(({exact}) * {factor})", self.programme.points.rounding.to
        rows = "order by n rows between unbounded preceding and current row"
        so_far = f"(sum({exact}) over (partition by m, order_no {rows}))"
        after, before = (_divided(each, common * whole, to) for each in (so_far, f"({so_far} - {exact})"))
        return f"case when kind = 'purchase' and order_no is not null then {after} - {before} else {line} end"

    def _exact(self) -> tuple[str, int]:
        """Return the SQL for the points of a purchase before rounding, as a numerator, and the common denominator."""
        rules = {n: rule for n, rule in enumerate(self.programme.earning) if rule.kind == "purchase"}
        each = {n: self._each(rule) for n, rule in rules.items()}
        common = lcm(*(points.denominator for points in each.values()))
        numerators = {n: points.numerator * common // points.denominator for n, points in each.items()}
        lines = [(f"rule = {n}", f"{self._amount(rules[n], 'hugeint')} * {numerators[n]}") for n in rules]
        return cases(lines, 0), common

    def exact_column(self) -> str:
        """Return the column `exact`, for orders that are rounded together: a purchase's points before rounding."""
        if self.programme.points.rounding.per == "line":
            return ""
        return f", case when kind = 'purchase' then {self._exact()[0]} else 0 end::hugeint as exact"

    def _each(self, rule: EarningRule) -> Fraction:
        """Return the points for each smallest unit of money, or for each line."""
        each = Fraction(rule.points)
        return each / (Fraction(rule.per) * 10**self.digits) if rule.per else each

    def _amount(self, rule: EarningRule, kind: str) -> str:
        return f"minor::{kind}" if rule.per else f"1::{kind}"

    def _by_line(self, rule: EarningRule, factor: str, whole: int) -> str:
        """Return points × amount ÷ per × factor, exact, rounded once."""
        each = self._each(rule)
        amount = self._amount(rule, "hugeint" if each.numerator > MOST_NARROW else "bigint")
        to = self.programme.points.rounding.to
        return _divided(f"{amount} * {each.numerator} * {factor}", each.denominator * whole, to)

    def multiplier_bits(self) -> str:
        """Return a bit for each multiplier: set when its conditions hold, all but `tiers`."""
        conditions = map(self._line_condition, self.programme.multipliers)
        return " + ".join(f"({condition})::ubigint * {1 << n}" for n, condition in enumerate(conditions)) or "0"

    def _line_condition(self, rule: Multiplier) -> str:
        parts = [f"kind in ({', '.join(map(quoted, rule.kinds))})", within(rule.from_, rule.until)]
        return " and ".join(parts + ([any_tag(rule.tags)] if rule.tags else []))

    def factor(self) -> str:
        """Return the factor in ten-thousandths."""
        one, rules = FACTOR_ONE, enumerate(self.programme.multipliers)
        factors = [(self._applies(n, rule), int(rule.factor * one)) for n, rule in rules]
        if self.programme.points.combine == "best":
            return f"greatest({', '.join([str(one), *(cases([(condition, f)], one) for condition, f in factors)])})"
        return " + ".join([str(one), *(cases([(condition, f - one)], 0) for condition, f in factors)])

    def _applies(self, n: int, rule: Multiplier) -> str:
        met = f"multiplier_bits & {1 << n} > 0"
        if not rule.tiers:
            return met
        rungs = sorted(self.programme.rank(tier) - 1 for tier in self.programme.tiers_meant(rule.tiers))
        return f"{met} and rung in ({', '.join(map(str, rungs))})"

    def caps(self) -> dict[str, str] | None:
        """Return the SQL for the rules with a cap, the most points of each, and the first day of its span."""
        caps = [(n, rule.cap) for n, rule in enumerate(self.programme.earning) if rule.cap]
        if not caps:
            return None
        return {
            "rules": ", ".join(str(n) for n, _ in caps),
            "most": cases((f"rule = {n}", cap.points) for n, cap in caps),
            "span": cases((f"rule = {n}", span_sql(cap)) for n, cap in caps),
        }

    def available(self) -> str:
        """Return the first day on which the points can be spent."""
        general = self.programme.points.pending_days
        own = [(f"rule = {n}", rule.pending_days) for n, rule in enumerate(self.programme.earning)]
        different = [(when, days) for when, days in own if days is not None and days != general]
        return f"day + ({cases([('rule is null', 0), *different], general)})::integer"

    def expires(self) -> str:
        """Return the last day on which the points can be spent; null for points that never expire."""
        own = [(f"rule = {n}", _last_day(rule.valid)) for n, rule in enumerate(self.programme.earning) if rule.valid]
        return f"({cases(own, _last_day(self.programme.points.valid))})::date"

    def rung(self, figure: str, day: str) -> str:
        """Return the rung that a figure reaches by the ladder of a day, 0 for the lowest."""
        steps = [f"({figure} >= {reach})::integer" for reach in self.reaches(day)]
        return f"({' + '.join(steps)})" if steps else "0"

    def reaches(self, day: str) -> list[str]:
        """Return the `reach` of each tier except the lowest, by the ladder of a day."""
        return [self._reach_on(tier.reach, day) for tier in self.programme.tiers[1:]]

    def _reach_on(self, entries: Sequence[DatedReach], day: str) -> str:
        dated = [(entry.from_, self.reach(entry.reach)) for entry in entries[:0:-1] if entry.from_]
        first = self.reach(entries[0].reach) if entries else 0
        return f"({cases([(f'{day} >= {day_literal(since)}', reach) for since, reach in dated], first)})"

    def reach(self, amount: Decimal) -> int:
        """Return a tier's `reach` in units of the basis: the currency's smallest unit, points or orders."""
        spend = self.programme.qualifying is not None and self.programme.qualifying.basis == "spend"
        return self.minor(amount) if spend else ceil(amount)


def _divided(number: str, by: int, rounding: RoundedTo) -> str:
    if by == 1:
        return f"({number})::bigint"
    number = {"down": number, "up": f"({number} + {by - 1})", "half-up": f"(2 * {number} + {by})"}[rounding]
    return f"({number} // {2 * by if rounding == 'half-up' else by})::bigint"


def span_sql(cap: Cap) -> str:
    """Return the SQL for the first day of a cap's span around a line's day."""
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
