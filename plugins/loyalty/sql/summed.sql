-- Where each member stands, and what of the lots is pending, active and expired if nothing was ever taken from them.
select m, (max(rung) filter (where kind = 'asked'))::integer, (max(figure) filter (where kind = 'asked'))::bigint,
       coalesce(sum(gives) filter (where available > {day} and (expires is null or expires >= {day})), 0)::bigint,
       coalesce(sum(gives) filter (where available <= {day} and (expires is null or expires >= {day})), 0)::bigint,
       coalesce(sum(gives) filter (where expires < {day}), 0)::bigint,
       sum(takes) > 0
from moves group by m order by m;
