"""References of lines in another spelling, such as `1001` for the order `#1001`.

An unknown reference is replaced by a known one of the same member and the same form, if there is exactly one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

UNKNOWN, OTHERS, UNCLEAR = "unknown", "of another member", "unclear"  # why a reference matches nothing
REASONS = (UNKNOWN, OTHERS, UNCLEAR)

# Normal form of a reference, inner first: case and Unicode form; `#` and spaces; a number from a spreadsheet; zeros.
NORMAL = (
    "regexp_replace(regexp_replace(regexp_replace(lower(nfc_normalize({})), '[#\\s]', '', 'g'), '[.]0+$', ''),"
    " '(^|[^0-9])0+([0-9])', '\\1\\2', 'g')"
)
_NONE_MEANT = "create or replace temp table {subject}_meant (position bigint, written varchar, meant varchar)"
_MATCHES = (
    "create or replace temp table {subject}_match as select s.position, s.form, any_value(s.reference) as written,"
    " min(k.reference) as meant, count(k.reference) as matches"
    " from {subject}_stray s left join {subject}_known k using (member, form) group by s.position, s.form"
)
_UNSURE = (  # a line with an error may be the one that is meant: its own error is enough
    "delete from {subject}_match where matches = 0 and form in"
    " (select {form} from ledger_line where broken <> 0 and reference is not null)"
)
_BROKEN = (
    "update ledger_line set broken = broken + $bit from {subject}_match m where m.position = ledger_line.rowid"
    " and matches <> 1 and $reason = case when matches > 1 then $unclear"
    " when form in (select form from {subject}_known) then $others else $unknown end"
)
_MEANT = (
    "create or replace temp table {subject}_meant as select position, written, meant from {subject}_match"
    " where matches = 1"
)
_CORRECTED = "update ledger_line set reference = meant from {subject}_meant where ledger_line.rowid = position"


def match_references(
    con: DuckDBPyConnection, subject: str, stray: str, known: str, bits: Mapping[str, int], form: str
) -> bool:
    """Give stray lines the reference they mean; mark the others by a bit in `broken`; return whether any is stray.

    `stray` selects position, member, reference and form of lines whose reference their member does not have; `known`
    selects member, reference and form of all references. `form` is the SQL of the form. `bits` maps some of UNKNOWN,
    OTHERS and UNCLEAR to a bit. The table `{subject}_meant` keeps the position, the reference as written and the one
    meant.
    """
    con.execute(f"create or replace temp table {subject}_stray as {stray}")
    if not con.execute(f"from {subject}_stray limit 1").fetchone():
        con.execute(_NONE_MEANT.format(subject=subject))
        return False
    con.execute(f"create or replace temp table {subject}_known as {known}")
    con.execute(_MATCHES.format(subject=subject))
    con.execute(_UNSURE.format(subject=subject, form=form))
    for reason, bit in bits.items():
        con.execute(
            _BROKEN.format(subject=subject),
            {"bit": bit, "reason": reason, "unclear": UNCLEAR, "others": OTHERS, "unknown": UNKNOWN},
        )
    con.execute(_MEANT.format(subject=subject))
    con.execute(_CORRECTED.format(subject=subject))
    return True
