"""The order of a ledger's lines: by member, then as in RULES.md, "Words". The order in the source has no effect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from members_portal.loyalty.engine.expression import cases, quoted
from members_portal.loyalty.ledger.ledger_rule import EVENTS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KIND_ORDER = ("purchase", *EVENTS, "adjustment", "refund", "redemption", "reversal")
TAKEN_PLACE = ("points < 0", 2 * len(KIND_ORDER) - 3)  # an adjustment below 0 is between redemptions and reversals
KIND_PLACE = cases([TAKEN_PLACE, *((f"kind = {quoted(kind)}", 2 * place) for place, kind in enumerate(KIND_ORDER))])
LINE_ORDER = f"member, day, {KIND_PLACE}::utinyint, reference, item, minor, points, tag_set"


def number_lines(con: DuckDBPyConnection) -> None:
    """Sort `ledger_line`, and create the view `line` of numbered lines."""
    con.execute("drop table if exists ledger_member")
    columns = "member, day, kind, minor, points, reference, item, coalesce(tag_set, 0) as tag_set"
    with_tags = "ledger_line left join tag_set using (tags_text)"
    lines = f"select {columns} from {with_tags} order by {LINE_ORDER}"  # noqa: S608 - constants
    con.execute(f"create or replace table ledger_sorted as {lines}")
    con.execute("drop table ledger_line")
    con.execute("alter table ledger_sorted rename to ledger_line")
    con.execute(
        "create or replace view line as select l.rowid + 1 as n, member, day, kind::varchar as kind, minor, points,"
        " reference, item, coalesce(tags, []) as tags from ledger_line l left join tag_set using (tag_set)"
    )
