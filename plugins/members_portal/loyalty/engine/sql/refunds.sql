-- State of the order of each refund, up to this refund: amount bought, amount given back, and the share of base points given back.
create or replace temp table refunds as
with so_far as (
    select m, n, order_no, sum(minor) over (partition by m, order_no order by n) as given_back
    from batch where kind = 'refund'
),
with_order as (
    select r.m, r.n, r.order_no, coalesce(sum(p.minor), 0)::hugeint as bought,
           least(any_value(given_back), bought)::hugeint as given_back,
           coalesce(sum(p.base) filter (where not p.uncounted), 0)::hugeint as base
    from so_far r
    left join batch p on p.m = r.m and p.order_no = r.order_no and p.kind = 'purchase' and p.n < r.n
    group by r.m, r.n, r.order_no
),
shares as (
    select *, bought > 0 and given_back = bought as whole,
           case when bought = 0 then 0 else base - base * (bought - given_back) // bought end as base_share
    from with_order
)
select *, greatest(0, base_share - coalesce(max(base_share) over earlier, 0)) as base_back,
       whole and not coalesce(bool_or(whole) over earlier, false) as undone
from shares
window earlier as (partition by m, order_no order by n rows between unbounded preceding and 1 preceding);
