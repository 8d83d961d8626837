-- The lots (above 0) and takings (below 0) of the other members; the last row of each is the day itself.
select m, n, case kind when 'refund' then 1 when 'adjustment' then 2 else 0 end, gives - takes, day - date '0001-01-01' + 1,
       available - date '0001-01-01' + 1, coalesce(expires - date '0001-01-01' + 1, {never}),
       case when kind in ('purchase', 'refund') then order_no end, rung, figure
from moves
where (gives <> takes or kind = 'asked') and m in (select m from moves where takes > 0)
order by m, n;
