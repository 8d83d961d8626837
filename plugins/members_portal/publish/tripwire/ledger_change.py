"""The days of two censuses: lines gone, added and changed, and amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from members_portal.publish.tripwire.census import Census, LedgerDay
from members_portal.publish.tripwire.measure import Measure, loss, percentage, reaches
from members_portal.publish.tripwire.threshold import Thresholds

FEW_LATE = 10  # lines added to past days that are always accepted: bookings come late
FEW_CORRECTED = 3  # days with changed lines that are always accepted
MOST_DAYS = 10  # days named in a message

_NO_LINES = LedgerDay(0, 0, 0)


@dataclass(frozen=True)
class LedgerChanges:
    """Changes of the past: the number of lines gone and added by day, and the days with as many lines, but other ones.

    Lines are added to days before the newest one: that day may have been incomplete.
    """

    gone: Mapping[date, int]
    added: Mapping[date, int]
    corrected: tuple[date, ...] = ()

    def notes(self) -> tuple[str, ...]:
        """Return a sentence with the days of each kind of change."""
        kinds = (
            ("Lines are gone from", [f"{day} ({count})" for day, count in self.gone.items()]),
            ("Lines were added to", [f"{day} ({count})" for day, count in self.added.items()]),
            ("Lines were changed on", [f"{day}" for day in self.corrected]),
        )
        return tuple(f"{what}: {listed(days)}." for what, days in kinds if days)


def listed(days: Iterable[str]) -> str:
    """Return the first days, and the number of the others."""
    every = list(days)
    more = len(every) - MOST_DAYS
    return ", ".join(every[:MOST_DAYS]) + (f" and {more} more days" if more > 0 else "")


def ledger_changes(old: Census, new: Census) -> LedgerChanges:
    """Compare the days of two censuses."""
    past = [day for day in new.days if old.newest and day < old.newest]
    gone = {day: _of(old, day).lines - _of(new, day).lines for day in old.days}
    added = {day: _of(new, day).lines - _of(old, day).lines for day in past}
    corrected = _corrected(old, new) if old.hashing == new.hashing else ()
    return LedgerChanges(_positive(gone), _positive(added), tuple(corrected))


def ledger_measures(old: Census, new: Census, changes: LedgerChanges, limits: Thresholds) -> Iterator[Measure]:
    """Yield the measures of ledger lines."""
    yield loss("ledger lines", old.lines, new.lines, limits.lines)
    gone, late, corrected = sum(changes.gone.values()), sum(changes.added.values()), len(changes.corrected)
    yield _at_most("past lines gone", gone, limits.gone)
    yield _at_most("past lines added", late, max(FEW_LATE, old.lines * limits.growth / 100))
    few = max(FEW_CORRECTED, len(old.days) * limits.corrected / 100)
    yield _at_most("past days with changed lines", corrected, few)
    yield from _amounts(old, new, late, limits)
    is_older = old.newest is not None and (new.newest is None or new.newest < old.newest)
    yield Measure("newest line", _day(old.newest), _day(new.newest), "not older", is_older)


def _at_most(name: str, count: int, limit: float) -> Measure:
    return Measure(name, "", str(count), f"at most {limit:.0f}", count > limit)


def _amounts(old: Census, new: Census, late: int, limits: Thresholds) -> Iterator[Measure]:
    """Compare the amounts of past days. A few late lines may each have the amount of the largest day.

    Rises count day by day, so that a fall on another day hides none.
    """
    before = _sum(old, old.days)
    after = _sum(new, [day for day in new.days if old.newest and day <= old.newest])
    is_beyond = reaches(before - after, before, limits.amounts)
    yield Measure("sum of past amounts", "100 %", percentage(before, after), f"-{limits.amounts:g} %", is_beyond)
    rise = sum(max(0, _of(new, day).minor - _of(old, day).minor) for day in _settled(old, new))
    few = min(late, FEW_LATE) * max((day.minor for day in old.days.values()), default=0)
    is_beyond = rise > few and reaches(rise, before, limits.growth)
    added = f"+{percentage(abs(before), rise)}" if before else percentage(0, rise)
    yield Measure("  added to past days", "", added, f"+{limits.growth:g} %, or {FEW_LATE} usual lines", is_beyond)


def _settled(old: Census, new: Census) -> Iterator[date]:
    """Yield the days before the newest one, and that day if it has no new lines."""
    for day, figures in new.days.items():
        if old.newest and (day < old.newest or (day == old.newest and figures.lines == _of(old, day).lines)):
            yield day


def _sum(census: Census, days: Iterable[date]) -> int:
    return sum(census.days[day].minor for day in days)


def _corrected(old: Census, new: Census) -> Iterator[date]:
    """Yield the days with as many lines as before, of which one or more differ."""
    for day, figures in old.days.items():
        if _of(new, day).lines == figures.lines and new.days[day].digest != figures.digest:
            yield day


def _positive(counts: Mapping[date, int]) -> dict[date, int]:
    return {day: counts[day] for day in sorted(counts) if counts[day] > 0}


def _of(census: Census, day: date) -> LedgerDay:
    return census.days.get(day, _NO_LINES)


def _day(day: date | None) -> str:
    return day.isoformat() if day else "none"
