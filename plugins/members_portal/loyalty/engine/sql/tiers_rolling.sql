-- The rung at the start of each line's day; of the row `asked`, at the end of the day. RULES.md, "Rolling periods".
create or replace temp view rungs as
with changes as (
    select judge, day, sum(added) as added, sum(dropped) as dropped
    from (select judge, day, judged as added, 0 as dropped from judged
          union all
          select judge, day + {days} as day, 0 as added, judged as dropped from judged
          where judged <> 0 and day + {days} <= {day}
          {ladder_days})
    group by judge, day
),
days as (
    select judge, day, sum(added - dropped) over earlier as at_end, at_end - added as at_start,
           coalesce(lead(day) over (partition by judge order by day), {day} + 1) - 1 as lasts, {rung_at_end} as rung_at_end
    from changes
    window earlier as (partition by judge order by day rows between unbounded preceding and current row)
),
held as (
    select judge, day, at_start, at_end, max(rung_at_end) over earlier as highest, {held}
    from days
    window earlier as (partition by judge order by day rows between unbounded preceding and 1 preceding)
),
running as (
    select f.*, h.* exclude (judge, day), case when kind = 'asked' then at_end else at_start end as figure, {rung_before} as reached
    from judged f join held h on h.judge = f.judge and h.day = f.day
    where own
)
select * exclude (at_start, at_end, highest, judge, judged, own, {held_names}), 0 as carried, greatest(reached, {stands}) as earned_rung
from running;
