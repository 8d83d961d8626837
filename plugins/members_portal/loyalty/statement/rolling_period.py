"""A rolling period on days to come, were nothing more bought. RULES.md, "Rolling periods"."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from members_portal.loyalty.engine.account import Entry
from members_portal.loyalty.programme.qualifying import Qualifying

DAY = timedelta(days=1)


class Fall(NamedTuple):
    """The first day below a rung, the rung that is left, and how much more would have held it."""

    on: date
    to: int
    missing: int


@dataclass(frozen=True)
class Rolling:
    """The sums of a member's rolling period: each of `sums` lasts from its day in `days` up to the next."""

    qualifying: Qualifying
    reaches: Sequence[int]
    days: Sequence[date]
    sums: Sequence[int]

    def sum_on(self, day: date) -> int:
        at = bisect_right(self.days, day)
        return self.sums[at - 1] if at else 0

    def next_change(self, day: date) -> date | None:
        """Return the first day after this one on which the sum changes by itself."""
        at = bisect_right(self.days, day)
        return self.days[at] if at < len(self.days) else None

    def fall(self, rung: int, on: date) -> Fall | None:
        """Find how the rung that a member stands on is lost after a day."""
        day = next((day for day in self._turns(on) if self.stands(day) < rung), None)
        if day is None:
            return None
        on_the_eve = self.sum_on(day - DAY) if self.qualifying.grace_days else self.sum_on(day)
        return Fall(day, self.stands(day), self.reaches[rung] - max(on_the_eve, self.sum_on(day)))

    def stands(self, day: date) -> int:
        """Return the rung a member stands on at the end of a day."""
        return max(self._left_of(rung, day) for rung in range(len(self.reaches)))

    def _left_of(self, rung: int, day: date) -> int:
        """Return what is left on a day of having held a rung."""
        held = self._last_held(rung, day)
        if held is None:
            return 0
        late = max(0, (day - held).days - self.qualifying.grace_days)
        if self.qualifying.downgrade == "one-step":
            return max(0, rung - -(-late // (self.qualifying.days or 1)))
        return 0 if late else rung

    def _last_held(self, rung: int, day: date) -> date | None:
        """Return the last day, up to this one, on which the sum reached a rung."""
        stretches = self._held[rung]
        at = bisect_right(stretches, day, key=lambda stretch: stretch[0])
        return min(day, stretches[at - 1][1]) if at else None

    @cached_property
    def _held(self) -> list[list[tuple[date, date]]]:
        """The first and last days of the times in which the sum reaches a rung, for each rung."""
        ends = [*(day - DAY for day in self.days[1:]), date.max]
        spells = list(zip(self.days, ends, self.sums, strict=False))  # without a day there is no end either
        return [[(first, last) for first, last, total in spells if total >= reach] for reach in self.reaches]

    def _turns(self, on: date) -> Iterator[date]:
        """Give the days on which a rung may be lost, in order: when a sum, or what it left, has lasted its time."""
        steps = len(self.reaches) if self.qualifying.downgrade == "one-step" else 1
        lasting = [timedelta(days=self.qualifying.grace_days + j * (self.qualifying.days or 0)) for j in range(steps)]
        yield from sorted({turn for day in self.days for more in lasting if (turn := day + more) > on})


def rolling_of(entries: Sequence[Entry], qualifying: Qualifying, reaches: Sequence[int]) -> Rolling:
    """Add up a member's lines, each counted for the days of the period."""
    changes: Counter[date] = Counter()
    for entry in entries:
        changes[entry.day] += entry.figure
        changes[entry.day + timedelta(days=qualifying.days or 0)] -= entry.figure
    days = [day for day in sorted(changes) if changes[day]]
    return Rolling(qualifying, reaches, days, list(accumulate(changes[day] for day in days)))
