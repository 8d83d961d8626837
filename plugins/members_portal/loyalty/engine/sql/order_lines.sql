-- Purchases and refunds of the orders that have a refund.
create or replace temp table order_line as
with returned as (
    select distinct m, order_no from matched where kind in ('refund', 'early refund') and order_no is not null
)
select m, order_no, n, kind in ('refund', 'early refund') as is_refund, minor, count(*) filter (not is_refund) over (partition by m, order_no) as bought_lines
from matched semi join returned using (m, order_no);
