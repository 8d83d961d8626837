-- One row per member: rung, figure, and points pending, active, expired and earned. Columns: row.py, SumRow.
-- The points are final unless `needs_replay`: a member without debits, or with refunds of orders of which all lots are alike. Such a
-- refund takes its points from these lots; if they have expired before, it takes nothing. Other debits need the replay in lot.py.
with changes as (
    select m, kind, rung, figure, available, expires, gives,
           case when kind <> 'refund' then gives when expires is null or day <= expires then -takes else 0 end as change,
           takes > 0 and (kind <> 'refund' or not alike) as needs_replay
    from moves
)
select m as member_no, (max(rung) filter (where kind = 'asked'))::integer as rung, (max(figure) filter (where kind = 'asked'))::bigint as figure,
       coalesce(sum(change) filter (where available > {day} and (expires is null or expires >= {day})), 0)::bigint as pending,
       coalesce(sum(change) filter (where available <= {day} and (expires is null or expires >= {day})), 0)::bigint as active,
       coalesce(sum(change) filter (where expires < {day}), 0)::bigint as expired,
       sum(gives)::bigint as earned, bool_or(needs_replay) as needs_replay
from changes group by m order by m;
