-- Points earned by each line: base points times factor, rounded. capped.sql limits them to the cap.
create or replace temp table earned as
with standing as (
    select r.*, {rung} as rung
    from rungs r {member}
),
multiplied as (
    select *, ({factor})::bigint as factor from standing
),
rounded as (
    select *, {points_before_cap} as points_before_cap from multiplied
)
select *, points_before_cap as earned, {available} as available, {expires} as expires
from rounded;
