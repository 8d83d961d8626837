"""A measure of two censuses: a row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Measure(NamedTuple):
    """A row of the table: a measure of both censuses, its limit, and whether it is beyond."""

    name: str
    before: str
    after: str
    limit: str
    is_beyond: bool


def loss(name: str, before: int, after: int, percent: float) -> Measure:
    """Compare two counts by a percentage."""
    limit = f"less than {percent:g} % fewer"
    return Measure(name, str(before), str(after), limit, reaches(before - after, before, percent))


def reaches(change: int, before: int, percent: float) -> bool:
    """Return whether a change from `before` is a percentage of it or more; never from 0."""
    return before != 0 and change > 0 and change * 100 >= abs(before) * percent


def percentage(before: int, after: int) -> str:
    """Return `after` in percent of `before`: an amount itself may not get into a public log."""
    if before:
        return f"{after * 100 / before:.1f} %"
    return "other" if after else "100 %"


def text_table(measures: Sequence[Measure]) -> str:
    """Return the measures as lines of text in columns."""
    rows = [("", "in force", "now", "limit", ""), *map(_cells, measures)]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    columns = tuple(zip("<>><", widths, strict=True))  # alignment and width
    padded = ([f"{cell:{sign}{width}}" for cell, (sign, width) in zip(row, columns, strict=False)] for row in rows)
    return "\n".join("  ".join(["", *cells, row[4]]).rstrip() for cells, row in zip(padded, rows, strict=True))


def markdown_table(measures: Sequence[Measure]) -> str:
    """Return the measures as a table in Markdown."""
    rows = [("measure", "in force", "now", "limit", ""), ("---", "--:", "--:", "---", "---")]
    return "\n".join(f"| {' | '.join(row)} |" for row in (*rows, *map(_cells, measures)))


def _cells(measure: Measure) -> tuple[str, str, str, str, str]:
    return (*measure[:4], "beyond the limit" if measure.is_beyond else "")
