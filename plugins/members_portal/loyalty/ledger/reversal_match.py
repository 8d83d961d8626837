"""Redemptions of reversals: each reversal undoes a redemption of its member.

A reference that differs from the redemption's only in case, hyphens, `#`, spaces or zeros is read as the redemption's;
so is a coupon code with O for 0, and I or L for 1. A reversal of any other reference is an error. A second reversal of
one redemption is a warning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from members_portal.loyalty.ledger.ledger_note import Note
from members_portal.loyalty.ledger.order_match import NORMAL, OTHERS, UNCLEAR, UNKNOWN

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CODE_CHARACTERS = 16  # of a coupon code, without hyphens
_BARE = "lower(regexp_replace(reference, '[-\\s]', '', 'g'))"
_FORM = (
    f"case when length({_BARE}) = {CODE_CHARACTERS} then translate({_BARE}, 'oil', '011')"
    f" else {NORMAL.format(_BARE)} end as form"
)
_STRAY = (
    "create or replace temp table reversal_stray as select r.rowid as position, member, reference,"  # noqa: S608
    f" {_FORM} from ledger_line r anti join"
    " (select member, reference from ledger_line where kind = 'redemption') using (member, reference)"
    " where kind = 'reversal' and reference is not null and broken = 0"
)
_FORMS = (
    "create or replace temp table redemption_form as select distinct member, reference,"  # noqa: S608
    f" {_FORM} from ledger_line where kind = 'redemption' and reference is not null"
)
_MEANT = (
    "create or replace temp table reversal_meant as select s.position, min(o.reference) as meant,"
    " count(*) as redemptions from reversal_stray s join redemption_form o using (member, form) group by s.position"
)
_UNMATCHED = (
    f"select position, case when redemptions > 1 then '{UNCLEAR}'"  # noqa: S608 - constants
    f" when form in (select form from redemption_form) then '{OTHERS}' else '{UNKNOWN}' end"
    " from reversal_stray left join reversal_meant using (position) where redemptions is null or redemptions > 1"
)
_UNDOING = (
    "select rowid, member, reference, kind = 'reversal', day from ledger_line where kind in ('redemption', 'reversal')"
    " and (member, reference) in (select (member, reference) from ledger_line where kind = 'reversal')"
    " order by day, kind = 'reversal', rowid"
)


def match_reversals_of(con: DuckDBPyConnection, bits: Mapping[str, int]) -> None:
    """Match the reversals of `ledger_line` with redemptions; mark one without a redemption by a bit in `broken`."""
    con.execute(_STRAY)
    if not con.execute("from reversal_stray limit 1").fetchone():
        con.execute("create or replace temp table reversal_meant (position bigint, meant varchar, redemptions bigint)")
        return
    con.execute(_FORMS)
    con.execute(_MEANT)
    for reason, bit in bits.items():
        which = f"(select position from ({_UNMATCHED}) found(position, reason) where reason = '{reason}')"  # noqa: S608
        con.execute(f"update ledger_line set broken = broken + {bit} where rowid in {which}")  # noqa: S608
    con.execute(
        "update ledger_line set reference = meant from reversal_meant"
        " where ledger_line.rowid = position and redemptions = 1"
    )


def reversal_notes(con: DuckDBPyConnection) -> Iterator[Note]:
    """Yield a note for each reversal with a reference in another spelling, and for each without effect."""
    for (position,) in con.execute("select position from reversal_meant where redemptions = 1").fetchall():
        what = "the reference differs from the redemption's in case, hyphens, `#`, spaces or zeros"
        yield Note(position, "reference", what, "the reference as in the redemption")
    rows: list[tuple[int, str, str, bool, date]] = con.execute(_UNDOING).fetchall()
    redeemed: Counter[tuple[str, str]] = Counter()
    open_ones: Counter[tuple[str, str]] = Counter()
    for position, member, reference, is_reversal, _ in rows:
        key = (member, reference)
        if not is_reversal:
            redeemed[key] += 1
            open_ones[key] += 1
        elif open_ones[key]:
            open_ones[key] -= 1
        elif redeemed[key]:
            yield Note(position, "reference", "the redemption was already undone", "one reversal of a redemption")
        else:
            what = "the reversal is dated before its redemption"
            yield Note(position, "date", what, "the redemption's day or later")
