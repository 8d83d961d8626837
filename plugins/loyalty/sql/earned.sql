-- What each line earned: base points times the factor that applies, rounded, and what a cap leaves of it.
create or replace temp table earned as
with standing as (
    select r.*, case when fixed is not null and (fixed_until is null or day <= fixed_until) then fixed else earned_rung end as rung
    from rungs r join member on no = r.m
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
