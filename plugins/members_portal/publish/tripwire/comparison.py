"""Two censuses, measure by measure: the release in force and the publish that would replace it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from members_portal.publish.tripwire.census import Census
from members_portal.publish.tripwire.ledger_change import LedgerChanges, ledger_changes, ledger_measures
from members_portal.publish.tripwire.measure import Measure, markdown_table, percentage, reaches, text_table
from members_portal.publish.tripwire.member_change import MemberChanges, member_measures
from members_portal.publish.tripwire.threshold import Thresholds

MEMBERS_NOTE = "Members are those in force that are still there; of a tier, those still in it or in a higher one."


@dataclass(frozen=True)
class Comparison:
    """All measures, and the changes of the ledger by day."""

    measures: tuple[Measure, ...]
    ledger: LedgerChanges

    @property
    def is_beyond(self) -> bool:
        """Whether a measure is beyond its limit."""
        return any(measure.is_beyond for measure in self.measures)

    @property
    def corrected(self) -> tuple[date, ...]:
        """The past days that have as many lines as before, but other ones."""
        return self.ledger.corrected

    def table(self) -> str:
        """Return the measures as lines of text in columns, and the days of changed lines."""
        return "\n\n".join([text_table(self.measures), *filter(None, ["\n".join(self._notes())])])

    def markdown(self) -> str:
        """Return the measures as a table in Markdown, and the days of changed lines."""
        return "\n\n".join([markdown_table(self.measures), *self._notes()])

    def _notes(self) -> tuple[str, ...]:
        has_members = any(measure.name == "members" for measure in self.measures)
        return (*([MEMBERS_NOTE] if has_members else []), *self.ledger.notes())


def is_lost(old: Census, new: Census, members: MemberChanges, limits: Thresholds) -> bool:
    """Return whether members or points are beyond their limit."""
    measures = (*member_measures(old, members, limits), *_points(old, new.points, limits))
    return any(measure.is_beyond for measure in measures)


def compare(
    old: Census, new: Census, members: MemberChanges, limits: Thresholds, points: int | None = None
) -> Comparison:
    """Compare two censuses. `members` and `points` are those of the day that counts; by default, `points` of `new`."""
    ledger = ledger_changes(old, new)
    measures = (
        *member_measures(old, members, limits),
        *_points(old, new.points if points is None else points, limits),
        *_currency(old, new),
        *ledger_measures(old, new, ledger, limits),
    )
    return Comparison(measures, ledger)


def _points(old: Census, points: int | None, limits: Thresholds) -> Iterator[Measure]:
    """Compare the points of all members; not with a census of an earlier version."""
    if old.points is not None and points is not None:
        is_beyond = reaches(old.points - points, old.points, limits.points)
        yield Measure("points", "100 %", percentage(old.points, points), f"-{limits.points:g} %", is_beyond)


def _currency(old: Census, new: Census) -> Iterator[Measure]:
    if old.currency:
        yield Measure("currency", old.currency, new.currency, "the same", new.currency != old.currency)
