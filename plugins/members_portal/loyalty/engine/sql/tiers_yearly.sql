-- The rung just before each line. RULES.md, "Calendar and anniversary periods".
create or replace temp table rungs as
with in_period as (
    select c.* exclude (uncounted, base), {figure} as line_figure, ({period})::smallint as p, {begins} as begins
    from batch c {member} {figure_joins}
),
running as (
    select *, (sum(line_figure::double) over so_far)::bigint as after_line, after_line - line_figure as figure, {rung_after} as rung_after
    from in_period
    window so_far as (partition by m, p order by n rows between unbounded preceding and current row)
),
periods as (
    select m, p, {rung_of_total} as reached, max(rung_after) as highest
    from running group by m, p
),
carried as (
    select m, p, coalesce({carried}, 0) as carried, coalesce({carried_before}, 0) as carried_before
    from periods
    window earlier as (partition by m order by p range between unbounded preceding and 1 preceding),
           long_ago as (partition by m order by p range between unbounded preceding and 2 preceding),
           last_one as (partition by m order by p range between 1 preceding and 1 preceding),
           one_before as (partition by m order by p range between 2 preceding and 2 preceding)
),
reaching as (
    select * exclude (after_line, rung_after), {reached} as reached from running
    window earlier as (partition by m, p order by n rows between unbounded preceding and 1 preceding)
)
select r.* exclude (p, begins), carried,
       greatest(reached, carried, case when day < begins + {grace} then carried_before else 0 end) as earned_rung
from reaching r join carried c on c.m = r.m and c.p = r.p;
