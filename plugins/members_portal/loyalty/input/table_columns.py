"""Tables: rows of text under named columns, as in a CSV file, a database table or a list in YAML.

Columns that are not in the schema are dropped before any of their values are stored, and listed.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from members_portal.loyalty.input.csv_cell import TEXT_START, stated_text
from members_portal.loyalty.input.located_yaml import Mark, normal_key
from members_portal.loyalty.input.problem import InvalidInput, Problem, closest

INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")  # YAML rejects them too

NOT_UTF8 = re.compile("[\udc80-\udcff]")  # bytes that are not UTF-8, as `surrogateescape` decodes them

Cells = Sequence[str | None]


@dataclass(frozen=True)
class Header:
    """The index of each schema column in a row. `dropped` lists all other columns, with a suggestion."""

    places: Mapping[str, int]
    dropped: tuple[str, ...] = ()

    def texts(self, cells: Cells) -> dict[str, str]:
        """Return the texts of a row by column, stripped, without empty ones."""
        places = self.places.items()
        found = {column: text for column, place in places if (cell := cells[place]) and (text := cell.strip())}
        if TEXT_START in "".join(found.values()):  # few rows have such a cell
            return {column: stated_text(text) for column, text in found.items()}
        return found


@dataclass(frozen=True)
class Row:
    """One row: its texts by column, with its place: `file` may be `portal_members, row M-7`; `line` is 0 if unknown.

    `mark` returns the line and column of a text. It is slow, and called for problems only.
    """

    file: str
    texts: Mapping[str, str]
    line: int = 0
    mark: Callable[[str], Mark] = lambda column: (0, 0)

    def problem(self, column: str, what: str, expected: str = "", hint: str = "") -> Problem:
        """Return a problem at a column of this row, or at its start."""
        return Problem(self.file, *self.mark(column), what, expected, hint)


def numbered(header: Header, without: Collection[str] = ()) -> Header:
    """Return the header of rows that hold only schema columns, in the order of the source."""
    kept = sorted((place, column) for column, place in header.places.items() if column not in without)
    return Header({column: place for place, (_, column) in enumerate(kept)}, header.dropped)


class RawRow(NamedTuple):
    """A row as read: its number or first line in the source, its cells, and for CSV its text with all line ends."""

    number: int
    cells: Cells
    text: str = ""


class Table(Protocol):
    """Rows that can be read more than once, in the same order each time."""

    @property
    def name(self) -> str:
        """The name in problems."""

    @property
    def header(self) -> Header:
        """The columns; raises InvalidInput when a required one is missing."""

    def raw_rows(self, problems: list[Problem]) -> Iterator[RawRow]:
        """Yield the rows; add an unreadable row to `problems`."""

    def row(self, raw: RawRow) -> Row:
        """Return the texts of a row with their places; slower than the cells alone."""


def read_header(
    names: Sequence[str],
    known: Collection[str],
    required: Collection[str],
    at: Problem,
    shown: Callable[[str], str] = lambda key: _spaced(key),
) -> Header:
    """Match column names with a schema; `at` is the place of the header. Raise InvalidInput.

    `shown` returns the name of a column in problems.
    """
    keys = [normal_key(name) for name in names]
    places = {key: index for index, key in reversed(list(enumerate(keys))) if key in known}
    repeated = [key for key in places if keys.count(key) > 1]
    problems = [_at(at, f"there are two columns `{shown(key)}`", "one of each") for key in repeated]
    problems += [
        _at(at, f"the column `{shown(key)}` is missing", f"at least {', '.join(map(shown, required))}")
        for key in required
        if key not in places
    ]
    if problems:
        raise InvalidInput(problems)
    return Header(places, tuple(_dropped(names, keys, known)))


def _dropped(names: Sequence[str], keys: list[str], known: Collection[str]) -> Iterator[str]:
    for number, (name, key) in enumerate(zip(names, keys, strict=True), 1):
        if key not in known:
            hint = _spaced(closest(key, [word for word in known if word not in keys]))
            yield (name.strip() or f"column {number}") + (f" (did you mean {hint}?)" if hint else "")


def _at(place: Problem, what: str, expected: str) -> Problem:
    return Problem(place.file, place.line, place.column, what, expected)


def _spaced(key: str) -> str:
    return key.replace("_", " ")
