-- Members with a redemption that may have been of more points than there were, from the table of account rows.
with taken as (
    select member_no, n, day, kind, sum(greatest(takes, 0)) over (partition by member_no order by n) as so_far from {table} where takes <> 0
),
covered as (
    select t.member_no, t.n, t.so_far, coalesce(sum(lot.gives), 0) as active
    from taken t left join {table} lot on lot.member_no = t.member_no and lot.n < t.n and lot.gives > 0
         and lot.available <= t.day and (lot.expires is null or lot.expires >= t.day)
    where t.kind = 'redemption' group by t.member_no, t.n, t.so_far
)
select distinct member_no from covered where active < so_far order by member_no;
