-- Reversals, and the redemptions with their references. reversal.py matches them.
select no as m, n, kind = 'reversal' as is_reversal, reference, coalesce(points, 0)::bigint as points
from line join member on member.id = line.member
where kind in ('redemption', 'reversal') and reference is not null and joined <= day and day <= {day}
      and exists (select 1 from line r where r.kind = 'reversal' and r.member = line.member and r.reference = line.reference)
order by m, n;
