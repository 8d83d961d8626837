-- The points of lines whose rule has a cap, limited to the rest of the cap. They are few: an update is faster than a union.
update earned set earned = c.points
from (
    select m, n, least(so_far, most) - least(so_far - points_before_cap, most) as points
    from (
        select m, n, points_before_cap, {most} as most,
               sum(points_before_cap) over (partition by m, rule, {span} order by n rows between unbounded preceding and current row) as so_far
        from earned where rule in ({rules})
    )
) c
where c.m = earned.m and c.n = earned.n and c.points <> earned.earned;
