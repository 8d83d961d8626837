"""Two censuses, measure by measure: the release in force and the publish that would replace it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from members_portal.publish.tripwire.census import Census
from members_portal.publish.tripwire.threshold import Thresholds

FEW_LATE = 10  # lines added to past days that are always accepted: bookings come late
FEW_CORRECTED = 3  # days with changed lines that are always accepted
FEW_MOVED = 1  # members that may always leave a tier: a tier given by hand moves one

Limit = str


class Measure(NamedTuple):
    """A row of the table: a measure of both censuses, its limit, and whether it is beyond."""

    name: str
    before: str
    after: str
    limit: Limit
    is_beyond: bool


@dataclass(frozen=True)
class Comparison:
    """All measures, and the past days that have as many lines as before, but other ones."""

    measures: tuple[Measure, ...]
    corrected: tuple[date, ...] = ()

    @property
    def is_beyond(self) -> bool:
        """Whether a measure is beyond its limit."""
        return any(measure.is_beyond for measure in self.measures)

    def table(self) -> str:
        """Return the measures as lines of text in columns."""
        rows = [("", "in force", "now", "limit", ""), *map(_cells, self.measures)]
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        columns = tuple(zip("<>><", widths, strict=True))  # alignment and width
        padded = ([f"{cell:{sign}{width}}" for cell, (sign, width) in zip(row, columns, strict=False)] for row in rows)
        return "\n".join("  ".join(["", *cells, row[4]]).rstrip() for cells, row in zip(padded, rows, strict=True))

    def markdown(self) -> str:
        """Return the measures as a table in Markdown."""
        rows = [("measure", "in force", "now", "limit", ""), ("---", "--:", "--:", "---", "---")]
        return "\n".join(f"| {' | '.join(row)} |" for row in (*rows, *map(_cells, self.measures)))


def _cells(measure: Measure) -> tuple[str, str, str, str, str]:
    return (*measure[:4], "beyond the limit" if measure.is_beyond else "")


def lost_members(old: Census, members: Mapping[str, int], limits: Thresholds) -> bool:
    """Return whether the members, or those of one edition, are beyond their limit."""
    return any(measure.is_beyond for measure in _member_measures(old, members, limits))


def compare(old: Census, new: Census, members: Mapping[str, int], limits: Thresholds) -> Comparison:
    """Compare two censuses. `members` are the members now by edition, on the day that counts."""
    corrected = tuple(_corrected(old, new)) if old.hashing == new.hashing else ()
    measures = (*_member_measures(old, members, limits), *_ledger_measures(old, new, corrected, limits))
    return Comparison(measures, corrected)


def _member_measures(old: Census, members: Mapping[str, int], limits: Thresholds) -> Iterator[Measure]:
    before, after = sum(old.members.values()), sum(members.values())
    yield _loss("members", before, after, limits.members)
    for edition, count in old.members.items():
        yield _loss(f"  {edition}", count, members.get(edition, 0), limits.tier, FEW_MOVED)


def _ledger_measures(old: Census, new: Census, corrected: tuple[date, ...], limits: Thresholds) -> Iterator[Measure]:
    yield _loss("ledger lines", old.lines, new.lines, limits.lines)
    gone, late = _gone(old, new), _late(old, new)
    yield Measure("past lines gone", "", str(gone), f"at most {limits.gone:g}", gone > limits.gone)
    late_limit = max(FEW_LATE, old.lines * limits.growth / 100)
    yield Measure("past lines added", "", str(late), f"at most {late_limit:.0f}", late > late_limit)
    corrected_limit = max(FEW_CORRECTED, len(old.days) * limits.corrected / 100)
    is_beyond = len(corrected) > corrected_limit
    yield Measure("past days with changed lines", "", str(len(corrected)), f"at most {corrected_limit:.0f}", is_beyond)
    yield _amounts(old, new, limits)
    is_older = old.newest is not None and (new.newest is None or new.newest < old.newest)
    yield Measure("newest line", _day(old.newest), _day(new.newest), "not older", is_older)


def _loss(name: str, before: int, after: int, percent: float, few: int = 0) -> Measure:
    """Compare two counts; `few` may always be lost."""
    lost = before - after
    is_beyond = lost > few and lost * 100 >= before * percent
    limit = f"less than {percent:g} % fewer" + (f", or {few}" if few else "")
    return Measure(name, str(before), str(after), limit, is_beyond)


def _amounts(old: Census, new: Census, limits: Thresholds) -> Measure:
    """Compare the amounts of past days. The table shows percentages: it may get into a public log.

    A rise counts on days with as many lines as before: other days have a limit of new lines.
    """
    before = _sum(old, old.days)
    change = _sum(new, [day for day in new.days if old.newest and day <= old.newest]) - before
    same = [day for day in old.days if day in new.days and new.days[day].lines == old.days[day].lines]
    rise = _sum(new, same) - _sum(old, same)
    is_beyond = -change * 100 >= abs(before) * limits.amounts if change < 0 else False
    is_beyond = is_beyond or (rise > 0 and rise * 100 >= abs(before) * limits.growth)
    after = f"{100 + change * 100 / abs(before):.1f} %" if before else ("100 %" if not change else "other")
    limit = f"-{limits.amounts:g} %, or +{limits.growth:g} % on days without new lines"
    return Measure("sum of past amounts", "100 %", after, limit, is_beyond)


def _sum(census: Census, days: Iterable[date]) -> int:
    return sum(census.days[day].minor for day in days)


def _gone(old: Census, new: Census) -> int:
    """Count the lines by which past days have fewer lines than before."""
    return sum(max(0, figures.lines - _lines(new, day)) for day, figures in old.days.items())


def _late(old: Census, new: Census) -> int:
    """Count the lines by which days before the newest one have more lines: that day may have been incomplete."""
    past = [day for day in new.days if old.newest and day < old.newest]
    return sum(max(0, new.days[day].lines - _lines(old, day)) for day in past)


def _corrected(old: Census, new: Census) -> Iterator[date]:
    """Yield the days with as many lines as before, of which one or more differ."""
    for day, figures in old.days.items():
        if _lines(new, day) == figures.lines and new.days[day].digest != figures.digest:
            yield day


def _lines(census: Census, day: date) -> int:
    return census.days[day].lines if day in census.days else 0


def _day(day: date | None) -> str:
    return day.isoformat() if day else "none"
