-- The rung just before each line. RULES.md, "Rolling periods".
create or replace temp table rungs as
with figures as (
    select c.*, {figure} as line_figure
    from batch c {figure_joins}
),
changes as (
    select m, day, sum(added) as added, sum(dropped) as dropped
    from (select m, day, line_figure as added, 0 as dropped from figures
          union all
          select m, day + {days} as day, 0 as added, line_figure as dropped from figures
          where line_figure <> 0 and day + {days} <= {day})
    group by m, day
),
days as (
    select m, day, sum(added - dropped) over earlier as at_end, at_end - added as at_start,
           coalesce(lead(day) over (partition by m order by day), {day} + 1) - 1 as lasts, {rung_at_end} as rung_at_end
    from changes
    window earlier as (partition by m order by day rows between unbounded preceding and current row)
),
held as (
    select m, day, at_start, max(rung_at_end) over earlier as highest, {held}
    from days
    window earlier as (partition by m order by day rows between unbounded preceding and 1 preceding)
),
running as (
    select f.*, h.* exclude (m, day), at_start + sum(line_figure) over today - line_figure as figure,
           {rung_before} as reached, {rung_after} as rung_after
    from figures f join held h on h.m = f.m and h.day = f.day
    window today as (partition by f.m, f.day order by n rows between unbounded preceding and current row)
)
select * exclude (at_start, highest, rung_after, {held_names}), 0 as carried, greatest(reached, {stands}) as earned_rung
from running
window before as (partition by m order by n rows between unbounded preceding and 1 preceding);
