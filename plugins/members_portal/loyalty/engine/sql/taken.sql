-- Points taken back by each refund (RULES.md, "Returning"). `alike`: all lots of the order have the same `available` and `expires`.
create or replace temp table taken as
with with_order as (
    select r.m, r.n, r.order_no, any_value(bought) as bought, any_value(given_back) as given_back,
           coalesce(sum(p.earned), 0)::hugeint as earned,
           min(p.available) filter (where p.earned > 0) as available, min(p.expires) filter (where p.earned > 0) as expires,
           max(p.available) filter (where p.earned > 0) = min(p.available) filter (where p.earned > 0)
           and max(coalesce(p.expires, date '9999-12-31')) filter (where p.earned > 0)
               = min(coalesce(p.expires, date '9999-12-31')) filter (where p.earned > 0) as alike
    from refunds r
    left join earned p on p.m = r.m and p.order_no = r.order_no and p.kind = 'purchase' and p.n < r.n
    group by r.m, r.n, r.order_no
),
shares as (
    select *, case when bought = 0 then 0 else earned - earned * (bought - given_back) // bought end as share
    from with_order
)
select m, n, bought > 0 as bought, available, expires, alike, greatest(0, share - coalesce(max(share) over earlier, 0))::bigint as back
from shares
window earlier as (partition by m, order_no order by n rows between unbounded preceding and 1 preceding);
