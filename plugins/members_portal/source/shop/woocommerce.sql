-- Views on the tables of WooCommerce (4.0 and later), for PostgreSQL and SQLite. WooCommerce keeps them in MySQL: copy
-- these three tables, for example with pgloader. Change `wp_` where the site has another prefix.
-- Amounts are those paid, with tax. Members are the customers with an account. These tables do not state fees: they are
-- part of the postage. Nor do they state the day on which an order was cancelled: such an order loses its lines.

create view portal_members as
  select cast(user_id as text) as id,
         first_name as given_name,
         last_name as family_name,
         trim(first_name || ' ' || last_name) as formal_name,
         email,
         substr(cast(date_registered as text), 1, 10) as joined
  from wp_wc_customer_lookup
  where user_id > 0;

-- `parent_id` is the order of a refund, 0 for an order.
create view portal_ledger as
  select substr(cast(o.date_created as text), 1, 10) as date,
         cast(c.user_id as text) as member,
         case when o.parent_id = 0 then 'purchase' else 'refund' end as kind,
         cast(cast(l.amount as decimal(14, 2)) as text) as amount,
         cast(case when o.parent_id = 0 then o.order_id else o.parent_id end as text) as reference,
         l.item,
         l.tags,
         l.line
  from wp_wc_order_stats o
  join wp_wc_customer_lookup c on c.customer_id = o.customer_id and c.user_id > 0
  join (
    select order_id,
           order_item_id * 2 as line,
           'product-' || product_id || '-' || variation_id as item,
           'product-' || product_id as tags,
           abs(round(cast(product_net_revenue + tax_amount as decimal(14, 4)), 2)) as amount
    from wp_wc_order_product_lookup
    union all
    select s.order_id,
           s.order_id * 2 + 1,
           'postage',
           'postage',
           abs(round(cast(s.total_sales - coalesce(i.paid, 0) as decimal(14, 4)), 2))
    from wp_wc_order_stats s
    left join (
      select order_id, sum(product_net_revenue + tax_amount) as paid from wp_wc_order_product_lookup group by order_id
    ) i on i.order_id = s.order_id
    where abs(s.total_sales - coalesce(i.paid, 0)) >= 0.005
  ) l on l.order_id = o.order_id
  left join wp_wc_order_stats p on p.order_id = o.parent_id
  where coalesce(p.status, o.status) in ('wc-processing', 'wc-completed', 'wc-refunded')
    and (o.parent_id = 0 or l.amount > 0);
