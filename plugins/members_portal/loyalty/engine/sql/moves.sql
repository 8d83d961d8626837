-- Points given and taken by each line, and the reason.
create or replace temp view moves as
select e.* exclude (available, expires),
       case when kind = 'refund' then t.available else e.available end as available,
       case when kind = 'refund' then t.expires else e.expires end as expires, coalesce(alike, true) as alike, bought, undoes,
       case when kind = 'adjustment' then greatest(e.points, 0) else earned end as gives,
       case kind when 'redemption' then e.points when 'adjustment' then greatest(-e.points, 0) when 'refund' then coalesce(back, 0)
            when 'reversal' then -coalesce(u.points, 0) else 0 end as takes,
       case when kind in ('early', 'early purchase', 'early refund') then 'before joining'
            when kind = 'refund' then case when known then 'returned' else 'no purchase' end
            when kind = 'redemption' then 'spent'
            when kind = 'reversal' then case when undoes is null then 'no redemption' else 'undone' end
            when kind = 'adjustment' then case when e.points > 0 then 'given' else 'taken' end
            when unmatched_reason is not null then unmatched_reason::varchar
            when earned < points_before_cap then 'capped'
            else 'earned' end as reason
from earned e left join taken t on t.m = e.m and t.n = e.n left join undone u on u.m = e.m and u.n = e.n;
