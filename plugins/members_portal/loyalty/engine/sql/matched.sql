-- Every line up to the day with its earning rule. Small types and few columns: ten million lines stay in memory.
-- The texts `reference` and `tags` are not kept: all conditions on them are evaluated here, and an order has a number.
-- `order_amount` is the amount of the line's order up to its day; where no rule asks for it, the amount of the line.
create or replace temp table matched as
with counted as (
    select no as m, line.n, day, minor, line.points, tags, {order_amount} as order_amount, hash(reference) as reference_no, reference is not null as is_named,
           case when {counted} then line.kind
                when line.kind in ('purchase', 'refund') then 'early ' || line.kind
                else 'early' end::line_kind as kind
    from line join member on member.id = line.member {order_amounts}
    where day <= {day}
),
own as (
    select * exclude (reference_no, is_named),
           case when is_named and kind in ('purchase', 'refund', 'early purchase', 'early refund') then reference_no end as order_no
    from counted
),
with_rules as (
    select *, {rule} as rule
    from own
)
select m, n, day, kind, minor, points, order_no, rule::utinyint as rule, ({multiplier_bits})::{bits_type} as multiplier_bits,
       {uncounted} as uncounted, ({base_points})::integer as base, ({unmatched_reason})::unmatched_reason as unmatched_reason{exact_column}
from with_rules {ordering};
