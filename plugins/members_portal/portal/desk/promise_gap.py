"""Promise gap: what was promised against what was delivered, per quarter.

The share of a figure is its number against that of the target, where both have one: `94.3 %` against `98 %`. A target
that names a maximum or none has a verdict only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from members_portal.portal.content.front.promise import Promise
from members_portal.portal.content.item import Shown

PERIODS_SHOWN = 4
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?)\s*%")


@dataclass(frozen=True)
class Delivery:
    """The result of a promise in one period; `height` is its percentage, None where there is none to draw."""

    period: str
    value: str
    kept: bool
    height: float | None = None


@dataclass(frozen=True)
class PromiseRow:
    """A promise with its target and its deliveries, one for each period shown; None where there is no result."""

    title: str
    url: str
    target: str
    mark: float | None
    deliveries: tuple[Delivery | None, ...]


@dataclass(frozen=True)
class PromiseGap:
    """All promises in the last periods, oldest first, with the number of kept ones among those with a result."""

    periods: tuple[str, ...]
    rows: tuple[PromiseRow, ...]
    kept: tuple[tuple[int, int], ...]


def promise_gap(items: Iterable[Shown]) -> PromiseGap:
    """Return the gap of the promises with results."""
    fronts = [(item, item.item.front) for item in items]
    promises = [(item, front) for item, front in fronts if isinstance(front, Promise) and front.results]
    told = sorted({result.period for _, front in promises for result in front.results})
    periods = tuple(told[-PERIODS_SHOWN:])
    rows = tuple(_row(item, front, periods) for item, front in sorted(promises, key=lambda each: each[1].order))
    columns = [[row.deliveries[at] for row in rows] for at in range(len(periods))]
    return PromiseGap(periods, rows, tuple(_count_kept(column) for column in columns))


def _count_kept(column: Iterable[Delivery | None]) -> tuple[int, int]:
    told = [delivery for delivery in column if delivery]
    return sum(delivery.kept for delivery in told), len(told)


def _row(item: Shown, front: Promise, periods: tuple[str, ...]) -> PromiseRow:
    results = {result.period: result for result in front.results}
    mark = _percent(front.target)
    found = [results.get(period) for period in periods]
    deliveries = tuple(
        Delivery(each.period, each.value, each.kept, _percent(each.value) if mark is not None else None)
        if each
        else None
        for each in found
    )
    return PromiseRow(item.title, item.url, front.target, mark, deliveries)


def _percent(text: str) -> float | None:
    """Return the first percentage of a text, if it is at most 100."""
    found = _PERCENT.search(text)
    number = float(found[1].replace(",", ".")) if found else None
    return number if number is not None and number <= 100 else None
