-- The figure of every line, and the rows from which tiers are judged (RULES.md, "Tiers"). `judge` is the member, or one view of the ledger
-- of a member with late refunds: refunds that count in an earlier period than their own day. Such a member has a view for each
-- day of a late refund: rows after it are judged with what was left of the purchases. `own`: the row belongs to this view.
create or replace temp table late_part as
select r.m, r.n, r.day, r.counts_on, r.figure from refund_figure r {late_member} where {late};
create or replace temp table ledger_view as
select m, null::date as since, min(day) as until, m as judge from late_part group by m
union all
select m, day, lead(day) over (partition by m order by day), (-row_number() over ())::integer from (select distinct m, day from late_part);
create or replace temp view figured as
select c.*, (case when c.kind = 'refund' then coalesce(f.figure, 0) else {figure} end)::bigint as line_figure
from batch c left join (select m, n, sum(figure)::bigint as figure from refund_figure group by m, n) f on f.m = c.m and f.n = c.n;
create or replace temp table viewed as
with at_once as (
    select w.*, (line_figure - coalesce(p.figure, 0))::bigint as judged
    from (from figured where m in (select m from late_part)) w
    left join (select m, n, sum(figure) as figure from late_part group by m, n) p on p.m = w.m and p.n = w.n
)
select w.*, v.judge, w.kind = 'asked' or v.since is null or w.day > v.since as own
from at_once w join ledger_view v on v.m = w.m
where case when w.kind = 'asked' then v.until is null else v.until is null or w.day <= v.until end
union all by name
select p.m, p.n, p.counts_on as day, 'refund'::line_kind as kind, v.judge, p.figure::bigint as judged, false as own
from late_part p join ledger_view v on v.m = p.m and p.day <= v.since;
create or replace temp view judged as
select *, m as judge, line_figure as judged, true as own from figured where m not in (select m from late_part)
union all by name
from viewed;
