-- The lots (above 0) and takings (below 0) of the members whose story has to be told.
select m, n, (day - date '0001-01-01' + 1)::integer, (gives - takes)::bigint,
       (available - date '0001-01-01' + 1)::integer, coalesce(expires - date '0001-01-01' + 1, {never})::integer,
       case when m in (select m from refunds) then (order_no >> 1)::bigint end,
       case kind when 'refund' then 1 when 'adjustment' then 2 else 0 end::integer
from moves
where gives <> takes and m in (select m from moves where takes > 0 and (kind <> 'refund' or not alike))
order by m, n;
