"""Present changes: what a change makes of a member's values at the time of its approval.

Values can have changed since the answer was taken in. Consent is given or withdrawn by channel: what an answer does not
state stays as it is, and the newest answer that states a channel counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from members_portal.inbox.record.inbox_row import APPROVED, NOT_APPROVED, ChangeRow

CONSENT_FIELD = "consent"
SETS = (CONSENT_FIELD, "interests")  # fields that are sets of words


def same_value(field: str, one: str, other: str) -> bool:
    """Tell whether two texts of a field mean the same."""
    return {*one.split()} == {*other.split()} if field in SETS else one == other


def outdated_fields(rows: Iterable[ChangeRow], present: Mapping[str, str]) -> list[str]:
    """Return the fields whose present value differs from both values of the change. Consent is left out."""
    return [
        row.field
        for row in rows
        if row.field != CONSENT_FIELD
        and not any(same_value(row.field, _present(row, present), text) for text in (row.before, row.after))
    ]


def with_present(row: ChangeRow, present: Mapping[str, str]) -> ChangeRow:
    """Return a row with the present value as that before the change."""
    return row._replace(before=_present(row, present))


def with_present_consent(row: ChangeRow, present: Mapping[str, str], later: Iterable[ChangeRow]) -> ChangeRow:
    """Return a row about consent as it applies to the present channels; `later` are rows of newer answers."""
    before, newer = _present(row, present), {channel for each in later for channel in _settled(each)}
    stated = _stated(row) - newer
    agreed = ({*before.split()} - stated) | ({*row.after.split()} & stated)
    after = " ".join(channel for channel in dict.fromkeys([*before.split(), *row.after.split()]) if channel in agreed)
    return row._replace(before=before, after=after)


def later_changes(row: ChangeRow, rows: Iterable[ChangeRow]) -> list[ChangeRow]:
    """Return the rows of newer answers about the same field of a member, but for those that were refused."""
    same = [each for each in rows if (each.member, each.field) == (row.member, row.field)]
    return [each for each in same[same.index(row) + 1 :] if each.state != NOT_APPROVED]


def _stated(row: ChangeRow) -> set[str]:
    """Return the channels about which a row says something; older rows tell them by their difference alone."""
    return {*row.stated.split()} | ({*row.before.split()} ^ {*row.after.split()})


def _settled(row: ChangeRow) -> set[str]:
    """Return the channels for which older answers no longer count: of one that waits, those that it withdraws."""
    return _stated(row) if row.state == APPROVED else _stated(row) - {*row.after.split()}


def _present(row: ChangeRow, present: Mapping[str, str]) -> str:
    return present.get(row.field.replace(" ", "_"), "")
