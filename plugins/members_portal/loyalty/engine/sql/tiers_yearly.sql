-- The rung at the start of each line's day; of the row `asked`, at the end of the day. RULES.md, "Calendar and anniversary periods".
create or replace temp view rungs as
with in_period as (
    select c.* exclude (uncounted, base), ({period})::smallint as p, {begins} as begins
    from judged c {member}
),
running as (
    select *, coalesce((sum(judged::double) over days_before)::bigint, 0) as figure, {rung_after} as rung_after
    from in_period
    window days_before as (partition by judge, p order by day, kind = 'asked' groups between unbounded preceding and 1 preceding),
           days_so_far as (partition by judge, p order by day, kind = 'asked' groups between unbounded preceding and current row)
),
periods as (
    select judge, p, {rung_of_total} as reached, max(rung_after) as highest
    from running group by judge, p
),
carried as (
    select judge, p, coalesce({carried}, 0) as carried, coalesce({carried_before}, 0) as carried_before
    from periods
    window earlier as (partition by judge order by p range between unbounded preceding and 1 preceding),
           long_ago as (partition by judge order by p range between unbounded preceding and 2 preceding),
           last_one as (partition by judge order by p range between 1 preceding and 1 preceding),
           one_before as (partition by judge order by p range between 2 preceding and 2 preceding)
),
reaching as (
    select * exclude (rung_after), {reached} as reached from running
    window earlier as (partition by judge, p order by day, kind = 'asked' groups between unbounded preceding and 1 preceding)
)
select r.* exclude (p, begins, judge, judged, own), carried,
       greatest(reached, carried, case when day < begins + {grace} then carried_before else 0 end) as earned_rung
from reaching r join carried c on c.judge = r.judge and c.p = r.p
where own;
