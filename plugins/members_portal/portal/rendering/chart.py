"""The geometry of small charts, in the units of the SVG's viewBox.

Every scale includes zero, so that heights are proportional to values. `line_chart` draws a balance over time,
`bar_chart` a few values side by side.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import count
from typing import NamedTuple

from babel import Locale
from babel.numbers import format_decimal

MOST_STEPS = 4  # of the scale, from its lowest to its highest line
DIGIT = 7.5  # width of a digit of the scale, at font size 13
ABOVE, BELOW, AFTER = 10.0, 26.0, 8.0  # margins of the plot: for labels above and below it, and for half a dot
OVER, LINE = 24.0, 16.0  # height above the highest bar for its value, and of each line of a label
CHART_SIZE = (400, 210)  # width and height: about the width of a phone, so that its labels stay readable
BAR, GAP = 64.0, 0.24  # maximum width of a bar, and the share of its place that stays empty
CHARACTER = 7.0  # mean width of a character of a label, at font size 13


class Tick(NamedTuple):
    """A line of the scale: its y coordinate and its value."""

    y: float
    value: int


class AxisMark(NamedTuple):
    """A point of the chart with its day and value."""

    x: float
    y: float
    day: date
    value: int


@dataclass(frozen=True)
class Chart:
    """A line chart: the line, the area between it and `zero`, the scale, and the marks to be labelled below it.

    `left` and `right` are the x coordinates of the plot. `line` and `area` are SVG path data, empty for a single point.
    """

    width: int
    height: int
    left: float
    right: float
    zero: float
    line: str
    area: str
    ticks: tuple[Tick, ...]
    marks: tuple[AxisMark, ...]
    named: tuple[AxisMark, ...]

    @property
    def first(self) -> AxisMark:
        return self.marks[0]

    @property
    def last(self) -> AxisMark:
        return self.marks[-1]

    @cached_property
    def highest(self) -> AxisMark:
        return max(self.marks, key=lambda mark: mark.value)

    @cached_property
    def lowest(self) -> AxisMark:
        return min(self.marks, key=lambda mark: mark.value)


@dataclass(frozen=True)
class _Scale:
    """Maps values between two round limits to y coordinates."""

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
    """Lay out values by day, in ascending order; raise ValueError when there are none."""
    if not points:
        raise ValueError("a chart without points")
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
    """Yield 1, 2, 5, 10, 20, 50, …"""
    for power in count():
        yield from (digit * 10**power for digit in (1, 2, 5))


def _marks(points: Sequence[tuple[date, int]], scale: _Scale, left: float, right: float) -> Iterator[AxisMark]:
    places = _places(tuple(day for day, _ in points), left, right)
    for x, (day, value) in zip(places, points, strict=True):
        yield AxisMark(x, scale.y(value), day, value)


@lru_cache(maxsize=64)
def _places(days: tuple[date, ...], left: float, right: float) -> tuple[float, ...]:
    """Return the x coordinates of days, which many charts share."""
    first, length = days[0], (days[-1] - days[0]).days
    shares = ((day - first).days / length if length else 1 for day in days)
    return tuple(_round(left + (right - left) * share) for share in shares)


def _round(length: float) -> float:
    return round(length, 1)


@dataclass(frozen=True)
class Bar:
    """A bar, its label in lines that fit below it, and its value as formatted text."""

    x: float
    y: float
    width: float
    height: float
    label: str
    lines: tuple[str, ...]
    text: str

    @property
    def middle(self) -> float:
        return _round(self.x + self.width / 2)


@dataclass(frozen=True)
class BarChart:
    """Bars on the line `zero`; `alt` is the text alternative."""

    title: str
    note: str
    unit: str
    alt: str
    width: int
    height: int
    zero: float
    bars: tuple[Bar, ...]
    kind: str = "bars"


def bar_chart(
    title: str,
    values: Sequence[tuple[str, Decimal]],
    width: int,
    height: int,
    *,
    note: str = "",
    unit: str = "",
    language: str = "en",
) -> BarChart:
    """Lay out labelled values; raise ValueError when there are none, or one is negative."""
    if not values:
        raise ValueError("a chart without bars")
    if below := [label for label, value in values if value < 0]:
        raise ValueError(f"the bar {below[0]!r} is negative")
    texts = _texts([value for _, value in values], language)
    lines = [_lines(label, width / len(values)) for label, _ in values]
    zero = height - LINE * max(map(len, lines)) - AFTER
    most = max(value for _, value in values) or Decimal(1)
    share, wide = width / len(values), _round(min(BAR, width / len(values) * (1 - GAP)))
    bars = []
    for place, (label, value) in enumerate(values):
        tall = _round((zero - OVER) * float(value / most))
        left = _round(share * (place + 0.5) - wide / 2)
        bars.append(Bar(left, _round(zero - tall), wide, tall, label, lines[place], texts[place]))
    told = ", ".join(f"{bar.label} {bar.text}{_after(unit)}" for bar in bars)
    return BarChart(title, note, unit, f"{title}: {told}", width, height, zero, tuple(bars))


def _texts(values: Sequence[Decimal], language: str) -> list[str]:
    """Format all values with the largest number of decimals that one of them has."""
    places = max(max(0, -int(value.as_tuple().exponent)) for value in values)
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return [format_decimal(value, pattern, Locale.parse(language, sep="-")) for value in values]


def _after(unit: str) -> str:
    return f"\N{NO-BREAK SPACE}{unit}" if unit else ""


def _lines(label: str, room: float) -> tuple[str, ...]:
    """Wrap a label between words to the width `room`."""
    lines: list[str] = []
    for word in label.split():
        if lines and (len(lines[-1]) + 1 + len(word)) * CHARACTER <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def label_characters(bars: int, width: int) -> int:
    """Return the maximum length of a word in a label, for a number of bars in a chart of a width."""
    return int(width / bars / CHARACTER)
