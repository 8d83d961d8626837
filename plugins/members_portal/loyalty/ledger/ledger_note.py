"""Notes on ledger lines: a warning with the line's position in the source, and its place there once it is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Row, Table

MOST_NOTES = 200  # warnings listed of one ledger; others are only counted

LineKey = tuple[str | None, ...]  # the texts of a line in KEY_COLUMNS
KEY_COLUMNS = ("member", "kind", "reference", "points")


class Note(NamedTuple):
    """A warning on a line: its position in the source from 0, the column, the problem, the expected value."""

    position: int
    column: str
    what: str
    expected: str = ""


def located(source: Table, notes: Iterable[Note]) -> Iterator[Problem]:
    """Yield the warnings of the first notes, with their places in the source."""
    ordered = sorted(set(notes))
    shown: dict[int, list[Note]] = defaultdict(list)
    for note in ordered[:MOST_NOTES]:
        shown[note.position].append(note)
    for position, row in _rows(source, shown):
        yield from (row.problem(note.column, note.what, note.expected).as_warning() for note in shown[position])
    if len(ordered) > MOST_NOTES:
        what = f"{len(ordered)} warnings; these are the first {MOST_NOTES}"
        yield Problem(source.name, 0, 0, what).as_warning()


def located_by_key(source: Table, keys: Iterable[LineKey], column: str, what: str, expected: str) -> list[Problem]:
    """Return a warning for each key, at a line of the source with these texts; equal keys get one line each."""
    wanted: dict[LineKey, int] = defaultdict(int)
    for key in keys:
        wanted[key] += 1
    notes = []
    for position, raw in enumerate(source.raw_rows([])):
        texts = source.header.texts(raw.cells)
        key = tuple(texts.get(name) for name in KEY_COLUMNS)
        if wanted.get(key, 0):
            wanted[key] -= 1
            notes.append(Note(position, column, what, expected))
    unfound = Problem(source.name, 0, 0, what, expected).as_warning()  # written in another way, such as `0250`
    return [*located(source, notes), *([unfound] if any(wanted.values()) else [])]


def _rows(source: Table, positions: Iterable[int]) -> Iterator[tuple[int, Row]]:
    """Yield the rows at some positions, without reading beyond the last."""
    wanted = set(positions)
    for position, raw in enumerate(islice(source.raw_rows([]), max(wanted, default=-1) + 1)):
        if position in wanted:
            yield position, source.row(raw)
