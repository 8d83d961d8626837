-- One row per member: rung, figure, and points by state. Columns: row.py, SumRow.
-- The points are final unless `needs_replay`. A refund of lots that are alike takes its points from them; if they have expired
-- before, it takes nothing. Points that are spent are taken from active lots or owed, and paid by lots that become available:
-- `active` is the same whichever lots they are. Only what a lot held when it expired depends on the lots that were used up before.
with changes as (
    select m, kind, day, rung, figure, available, expires, gives, takes,
           case when kind <> 'refund' then gives when expires is null or day <= expires then -takes else 0 end as change,
           kind not in ('refund', 'adjustment') as is_redeemed
    from moves
),
sums as (
    select m as member_no, (max(rung) filter (where kind = 'asked'))::integer as rung, (max(figure) filter (where kind = 'asked'))::bigint as figure,
           coalesce(sum(change) filter (where available > {day} and (expires is null or expires >= {day})), 0)::bigint as pending,
           coalesce(sum(change) filter (where available <= {day} and (expires is null or expires >= {day})), 0)::bigint as available,
           coalesce(sum(change) filter (where expires < {day}), 0)::bigint as expired, sum(gives)::bigint as earned,
           coalesce(sum(takes) filter (where is_redeemed), 0)::bigint as spent,
           coalesce(sum(takes) filter (where kind = 'adjustment'), 0)::bigint as taken,
           bool_or(takes > 0 and kind <> 'refund') as has_spent,
           coalesce(max(expires) filter (where gives > 0 and expires < {day}) >= min(day) filter (where takes > 0), false) as expired_since
    from changes group by m
)
select member_no, rung, figure, pending, available - spent - taken as active, expired, earned, spent, taken,
       has_spent and expired_since or member_no in (select m from taken where not alike and back > 0) as needs_replay
from sums;
