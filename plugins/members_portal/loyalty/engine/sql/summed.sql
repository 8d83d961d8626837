-- Where each member stands, and what of the lots is pending, active and expired; for those from whom nothing was taken, or only
-- by refunds of orders whose lots live and die together: such a refund takes from them, unless they have expired before.
with changes as (
    select m, kind, rung, figure, available, expires, gives,
           case when kind <> 'refund' then gives when expires is null or day <= expires then -takes else 0 end as change,
           takes > 0 and (kind <> 'refund' or not alike) as told
    from moves
)
select m, (max(rung) filter (where kind = 'asked'))::integer, (max(figure) filter (where kind = 'asked'))::bigint,
       coalesce(sum(change) filter (where available > {day} and (expires is null or expires >= {day})), 0)::bigint,
       coalesce(sum(change) filter (where available <= {day} and (expires is null or expires >= {day})), 0)::bigint,
       coalesce(sum(change) filter (where expires < {day}), 0)::bigint,
       sum(gives)::bigint, bool_or(told)
from changes group by m order by m;
