-- One row per member, for some members, from the table of account rows. Columns: row.py, FactRow. The text under `facts` has the length before each free text,
-- so that no two accounts have the same; a line refers to others by their distance from it.
select member_no, max(day) filter (where kind = 'purchase' and reason <> 'before joining' and (coalesce(minor, 0) = 0 or spend > 0)) as ordered,
       min(day) filter (where kind <> 'asked') as oldest, max(day) filter (where kind <> 'asked') as newest,
       [{spends}]::bigint[] as spends, [{given}]::bigint[] as given, [{spent}]::bigint[] as spent,
       sha256(string_agg(concat_ws('|', case when kind <> 'asked' then day end, kind, coalesce(minor::varchar, '-'), coalesce(length(reference) || ':' || reference, '-'),
              case when len(tags) > 0 then array_to_string(list_transform(tags, lambda tag: length(tag) || ':' || tag), ',') else '' end, gives, takes, reason, coalesce(rule::varchar, '-'), factor,
              coalesce(available::varchar, '-'), coalesce(expires::varchar, '-'), rung, figure, total, reached, carried, spend, net,
              case when len(bought) > 0 then list_transform(bought, lambda other: n - other)::varchar else '' end, coalesce((n - undoes)::varchar, '-')), ';' order by n)) as facts
from {table} where {members}
group by member_no order by member_no;
