-- Parts of refunds: what each refund takes from each line of its order. RULES.md, "Refunds". Orders of one line, and refunds without
-- an order; refund_part.py adds those of other orders. Columns: refund_part.py, RefundPart.
create or replace temp table part as
with single as (
    select m, order_no, max(n) filter (not is_refund) as bought, coalesce(max(minor) filter (not is_refund), 0) as amount
    from order_line where bought_lines <= 1 group by m, order_no
),
so_far as (
    select r.m, r.n, r.order_no, s.bought, s.amount, r.minor, sum(r.minor) over (partition by r.m, r.order_no order by r.n) as given_back
    from order_line r join single s on s.m = r.m and s.order_no = r.order_no
    where r.is_refund and r.n > s.bought
),
taking as (
    select *, least(amount, given_back) - least(amount, given_back - minor) as taken from so_far
)
select m, n, order_no, bought, taken::bigint as taken, (minor - taken)::bigint as beyond, least(amount, given_back - minor)::bigint as taken_before,
       amount, false as free, amount > 0 as known, amount > 0 and given_back >= amount as undoes
from taking
union all
select r.m, r.n, r.order_no, null, 0, r.minor, 0, 0, false, false, false
from matched r left join order_line o on o.m = r.m and o.n = r.n left join single s on s.m = r.m and s.order_no = r.order_no
where r.kind in ('refund', 'early refund') and (r.order_no is null or o.bought_lines = 0 or (o.bought_lines = 1 and r.n < s.bought));
