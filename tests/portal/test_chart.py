"""The geometry of the chart: where lines, dots and words come to lie."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.portal.chart import ABOVE, BELOW, Chart, line_chart

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


def test_what_is_owed_lies_below_nought() -> None:
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
    with pytest.raises(ValueError, match="no points"):
        line_chart([], WIDTH, HEIGHT)


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=13))
def test_everything_lies_within_the_picture(values: list[int]) -> None:
    chart = chart_of(*values)
    heights = [mark.y for mark in chart.marks] + [tick.y for tick in chart.ticks]
    assert ABOVE <= min(heights) <= max(heights) <= HEIGHT - BELOW
    assert all(chart.left <= mark.x <= chart.right for mark in chart.marks)
    assert 2 <= len(chart.ticks) <= 6
