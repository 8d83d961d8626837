"""Tier rules as SQL: the figure of a line, and the rung that a sum of figures reaches. RULES.md, "Tiers"."""

from collections.abc import Mapping
from datetime import date

from members_portal.loyalty.engine.expression import Expressions, cases, day_literal
from members_portal.loyalty.programme.qualifying import Qualifying, YearlyDay
from members_portal.loyalty.yearly_day import day_in_year_sql


def tier_step(qualifying: Qualifying | None, expressions: Expressions, on: date) -> dict[str, Mapping[str, object]]:
    """Return the step that computes rungs: the name of its file in sql/ and the expressions for it."""
    if qualifying is None:
        return {"tiers_by_hand": {}}
    if qualifying.period == "rolling":
        return {"tiers_rolling": {**_figure(qualifying), **_rolling(qualifying, expressions, on)}}
    return {"tiers_yearly": {**_figure(qualifying), **_yearly(qualifying, expressions)}}


def _figure(qualifying: Qualifying) -> dict[str, object]:
    """Return the SQL for the figure of a line."""
    joins = "left join refunds r on r.m = c.m and r.n = c.n"
    if qualifying.basis == "spend":
        by_kind = cases([("c.kind = 'purchase'", "minor"), ("c.kind = 'refund'", "-minor")], 0)
        return {"figure": f"(case when uncounted then 0 else {by_kind} end)::bigint", "figure_joins": ""}
    if qualifying.basis == "points":
        by_kind = cases([("c.kind = 'refund'", "-coalesce(base_back, 0)")], "c.base")
        return {"figure": f"(case when uncounted then 0 else {by_kind} end)::bigint", "figure_joins": joins}
    first = "c.order_no is null or row_number() over (partition by c.m, c.kind, c.order_no order by c.n) = 1"
    by_kind = cases([(f"c.kind = 'purchase' and ({first})", 1), ("c.kind = 'refund' and undone", -1)], 0)
    return {"figure": f"({by_kind})::bigint", "figure_joins": joins}


def begins_in(year: str, period: str, starts: YearlyDay) -> str:
    """Return the SQL for the first day of the period that begins in a year."""
    month, day = ("month(joined)", "day(joined)") if period == "anniversary" else (str(starts[0]), str(starts[1]))
    return day_in_year_sql(month, day, year)


def _yearly(qualifying: Qualifying, expressions: Expressions) -> dict[str, object]:
    this_year = begins_in("year(day)", qualifying.period, qualifying.starts)
    carried, carried_before = {
        "none": ("max(highest) over earlier", "0"),
        "one-step": ("max(reached + p) over earlier - (p - 1)", "max(reached + p) over long_ago - (p - 2)"),
        "by-balance": ("max(reached) over last_one", "max(reached) over one_before"),
    }[qualifying.downgrade]
    never_down = qualifying.downgrade == "none"
    return {
        "period": f"year(day) - (day < {this_year})::integer",
        "begins": begins_in("p", qualifying.period, qualifying.starts),
        "rung_after": expressions.rung("after_line"),
        "rung_of_total": expressions.rung("sum(line_figure)"),
        "carried": carried,
        "carried_before": carried_before,
        "reached": "coalesce(max(rung_after) over earlier, 0)" if never_down else expressions.rung("figure"),
        "grace": qualifying.grace_days,
        "member": "join member on no = c.m" if qualifying.period == "anniversary" else "",
    }


def _rolling(qualifying: Qualifying, expressions: Expressions, on: date) -> dict[str, object]:
    reaches = [expressions.reach(amount) for amount in expressions.programme.reaches]
    held = [f"max(case when at_end >= {reach} then lasts end) over earlier as held_{k}"
            for k, reach in enumerate(reaches, 1)]  # fmt: skip
    return {
        "days": qualifying.days,
        "day": day_literal(on),
        "held": ", ".join(held) or "null as held_0",
        "held_names": ", ".join(f"held_{k}" for k in range(1, len(held) + 1)) or "held_0",
        "rung_at_end": expressions.rung("at_end"),
        "rung_before": expressions.rung("figure"),
        "rung_after": expressions.rung("(figure + line_figure)"),
        "stands": _stands(qualifying, len(reaches)),
    }


def _stands(qualifying: Qualifying, rungs: int) -> str:
    """Return the SQL for the rung that earlier days still hold; `held_k` is the last day on which rung k was held.

    `RollingPeriod.rung_on` (statement/rolling_period.py) computes the same for days to come; a test compares the two.
    """
    if qualifying.downgrade == "none":
        return "coalesce(highest, 0), coalesce(max(rung_after) over before, 0)"
    late = f"greatest(0, (day - held_{{k}}) - {qualifying.grace_days})"
    step = f"{{k}} - ceil({late} / {qualifying.days}.0)::integer"
    if qualifying.downgrade == "by-balance":
        step = f"case when {late} = 0 then {{k}} else 0 end"
    steps = [f"case when held_{k} is null then 0 else {step.format(k=k)} end" for k in range(1, rungs + 1)]
    return ", ".join(["0", *steps])
