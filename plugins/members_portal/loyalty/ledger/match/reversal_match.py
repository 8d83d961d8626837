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
from members_portal.loyalty.ledger.match.reference_match import NORMAL, match_references

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CODE_CHARACTERS = 16  # of a coupon code, without hyphens
_BARE = "lower(regexp_replace(reference, '[-\\s]', '', 'g'))"
_FORM = (
    f"case when length({_BARE}) = {CODE_CHARACTERS} then translate({_BARE}, 'oil', '011')"
    f" else {NORMAL.format(_BARE)} end"
)
_STRAY = (
    f"select r.rowid as position, member, reference, {_FORM} as form from ledger_line r anti join"  # noqa: S608 - constants
    " (select member, reference from ledger_line where kind = 'redemption') using (member, reference)"
    " where kind = 'reversal' and reference is not null and broken = 0"
)
_KNOWN = (
    f"select distinct member, reference, {_FORM} as form from ledger_line"  # noqa: S608 - constants
    " where kind = 'redemption' and reference is not null"
)
_UNDOING = (
    "select rowid, member, reference, kind = 'reversal', day from ledger_line where kind in ('redemption', 'reversal')"
    " and (member, reference) in (select (member, reference) from ledger_line where kind = 'reversal')"
    " order by day, kind = 'reversal', rowid"
)


def match_reversals_of(con: DuckDBPyConnection, bits: Mapping[str, int]) -> None:
    """Match the reversals of `ledger_line` with redemptions; mark one without a redemption by a bit in `broken`."""
    match_references(con, "reversal", _STRAY, _KNOWN, bits, _FORM)


def reversal_notes(con: DuckDBPyConnection) -> Iterator[Note]:
    """Yield a note for each reversal with a reference in another spelling, and for each without effect."""
    for (position,) in con.execute("select position from reversal_meant").fetchall():
        what = "the reference differs from the redemption's in case, hyphens, `#`, spaces or zeros"
        yield Note(position, "reference", what, "the reference as in the redemption")
    rows: list[tuple[int, str, str, bool, date]] = con.execute(_UNDOING).fetchall()
    redeemed: Counter[tuple[str, str]] = Counter()
    open_ones: Counter[tuple[str, str]] = Counter()
    redemptions = {(member, reference) for _, member, reference, is_reversal, _ in rows if not is_reversal}
    for position, member, reference, is_reversal, _ in rows:
        key = (member, reference)
        if not is_reversal:
            redeemed[key] += 1
            open_ones[key] += 1
        elif open_ones[key]:
            open_ones[key] -= 1
        elif redeemed[key]:
            yield Note(position, "reference", "the redemption was already undone", "one reversal of a redemption")
        elif key in redemptions:
            what = "the reversal is dated before its redemption"
            yield Note(position, "date", what, "the redemption's day or later")
