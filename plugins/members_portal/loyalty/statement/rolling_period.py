"""The rolling period of a member on days to come, if no more lines follow. RULES.md, "Rolling periods".

The engine computes the same for the days up to the account's day, in SQL (tiers_rolling.sql); a test compares the two.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from members_portal.loyalty.engine.row import AccountLine
from members_portal.loyalty.period import DAY, leaves_on
from members_portal.loyalty.programme.qualifying import Qualifying


class Fall(NamedTuple):
    """The loss of a rung: the first day below it, the rung then, and the figure that was missing to keep it."""

    on: date
    to: int
    missing: int


@dataclass(frozen=True)
class RollingPeriod:
    """The sums of a rolling period of `length` days: each of `sums` holds from its day in `days` to the next.

    `reaches` is the ladder in force, `past` the ladders before it, each with the first day after it.
    """

    qualifying: Qualifying
    length: int
    reaches: Sequence[int]
    days: Sequence[date]
    sums: Sequence[int]
    past: Sequence[tuple[date, Sequence[int]]] = ()

    def sum_on(self, day: date) -> int:
        at = bisect_right(self.days, day)
        return self.sums[at - 1] if at else 0

    def next_change(self, day: date) -> date | None:
        """Return the first day after `day` on which the sum changes because lines leave the period."""
        at = bisect_right(self.days, day)
        return self.days[at] if at < len(self.days) else None

    def fall(self, rung: int, on: date) -> Fall | None:
        """Return the loss of the member's rung after a day, or None when it is not lost."""
        day = next((day for day in self._possible_falls(on) if self.rung_on(day) < rung), None)
        if day is None:
            return None
        day_before = self.sum_on(day - DAY) if self.qualifying.grace_days else self.sum_on(day)
        return Fall(day, self.rung_on(day), self.reaches[rung] - max(day_before, self.sum_on(day)))

    def rung_on(self, day: date) -> int:
        """Return the member's rung at the end of a day, for the downgrades `one-step` and `by-balance`."""
        return max(self._kept(rung, day) for rung in range(len(self.reaches)))

    def _kept(self, rung: int, day: date) -> int:
        """Return the rung that a member who held `rung` keeps on a day."""
        held = self._last_held(rung, day)
        if held is None:
            return 0
        late = max(0, (day - held).days - self.qualifying.grace_days)
        if self.qualifying.downgrade == "one-step":
            return max(0, rung - -(-late // self.length))
        return 0 if late else rung

    def _last_held(self, rung: int, day: date) -> date | None:
        """Return the last day, up to `day`, on which the sum reached a rung."""
        spells = self._held[rung]
        at = bisect_right(spells, day, key=lambda spell: spell[0])
        return min(day, spells[at - 1][1]) if at else None

    @cached_property
    def _held(self) -> list[list[tuple[date, date]]]:
        """The spells in which the sum reaches a rung, as first and last day, for each rung."""
        ends = [*(day - DAY for day in self.days[1:]), date.max]
        spells = list(zip(self.days, ends, self.sums, strict=False))  # without days, `ends` still has one item
        return [
            [
                (max(first, since), min(last, until))
                for since, until, reaches in self._ladders()
                for first, last, total in spells
                if total >= reaches[rung] and max(first, since) <= min(last, until)
            ]
            for rung in range(len(self.reaches))
        ]

    def _ladders(self) -> Iterator[tuple[date, date, Sequence[int]]]:
        """Yield every ladder with its first and last day."""
        since = date.min
        for until, reaches in self.past:
            yield since, until - DAY, reaches
            since = until
        yield since, date.max, self.reaches

    def _possible_falls(self, on: date) -> Iterator[date]:
        """Yield in order the days after `on` on which a rung may be lost: a sum ended so many days before."""
        steps = len(self.reaches) if self.qualifying.downgrade == "one-step" else 1
        delays = [timedelta(days=self.qualifying.grace_days + step * self.length) for step in range(steps)]
        ends = [*self.days, *(day for day, _ in self.past)]
        yield from sorted({fall for day in ends for delay in delays if (fall := day + delay) > on})


def rolling_period(
    lines: Sequence[AccountLine],
    qualifying: Qualifying,
    length: int,
    reaches: Sequence[int],
    past: Sequence[tuple[date, Sequence[int]]] = (),
) -> RollingPeriod:
    """Add up the figures of a member's lines, each counted for `length` days."""
    changes: Counter[date] = Counter()
    for line in lines:
        changes[line.day] += line.net
        changes[leaves_on(line.day, length)] -= line.net
    days = [day for day in sorted(changes) if changes[day]]
    return RollingPeriod(qualifying, length, reaches, days, list(accumulate(changes[day] for day in days)), past)
