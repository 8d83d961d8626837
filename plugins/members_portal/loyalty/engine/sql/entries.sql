-- Every line in words and figures; the day itself last for each member.
select m, moves.n, moves.day, line.kind, line.minor, reference, tags, gives, takes, reason, rule, factor,
       case when gives > 0 then available end, case when gives > 0 then expires end, rung, line_figure, figure, reached, carried
from moves left join line on line.n = moves.n
order by m, moves.n;
