-- What each line earned: base points times the factor that applies, rounded, and what a cap leaves of it.
create or replace temp table earned as
with standing as (
    select r.*, {rung} as rung
    from rungs r {member}
),
multiplied as (
    select *, ({factor})::bigint as factor from standing
),
uncapped as (
    select *, {would_earn} as would_earn from multiplied
),
capped as (
    {capped}
)
select *, {available} as available, {expires} as expires
from capped;
