-- One row per member, from the table of account rows. Columns: row.py, FactRow. The text under `facts` has the length before each free text,
-- so that no two accounts have the same; lines refer to each other by their distance from the member's first line.
with first as (
    select member_no, min(n) as first from {table} group by member_no
)
select member_no, max(day) filter (where kind = 'purchase' and reason <> 'before joining' and (coalesce(minor, 0) = 0 or spend > 0)) as ordered, max(day) filter (where kind <> 'asked') as newest,
       [{spends}]::bigint[] as spends, [{given}]::bigint[] as given, [{spent}]::bigint[] as spent,
       sha256(string_agg(concat_ws('|', case when kind <> 'asked' then day end, kind, coalesce(minor::varchar, '-'), coalesce(length(reference) || ':' || reference, '-'),
              array_to_string(list_transform(tags, lambda tag: length(tag) || ':' || tag), ','), gives, takes, reason, coalesce(rule::varchar, '-'), factor,
              coalesce(available::varchar, '-'), coalesce(expires::varchar, '-'), rung, figure, total, reached, carried, spend, net,
              list_transform(bought, lambda n: n - first)::varchar, coalesce((undoes - first)::varchar, '-')), ';' order by n)) as facts
from {table} join first using (member_no)
group by member_no order by member_no;
