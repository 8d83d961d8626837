-- One row per ledger line of the batch, and one per member for the day itself. Columns: row.py, AccountLine.
with given_back as (
    select m, coalesce(bought, n) as n, sum(taken + beyond) as spend from batch_part where counted group by 1, 2
),
figure_back as (
    select m, coalesce(bought, n) as n, sum(figure) as figure from refund_figure group by 1, 2
)
select moves.m as member_no, moves.n, moves.day, coalesce(line.kind, 'asked') as kind, line.minor, reference, coalesce(tags, []) as tags,
       gives, takes, reason, rule, factor, case when gives > 0 then available end as available,
       case when gives > 0 then expires end as expires, rung, line_figure as figure, moves.figure as total, reached, carried,
       (case when moves.kind = 'purchase' then line.minor else 0 end - coalesce(g.spend, 0))::bigint as spend,
       (case when moves.kind = 'refund' then 0 else line_figure end + coalesce(f.figure, 0))::bigint as net, coalesce(bought, []) as bought, undoes
from moves left join line on line.n = moves.n
left join given_back g on g.m = moves.m and g.n = moves.n left join figure_back f on f.m = moves.m and f.n = moves.n
order by moves.m, moves.n;
