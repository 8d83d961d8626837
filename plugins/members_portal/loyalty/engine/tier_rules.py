"""Tier rules as SQL: the figure of a line, and the rung that a sum of figures reaches. RULES.md, "Tiers"."""

from collections.abc import Mapping, Sequence
from datetime import date

from members_portal.loyalty.engine.expression import Expressions, day_literal
from members_portal.loyalty.engine.refund_share import back, fair_base, only_refunded, share_of
from members_portal.loyalty.programme.qualifying import Qualifying, YearlyDay
from members_portal.loyalty.yearly_day import day_in_year_sql

NO_FIGURES = "select m, n, day, counts_on, bought, 0 as figure from batch_part where false"


def tier_steps(qualifying: Qualifying | None, expressions: Expressions, on: date) -> dict[str, Mapping[str, object]]:
    """Return the steps that compute rungs: the names of their files in sql/ and the expressions for them."""
    if qualifying is None:
        return {"refunds": {"refund_figures": NO_FIGURES, "fair_base": "0", "only_refunded": ""}, "tiers_by_hand": {}}
    points = qualifying.basis == "points"
    fair = {"fair_base": fair_base(expressions.programme) if points else "0"}
    fair["only_refunded"] = only_refunded(expressions.programme, "part") if points else ""
    refunds, figures = {"refund_figures": _refund_figures(qualifying), **fair}, _figures(qualifying)
    if qualifying.period == "rolling":
        return {"refunds": refunds, "figures": figures, "tiers_rolling": _rolling(qualifying, expressions, on)}
    return {"refunds": refunds, "figures": figures, "tiers_yearly": _yearly(qualifying, expressions)}


def _figures(qualifying: Qualifying) -> dict[str, object]:
    """Return the SQL for the figure of a line that is no refund, and for the refunds that count before their period."""
    first = "c.order_no is null or row_number() over (partition by c.m, c.kind, c.order_no order by c.n) = 1"
    figure = {
        "spend": "case when c.kind = 'purchase' and not uncounted then minor else 0 end",
        "points": "case when uncounted then 0 else c.base end",
        "orders": f"case when c.kind = 'purchase' and ({first}) then 1 else 0 end",
    }[qualifying.basis]
    late = "r.counts_on <> r.day"
    if qualifying.period != "rolling" and qualifying.downgrade != "none":
        late = f"{_period('r.counts_on', qualifying)} <> {_period('r.day', qualifying)}"
    anniversary = qualifying.period == "anniversary"
    return {"figure": figure, "late": late, "late_member": "join member on no = r.m" if anniversary else ""}


def _refund_figures(qualifying: Qualifying) -> str:
    """Return the query for the figures of refunds: `m, n, day, counts_on, bought, figure`."""
    if qualifying.basis == "spend":
        spend = "select m, n, day, counts_on, bought, -(taken + beyond) as figure"
        return f"{spend} from batch_part where counted and not uncounted"
    if qualifying.basis == "points":
        share = share_of("base")
        return (
            f"select m, n, day, counts_on, bought, -{back('so_far', 'share')} as figure from ("  # noqa: S608 - numbers
            "select *, sum(share) over (partition by m, order_no, counts_on order by n"
            " rows between unbounded preceding and current row) as so_far from ("
            f"select m, n, order_no, day, counts_on, min(bought) as bought, sum({share}) as share from batch_part"
            " where counted and not uncounted group by m, n, order_no, day, counts_on))"
        )
    return (
        "select r.m, r.n, any_value(r.day) as day, any_value(o.day) as counts_on, any_value(o.n) as bought,"
        " -1 as figure from batch_part r join (select m, order_no, min(day) as day, min(n) as n from batch"
        " where kind = 'purchase' and order_no is not null group by m, order_no) o"
        " on o.m = r.m and o.order_no = r.order_no where o.n < r.n and undoes group by r.m, r.order_no, r.n"
        " qualify row_number() over (partition by r.m, r.order_no order by r.n) = 1"
    )


def _period(day: str, qualifying: Qualifying) -> str:
    """Return the SQL for the year in which the period around a day begins."""
    begins = begins_in(f"year({day})", qualifying.period, qualifying.starts)
    return f"(year({day}) - ({day} < {begins})::integer)"


def begins_in(year: str, period: str, starts: YearlyDay) -> str:
    """Return the SQL for the first day of the period that begins in a year."""
    month, day = ("month(joined)", "day(joined)") if period == "anniversary" else (str(starts[0]), str(starts[1]))
    return day_in_year_sql(month, day, year)


def _yearly(qualifying: Qualifying, expressions: Expressions) -> dict[str, object]:
    carried, carried_before = {
        "none": ("max(highest) over earlier", "0"),
        "one-step": ("max(reached + p) over earlier - (p - 1)", "max(reached + p) over long_ago - (p - 2)"),
        "by-balance": ("max(reached) over last_one", "max(reached) over one_before"),
    }[qualifying.downgrade]
    never_down = qualifying.downgrade == "none"
    return {
        "period": _period("day", qualifying),
        "begins": begins_in("p", qualifying.period, qualifying.starts),
        "rung_after": expressions.rung("(sum(judged::double) over days_so_far)", "begins") if never_down else "0",
        "rung_of_total": expressions.rung("sum(judged)", "min(begins)"),
        "carried": carried,
        "carried_before": carried_before,
        "reached": "coalesce(max(rung_after) over earlier, 0)" if never_down else expressions.rung("figure", "begins"),
        "grace": qualifying.grace_days,
        "member": "join member on no = c.m" if qualifying.period == "anniversary" else "",
    }


def _rolling(qualifying: Qualifying, expressions: Expressions, on: date) -> dict[str, object]:
    reaches = expressions.reaches("day")
    held = [f"max(case when at_end >= {reach} then lasts end) over earlier as held_{k}"
            for k, reach in enumerate(reaches, 1)]  # fmt: skip
    return {
        "days": qualifying.days,
        "day": day_literal(on),
        "held": ", ".join(held) or "null as held_0",
        "held_names": ", ".join(f"held_{k}" for k in range(1, len(held) + 1)) or "held_0",
        "rung_at_end": expressions.rung("at_end", "day"),
        "rung_before": expressions.rung("figure", "f.day"),
        "ladder_days": _ladder_days(expressions.programme.ladder_days, on),
        "stands": _stands(qualifying, len(reaches)),
    }


def _ladder_days(days: Sequence[date], on: date) -> str:
    """Return the SQL for a change of 0 on each day on which the ladder changes: it ends the time a sum is held."""
    changes = [f"select distinct judge, {day_literal(day)}, 0, 0 from judged" for day in days if day <= on]  # noqa: S608
    return "".join(f"union all {change} " for change in changes)


def _stands(qualifying: Qualifying, rungs: int) -> str:
    """Return the SQL for the rung that earlier days still hold; `held_k` is the last day on which rung k was held.

    `RollingPeriod.rung_on` (statement/rolling_period.py) computes the same for days to come; a test compares the two.
    """
    if qualifying.downgrade == "none":
        return "coalesce(highest, 0)"
    late = f"greatest(0, (day - held_{{k}}) - {qualifying.grace_days})"
    step = f"{{k}} - ceil({late} / {qualifying.days}.0)::integer"
    if qualifying.downgrade == "by-balance":
        step = f"case when {late} = 0 then {{k}} else 0 end"
    steps = [f"case when held_{k} is null then 0 else {step.format(k=k)} end" for k in range(1, rungs + 1)]
    return ", ".join(["0", *steps])
