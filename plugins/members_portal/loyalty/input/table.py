"""Rows of text under named columns: what CSV files, tables of a database and lists in YAML have in common.

A column that the schema doesn't have is dropped before anything of it is kept, and listed: what nobody needs, nobody
holds.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from members_portal.loyalty.input.located_yaml import Mark, normal_key
from members_portal.loyalty.input.problem import InvalidInput, Problem, closest

INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")  # what YAML refuses too

NOT_UTF8 = re.compile("[\udc80-\udcff]")  # how bytes that are not UTF-8 are read, so that their place is known

Cells = Sequence[str | None]


@dataclass(frozen=True)
class Header:
    """Where the columns of a schema stand in a row; `dropped` names the others, with what was likely meant."""

    places: Mapping[str, int]
    dropped: tuple[str, ...] = ()

    def texts(self, cells: Cells) -> dict[str, str]:
        """Give the texts of a row by column, without spaces around them and without empty ones."""
        found = ((column, (cells[place] or "").strip()) for column, place in self.places.items())
        return {column: text for column, text in found if text}


@dataclass(frozen=True)
class Row:
    """One row: its texts by column, and where it stands: a file or `portal_members, row M-7`; its line if it has one.

    `mark` finds the line and column of a text; it is asked only where something is wrong.
    """

    file: str
    texts: Mapping[str, str]
    line: int = 0
    mark: Callable[[str], Mark] = lambda column: (0, 0)

    def problem(self, column: str, what: str, expected: str = "", hint: str = "") -> Problem:
        """Make a problem placed at a column of this row, or at its beginning."""
        return Problem(self.file, *self.mark(column), what, expected, hint)


def numbered(header: Header, without: Collection[str] = ()) -> Header:
    """Return a header for rows that hold only the columns of the schema, in the order of the source."""
    kept = sorted((place, column) for column, place in header.places.items() if column not in without)
    return Header({column: place for place, (_, column) in enumerate(kept)}, header.dropped)


class Record(Protocol):
    """A row as it stands in its source."""

    @property
    def cells(self) -> Cells:
        """Its texts, in the order of the source's columns."""


Found = TypeVar("Found", bound=Record)


class Table(Protocol[Found]):
    """Rows that can be read more than once, and come in the same order each time."""

    @property
    def name(self) -> str:
        """What problems call it."""

    @property
    def header(self) -> Header:
        """Which columns it has; raises InvalidInput when it lacks a required one."""

    def records(self, problems: list[Problem]) -> Iterator[Found]:
        """Give the rows, and add to `problems` what can't be read as one."""

    def row(self, record: Found) -> Row:
        """Give a row's texts with their places; slower than its bare cells."""


def read_header(names: Sequence[str], known: Collection[str], required: Collection[str], at: Problem) -> Header:
    """Match the names of columns with a schema's; `at` is the place of the header. Raise InvalidInput."""
    keys = [normal_key(name) for name in names]
    places = {key: index for index, key in reversed(list(enumerate(keys))) if key in known}
    repeated = [key for key in places if keys.count(key) > 1]
    problems = [_at(at, f"there are two columns `{_spaced(key)}`", "one of each") for key in repeated]
    problems += [
        _at(at, f"the column `{_spaced(key)}` is missing", f"at least {', '.join(map(_spaced, required))}")
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
