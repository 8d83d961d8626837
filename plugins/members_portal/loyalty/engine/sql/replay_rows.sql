-- Lots (points above 0) and debits (below 0) of the members that need a replay. Columns: row.py, ReplayRow; days are ordinals.
select m as member_no, n, (day - date '0001-01-01' + 1)::integer as day, (gives - takes)::bigint as points,
       coalesce(available - date '0001-01-01' + 1, {never})::integer as available, coalesce(expires - date '0001-01-01' + 1, {never})::integer as expires,
       case when m in (select m from batch_part) then (order_no >> 1)::bigint end as order_no, bought, undoes,
       case kind when 'refund' then 1 when 'adjustment' then 2 else 0 end::integer as debit_kind
from moves
where gives <> takes and m in (select member_no from sum_row where needs_replay)
order by m, n;
