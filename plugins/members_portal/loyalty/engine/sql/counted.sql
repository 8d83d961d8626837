-- All lines up to the day, with the rule that fits each, in as few bytes as will do: texts and tags have been asked all they are asked.
create or replace temp table counted as
with own as (
    select no as m, n, day, minor, line.points, reference, tags, case when day < joined then 'early' else line.kind end::line_kind as kind
    from line join member on member.id = line.member
    where day <= {day}
),
with_orders as (
    select *, {order_amount} as order_amount
    from own
),
with_rules as (
    select *, {rule} as rule
    from with_orders
)
select m, n, day, kind, minor, points, case when kind in ('purchase', 'refund') and reference is not null then hash(reference) end as order_no,
       rule::utinyint as rule, ({boosts})::{bits} as boosts, {uncounted} as uncounted, ({base_points})::integer as base,
       ({nothing})::nothing as nothing
from with_rules {together};
