"""The geometry of a small line chart: what a template has to draw, in the units of the SVG's viewBox.

A balance over time starts its scale at nought, so that half the height is half the points.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count

MOST_STEPS = 4  # between the lowest and the highest line of the scale
DIGIT = 7.5  # width of a figure of the scale, at a size of 13
ABOVE, BELOW, AFTER = 10.0, 26.0, 8.0  # free of the plot, for words and for half a dot


@dataclass(frozen=True)
class Tick:
    """A line of the scale: its height and what it stands for."""

    y: float
    value: int


@dataclass(frozen=True)
class Mark:
    """A point of the chart and what it says."""

    x: float
    y: float
    day: date
    value: int


@dataclass(frozen=True)
class Chart:
    """A line, the area between it and `zero`, the scale at its side, and the marks to be named below it.

    `left` and `right` are where the plot begins and ends; `line` and `area` are path data, empty for one point alone.
    """

    width: int
    height: int
    left: float
    right: float
    zero: float
    line: str
    area: str
    ticks: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    named: tuple[Mark, ...]

    @property
    def first(self) -> Mark:
        return self.marks[0]

    @property
    def last(self) -> Mark:
        return self.marks[-1]

    @property
    def highest(self) -> Mark:
        return max(self.marks, key=lambda mark: mark.value)

    @property
    def lowest(self) -> Mark:
        return min(self.marks, key=lambda mark: mark.value)


@dataclass(frozen=True)
class _Scale:
    """Puts values between two round ones onto heights."""

    low: int
    high: int
    step: int
    height: int

    def y(self, value: int) -> float:
        room = self.height - ABOVE - BELOW
        return _round(ABOVE + room * (self.high - value) / (self.high - self.low))

    def ticks(self) -> Iterator[Tick]:
        for value in range(self.low, self.high + 1, self.step):
            yield Tick(self.y(value), value)


def line_chart(points: Sequence[tuple[date, int]], width: int, height: int) -> Chart:
    """Lay out values by their days, which ascend; raise ValueError when there are none."""
    if not points:
        raise ValueError("a chart of no points")
    scale = _scale([value for _, value in points], height)
    left = _round(max(len(f"{value:,}") for value in (scale.low, scale.high)) * DIGIT + 8)
    right = width - AFTER
    marks = tuple(_marks(points, scale, left, right))
    zero = scale.y(0)
    line = "M" + "L".join(f"{mark.x} {mark.y}" for mark in marks)
    return Chart(
        width=width,
        height=height,
        left=left,
        right=right,
        zero=zero,
        line=line if len(marks) > 1 else "",
        area=f"{line}L{marks[-1].x} {zero}L{marks[0].x} {zero}Z" if len(marks) > 1 else "",
        ticks=tuple(scale.ticks()),
        marks=marks,
        named=tuple(marks[::-3][::-1]) if len(marks) > 1 else marks,
    )


def _scale(values: Sequence[int], height: int) -> _Scale:
    low, high = min(0, *values, 0), max(0, *values, 0)
    step = next(step for step in _round_steps() if -(low // step) - (-high // step) <= MOST_STEPS)
    bottom, top = low // step * step, -(-high // step) * step
    return _Scale(bottom, top if top > bottom else bottom + step, step, height)


def _round_steps() -> Iterator[int]:
    """Give 1, 2, 5, 10, 20, 50, …"""
    for power in count():
        yield from (digit * 10**power for digit in (1, 2, 5))


def _marks(points: Sequence[tuple[date, int]], scale: _Scale, left: float, right: float) -> Iterator[Mark]:
    first, days = points[0][0], (points[-1][0] - points[0][0]).days
    for day, value in points:
        share = (day - first).days / days if days else 1
        yield Mark(_round(left + (right - left) * share), scale.y(value), day, value)


def _round(length: float) -> float:
    return round(length, 1)
