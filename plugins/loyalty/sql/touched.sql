-- The lots and takings of the other members, and their standing as the last row of each.
select m, n, kind, gives, takes, datediff('day', date '0001-01-01', day) + 1, datediff('day', date '0001-01-01', available) + 1,
       case when expires is null then {never} else datediff('day', date '0001-01-01', expires) + 1 end,
       case when kind in ('purchase', 'refund') then order_no end, rung, figure
from moves
where (gives > 0 or takes > 0 or kind = 'asked') and m in (select m from moves where takes > 0)
order by m, n;
