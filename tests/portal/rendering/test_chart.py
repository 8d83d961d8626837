"""The geometry of charts: coordinates of lines, marks and labels."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.portal.rendering.chart import ABOVE, BELOW, BarChart, Chart, bar_chart, line_chart

WIDTH, HEIGHT = 400, 200
JANUARY, JUNE, DECEMBER = date(2026, 1, 1), date(2026, 7, 2), date(2026, 12, 31)  # a day, the middle, and the end


def chart_of(*values: int) -> Chart:
    """Draw values of days that follow each other at the same distance."""
    return line_chart([(JANUARY + timedelta(days=30 * n), value) for n, value in enumerate(values)], WIDTH, HEIGHT)


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        ((310, 680, 412), [0, 200, 400, 600, 800]),
        ((3, 1), [0, 1, 2, 3]),
        ((1200, 1999), [0, 500, 1000, 1500, 2000]),
        ((0, 0), [0, 1]),
        ((50, 50), [0, 20, 40, 60]),
        ((-28, 130), [-50, 0, 50, 100, 150]),
        ((-5, -7), [-8, -6, -4, -2, 0]),
        ((1_000_000,), [0, 500_000, 1_000_000]),
    ],
)
def test_the_scale_has_round_values_and_nought(values: tuple[int, ...], scale: list[int]) -> None:
    assert [tick.value for tick in chart_of(*values).ticks] == scale


def test_days_lie_as_far_apart_as_they_are() -> None:
    chart = line_chart([(JANUARY, 0), (JUNE, 50), (DECEMBER, 100)], WIDTH, HEIGHT)
    first, middle, last = chart.marks
    assert (first.x, last.x) == (chart.left, chart.right)
    assert middle.x == pytest.approx((first.x + last.x) / 2, abs=0.1)


def test_the_highest_is_at_the_top_and_nought_at_the_bottom() -> None:
    chart = chart_of(0, 50, 100)
    assert [mark.y for mark in chart.marks] == [HEIGHT - BELOW, (ABOVE + HEIGHT - BELOW) / 2, ABOVE]
    assert chart.zero == HEIGHT - BELOW


def test_the_line_goes_through_all_points_and_the_area_back_along_nought() -> None:
    chart = chart_of(0, 100, 50)
    (a, b, c), zero = chart.marks, chart.zero
    assert chart.line == f"M{a.x} {a.y}L{b.x} {b.y}L{c.x} {c.y}"
    assert chart.area == f"{chart.line}L{c.x} {zero}L{a.x} {zero}Z"


def test_a_negative_balance_lies_below_zero() -> None:
    chart = chart_of(100, -50)
    owed = chart.marks[1]
    assert ABOVE < chart.zero < owed.y <= HEIGHT - BELOW


def test_one_point_has_a_place_and_no_line() -> None:
    chart = chart_of(40)
    assert (chart.line, chart.area) == ("", "")
    assert chart.first == chart.last == chart.highest == chart.lowest
    assert chart.last.x == chart.right


def test_a_year_without_points_is_a_line_along_nought() -> None:
    chart = chart_of(*[0] * 13)
    assert {mark.y for mark in chart.marks} == {chart.zero} == {HEIGHT - BELOW}


def test_every_third_month_is_named_counted_from_the_last() -> None:
    chart = chart_of(*range(13))
    assert [mark.value for mark in chart.named] == [0, 3, 6, 9, 12]


def test_longer_figures_get_more_room() -> None:
    assert chart_of(9).left < chart_of(1000).left < chart_of(1_000_000).left


def test_a_chart_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="without points"):
        line_chart([], WIDTH, HEIGHT)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=13))
def test_everything_lies_within_the_picture(values: list[int]) -> None:
    chart = chart_of(*values)
    heights = [mark.y for mark in chart.marks] + [tick.y for tick in chart.ticks]
    assert ABOVE <= min(heights) <= max(heights) <= HEIGHT - BELOW
    assert all(chart.left <= mark.x <= chart.right for mark in chart.marks)
    assert 2 <= len(chart.ticks) <= 6


def bars_of(*values: str, labels: str = "A B C D E F G H I J K L") -> BarChart:
    """Draw bars, labelled by letters."""
    pairs = [(label, Decimal(value)) for label, value in zip(labels.split(), values, strict=False)]
    return bar_chart("Harvest", pairs, WIDTH, HEIGHT, unit="t")


def test_bars_stand_on_nought_and_are_as_high_as_their_values() -> None:
    chart = bars_of("50", "100", "0")
    assert [bar.y + bar.height for bar in chart.bars] == pytest.approx([chart.zero] * 3, abs=0.1)
    assert chart.bars[0].height * 2 == pytest.approx(chart.bars[1].height, abs=0.2)
    assert chart.bars[2].height == 0


def test_values_are_written_with_as_many_decimals_as_the_most_exact() -> None:
    assert [bar.text for bar in bars_of("7.15", "8.4", "1200").bars] == ["7.15", "8.40", "1,200.00"]
    assert bars_of("98", "99.5").alt == "Harvest: A 98.0\N{NO-BREAK SPACE}t, B 99.5\N{NO-BREAK SPACE}t"


def test_labels_break_between_words_where_their_place_is_narrow() -> None:
    values = [(f"2026 Q{number}", Decimal(1)) for number in range(1, 13)]
    assert bar_chart("", values, WIDTH, HEIGHT).bars[0].lines == ("2026", "Q1")
    assert bar_chart("", values[:4], WIDTH, HEIGHT).bars[0].lines == ("2026 Q1",)


@pytest.mark.parametrize("values", [[], [("A", Decimal(1)), ("B", Decimal(-1))]])
def test_bars_that_can_not_be_drawn_are_refused(values: list[tuple[str, Decimal]]) -> None:
    with pytest.raises(ValueError, match=r"without bars|'B' is negative"):
        bar_chart("Harvest", values, WIDTH, HEIGHT)


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=12))
def test_all_bars_lie_in_the_picture_and_apart(values: list[Decimal]) -> None:
    chart = bar_chart("", [(str(number), value) for number, value in enumerate(values)], WIDTH, HEIGHT)
    assert all(bar.x >= 0 and bar.y >= ABOVE and bar.x + bar.width <= WIDTH for bar in chart.bars)
    assert all(left.x + left.width < right.x for left, right in pairwise(chart.bars))
