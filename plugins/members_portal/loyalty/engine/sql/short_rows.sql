-- Members with a redemption that may have been of more points than there were, among some members, from the table of account rows.
with own as (
    from {table} where {members}
),
taken as (
    select member_no, n, day, kind, sum(greatest(takes, 0)) over (partition by member_no order by n) as so_far from own where takes <> 0
),
covered as (
    select t.member_no, t.n, t.so_far, coalesce(sum(lot.gives), 0) as active
    from taken t left join own lot on lot.member_no = t.member_no and lot.n < t.n and lot.gives > 0
         and lot.available <= t.day and (lot.expires is null or lot.expires >= t.day)
    where t.kind = 'redemption' group by t.member_no, t.n, t.so_far
)
select distinct member_no from covered where active < so_far order by member_no;
