-- The amount of an order up to the day of each of its lines, for orders with a line below {minimum}, the highest `minimum` of a rule:
-- a line of any other order reaches every minimum by itself.
create or replace temp table order_amount as
with purchase as (
    select n, member, day, kind, minor, hash(member, reference) as order_no from line
    where kind = 'purchase' and reference is not null and day <= {day}
),
in_question as materialized (
    select * from purchase where order_no in (select order_no from purchase where minor < {minimum})
)
select n, sum(minor) over (partition by member, order_no order by day) as amount
from in_question line join member on member.id = line.member
where {counted};
