"""Tag sets: each combination of tags of a ledger once, in its normal form. Millions of lines have few of them.

The table `tag_set` has the columns `tags_text` (the cell as written), `normal_tags` (its normal form, as text), `tags`
(the list) and `tag_set` (a number, in the order of the lists).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from members_portal.loyalty.tag import normal_tags_sql

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TAGGED_LINES = (  # the lines with their tags, and with their position in the source
    "(select l.*, l.rowid as position, coalesce(tags, []) as tags, coalesce(tag_set, 0) as tag_set"
    " from ledger_line l left join tag_set using (tags_text))"
)
_LIST = "case when normal_tags is null then [] else string_split(regexp_replace(normal_tags, ' +', ' ', 'g'), ' ') end"


def create_tag_sets(con: DuckDBPyConnection) -> None:
    """Create the table `tag_set` for the cells `tags_text` of `ledger_line`."""
    cells = "(select distinct tags_text from ledger_line where tags_text is not null)"
    normal = f"(select tags_text, {normal_tags_sql('tags_text')} as normal_tags from {cells})"  # noqa: S608 - constants
    con.execute(
        "create or replace table tag_set as"  # noqa: S608 - constants
        " select *, (row_number() over (order by tags, tags_text))::integer as tag_set"
        f" from (select *, {_LIST} as tags from {normal})"
    )
