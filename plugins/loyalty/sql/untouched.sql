-- Members from whom nothing was ever taken.
select m, max(rung) filter (where kind = 'asked')::integer, max(figure) filter (where kind = 'asked')::bigint,
       coalesce(sum(gives) filter (where available > {day} and (expires is null or expires >= {day})), 0)::bigint,
       coalesce(sum(gives) filter (where available <= {day} and (expires is null or expires >= {day})), 0)::bigint,
       coalesce(sum(gives) filter (where expires < {day}), 0)::bigint
from moves group by m having sum(takes) = 0;
