-- Every line up to the day with its earning rule. Small types and few columns: ten million lines stay in memory.
-- The texts `reference` and `tags` are not kept: all conditions on them are evaluated here. account_rows.sql reads them from `line`.
create or replace temp table matched as
with own as (
    select no as m, n, day, minor, line.points, reference, tags,
           case when {counted} then line.kind
                when line.kind in ('purchase', 'refund') then 'early ' || line.kind
                else 'early' end::line_kind as kind
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
select m, n, day, kind, minor, points,
       case when reference is not null and kind in ('purchase', 'refund', 'early purchase', 'early refund') then hash(reference) end as order_no,
       rule::utinyint as rule, ({multiplier_bits})::{bits_type} as multiplier_bits, {uncounted} as uncounted, ({base_points})::integer as base,
       ({unmatched_reason})::unmatched_reason as unmatched_reason
from with_rules {ordering};
