"""Notes on ledger lines: a warning with the line's position in the source, and its place there once it is needed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from members_portal.loyalty.input.problem import Problem
from members_portal.loyalty.input.table_columns import Row, Table

if TYPE_CHECKING:
    from members_portal.loyalty.ledger.ledger import Ledger

MOST_NOTES = 200  # warnings listed of one ledger; others are only counted

LineKey = tuple[str, ...]  # the texts of a line in KEY_COLUMNS
KEY_COLUMNS = ("date", "member", "kind", "reference", "points")

_KEYS = (
    "select n, day::varchar, member, kind, coalesce(reference, ''), coalesce(points::varchar, '') from line"
    " where n in (select unnest(?::bigint[])) order by n"
)


class Note(NamedTuple):
    """A warning on a line: its position in the source from 0, the column, the problem, the expected value, a hint."""

    position: int
    column: str
    what: str
    expected: str = ""
    hint: str = ""


def located(source: Table, notes: Iterable[Note]) -> Iterator[Problem]:
    """Yield the warnings of the first notes, with their places in the source."""
    ordered = sorted(set(notes))
    shown: dict[int, list[Note]] = defaultdict(list)
    for note in ordered[:MOST_NOTES]:
        shown[note.position].append(note)
    for position, row in _rows(source, shown):
        yield from (
            row.problem(note.column, note.what, note.expected, note.hint).as_warning() for note in shown[position]
        )
    if len(ordered) > MOST_NOTES:
        what = f"{len(ordered)} warnings; these are the first {MOST_NOTES}"
        yield Problem(source.name, 0, 0, what).as_warning()


def located_by_number(
    source: Table, ledger: Ledger, notes: Iterable[Note], renumbered: Mapping[str, str]
) -> list[Problem]:
    """Return warnings with their places in the source; a note's position is a number of the view `line`.

    Of equal lines the last ones are named. `renumbered` maps former member ids to present ones.
    """
    notes = list(notes)
    numbers: dict[LineKey, list[int]] = defaultdict(list)
    for n, *key in ledger.rows(_KEYS, [sorted({note.position for note in notes})]):
        numbers[tuple(key)].append(n)
    places = _places(source, numbers, renumbered)
    position_of = {n: at for key, own in numbers.items() for n, at in zip(own[::-1], places[key][::-1], strict=False)}
    found = [note._replace(position=position_of[note.position]) for note in notes if note.position in position_of]
    unfound = {note[2:] for note in notes if note.position not in position_of}  # the source has changed meanwhile
    return [*located(source, found), *(Problem(source.name, 0, 0, *words).as_warning() for words in sorted(unfound))]


def _places(
    source: Table, wanted: Collection[LineKey], renumbered: Mapping[str, str]
) -> Mapping[LineKey, Sequence[int]]:
    """Return the positions in the source of the lines with these keys."""
    places: dict[LineKey, list[int]] = defaultdict(list)
    for position, raw in enumerate(source.raw_rows([])):
        texts = source.header.texts(raw.cells)
        day, member, kind, reference, points = (texts.get(name, "") for name in KEY_COLUMNS)
        points = points.lstrip("0") or points[-1:]  # `0250` is 250
        key = (day, renumbered.get(member, member), kind, reference, points)
        if key in wanted:
            places[key].append(position)
    return places


def _rows(source: Table, positions: Iterable[int]) -> Iterator[tuple[int, Row]]:
    """Yield the rows at some positions, without reading beyond the last."""
    wanted = set(positions)
    for position, raw in enumerate(islice(source.raw_rows([]), max(wanted, default=-1) + 1)):
        if position in wanted:
            yield position, source.row(raw)
