"""Themes by quarter."""

from __future__ import annotations

from datetime import date

import pytest

from members_portal.portal.desk.theme_count import last_quarters, quarter_of, theme_counts
from tests.portal.desk.answers import said


@pytest.mark.parametrize(
    ("day", "quarter"), [("2026-01-01", "2026 Q1"), ("2026-03-31", "2026 Q1"), ("2026-12-31", "2026 Q4")]
)
def test_a_quarter_is_written_as_promises_write_it(day: str, quarter: str) -> None:
    assert quarter_of(date.fromisoformat(day)) == quarter


@pytest.mark.parametrize("day", ["2026-02-01", "2026-01-31", "2026-03-15"])
def test_four_quarters_are_shown(day: str) -> None:
    assert last_quarters(date.fromisoformat(day)) == ("2025 Q2", "2025 Q3", "2025 Q4", "2026 Q1")


def test_feedback_is_counted_by_theme_the_most_frequent_first_and_without_a_theme_last() -> None:
    answers = [
        said("2026-11-01", theme="Delivery"),
        said("2026-08-01", theme="Delivery"),
        said("2026-11-02", theme="Repairs"),
        said("2024-11-02", theme="Long ago"),
        said("2026-11-02", words="without a theme"),
        said("2026-11-03", words="nor this one"),
        said("2026-10-03", words="nor this one"),
        said("2026-11-02", kind="survey", theme="Delivery"),
    ]
    found = theme_counts(answers, date(2026, 11, 20))
    counts = [(one.theme, one.counts) for one in found]
    assert counts == [("Delivery", (0, 0, 1, 1)), ("Repairs", (0, 0, 0, 1)), ("", (0, 0, 0, 3))]
