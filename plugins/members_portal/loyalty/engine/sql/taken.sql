-- Points taken back by each refund (RULES.md, "Returning"). `alike`: all lots of the order have the same `available` and `expires`.
create or replace temp table taken as
with purchase as (
    select m, n, {fair} as fair from earned {only_refunded} where kind = 'purchase'
),
share as (
    select r.m, r.n, r.order_no, bool_or(known) as known, list(bought order by bought) filter (taken > 0 or free) as bought, sum({share}) as share
    from batch_part r left join purchase p on p.m = r.m and p.n = r.bought
    group by r.m, r.n, r.order_no
),
so_far as (
    select *, sum(share) over (partition by m, order_no order by n rows between unbounded preceding and current row) as back_so_far from share
),
lots as (
    select r.m, r.n,
           min(p.available) filter (where p.earned > 0) as available, min(p.expires) filter (where p.earned > 0) as expires,
           max(p.available) filter (where p.earned > 0) = min(p.available) filter (where p.earned > 0)
           and max(coalesce(p.expires, date '9999-12-31')) filter (where p.earned > 0)
               = min(coalesce(p.expires, date '9999-12-31')) filter (where p.earned > 0) as alike
    from share r
    left join earned p on p.m = r.m and p.order_no = r.order_no and p.kind = 'purchase' and p.n < r.n
    group by r.m, r.n
)
select s.m, s.n, known, bought, available, expires, alike, {back} as back
from so_far s join lots l on l.m = s.m and l.n = s.n;
