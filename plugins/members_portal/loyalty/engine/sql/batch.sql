-- The lines of a batch of members, and one line of kind `asked` per member for the day itself, after all others.
create or replace temp view batch as
select * from matched where {batch}
union all by name
select no as m, {last} as n, {day} as day, 'asked'::line_kind as kind, false as uncounted, 0 as base, 0::{bits_type} as multiplier_bits
from member where {batch};
