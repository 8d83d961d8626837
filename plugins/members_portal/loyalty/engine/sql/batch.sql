-- One batch of members: their lines and, as a last line of each, the day itself.
create or replace temp view batch as
select * from counted where {batch}
union all by name
select no as m, {last} as n, {day} as day, 'asked'::line_kind as kind, false as uncounted, 0 as base, 0::{bits} as boosts
from member where {batch};
