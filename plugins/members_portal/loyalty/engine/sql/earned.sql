-- Points earned by each line: base points times factor, rounded, limited by the cap.
create or replace temp table earned as
with standing as (
    select r.*, {rung} as rung
    from rungs r {member}
),
multiplied as (
    select *, ({factor})::bigint as factor from standing
),
uncapped as (
    select *, {points_before_cap} as points_before_cap from multiplied
),
capped as (
    {capped}
)
select *, {available} as available, {expires} as expires
from capped;
