-- Figures of refunds: what each takes from the figures of the lines of its order, and the day on which it counts. RULES.md, "Tiers".
create or replace temp table batch_part as
select part.*, r.day, coalesce(p.day, r.day) as counts_on,
       r.kind = 'refund' and p.kind is distinct from 'early purchase' as counted, coalesce(p.uncounted, r.uncounted) as uncounted, coalesce(p.fair, 0) as base
from part join batch r on r.m = part.m and r.n = part.n
left join (
    select m, n, day, kind, uncounted, {fair_base} as fair from batch {only_refunded}
) p on p.m = part.m and p.n = part.bought
where part.{batch};
create or replace temp table refund_figure as
select * from ({refund_figures}) where figure <> 0;
