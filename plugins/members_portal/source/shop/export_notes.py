"""Notes on rows of exports that are left out or read in another way, with the number of rows.

An export holds thousands of orders of guests. Each kind of note is one problem, at the first of its rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from members_portal.loyalty.input.located_yaml import normal_key
from members_portal.loyalty.input.problem import Degree, Problem
from members_portal.loyalty.input.table_columns import Row

MOST_KINDS = 20  # kinds of notes that are listed; a wrong column may have as many as rows


@dataclass(frozen=True)
class NoteKind:
    """A kind of note: `3 orders` and its words, with its degree."""

    noun: str
    words: str
    expected: str = ""
    degree: Degree = "warning"

    def problem(self, first: Problem, count: int) -> Problem:
        """Return the problem of a number of rows, at the place of the first."""
        what = f"{count} {self.noun}{'s' if count > 1 else ''} {self.words}"
        return Problem(first.file, first.line, first.column, what, self.expected, degree=self.degree)


@dataclass
class ExportNotes:
    """The notes on exports: the place of the first row and the number of rows, by kind."""

    found: dict[NoteKind, tuple[Problem, int]] = field(default_factory=dict)

    def add(self, row: Row, column: str | None, kind: NoteKind) -> None:
        """Note a row; `column` is the export's name of the column."""
        first, count = self.found.get(kind) or (row.problem(normal_key(column or ""), ""), 0)
        self.found[kind] = first, count + 1

    def problems(self) -> Iterator[Problem]:
        """Yield a problem for each kind."""
        kinds = list(self.found.items())
        for kind, (first, count) in kinds[:MOST_KINDS]:
            yield kind.problem(first, count)
        if len(kinds) > MOST_KINDS:
            what = f"{len(kinds)} notes; these are the first {MOST_KINDS}"
            yield Problem(kinds[0][1][0].file, 0, 0, what).as_warning()
