"""Theme counts: what members said, by theme, with the number of answers in each of the last quarters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from members_portal.portal.desk.heard_answer import FEEDBACK, THEME, HeardAnswer

QUARTERS = 4  # that are shown, with the present one


@dataclass(frozen=True)
class ThemeCount:
    """The number of answers about a theme in each of the quarters shown."""

    theme: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


def quarter_of(day: date) -> str:
    """Return the quarter of a day as promises write it: `2026 Q4`."""
    return f"{day.year} Q{(day.month + 2) // 3}"


def last_quarters(on: date) -> tuple[str, ...]:
    """Return the quarters shown, oldest first; the last is that of the day."""
    days = [on.replace(day=1)]
    while len(days) < QUARTERS * 3:
        days.append((days[-1] - timedelta(days=1)).replace(day=1))
    return tuple(dict.fromkeys(quarter_of(day) for day in reversed(days)))[-QUARTERS:]


def theme_counts(answers: Iterable[HeardAnswer], on: date) -> list[ThemeCount]:
    """Count the feedback of each theme in the last quarters, the most frequent first; that without a theme is last."""
    quarters = last_quarters(on)
    counts = Counter(
        (answer.values.get(THEME, ""), quarter_of(answer.received)) for answer in answers if answer.kind == FEEDBACK
    )
    themes = {theme for theme, _ in counts}
    found = [ThemeCount(theme, tuple(counts[theme, quarter] for quarter in quarters)) for theme in themes]
    return sorted((each for each in found if each.total), key=lambda each: (not each.theme, -each.total, each.theme))
