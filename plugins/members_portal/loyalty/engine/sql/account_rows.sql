-- One row per ledger line of the batch, and one per member for the day itself. Columns: row.py, AccountLine.
select m as member_no, moves.n, moves.day, coalesce(line.kind, 'asked') as kind, line.minor, reference, coalesce(tags, []) as tags,
       gives, takes, reason, rule, factor, case when gives > 0 then available end as available,
       case when gives > 0 then expires end as expires, rung, line_figure as figure, figure as total, reached, carried
from moves left join line on line.n = moves.n
order by m, moves.n;
