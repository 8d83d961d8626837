"""Strict YAML: every scalar is a string, every value knows its line and column.

YAML's own typing turns `NO` into false, `0123` into 83 and keeps the last of two equal keys. Here nothing is
guessed: the schema types the strings, a repeated key is a problem, and anchors are refused (a few lines of
them can unfold into gigabytes).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from plugins.loyalty.problem import InvalidInput, Problem, read_text, shown_path

MAX_DEPTH = 20  # levels of nesting; the deepest schema here has 5
NULLS = frozenset({"", "~", "null"})

Path_ = tuple[str | int, ...]
Mark = tuple[int, int]  # line, column; both from 1


@dataclass
class Located:
    """A YAML tree of dict, list, str and None, with the place of every key and value."""

    file: str
    private: bool = False  # about people: problems must not quote values
    value: Any = None
    values: dict[Path_, Mark] = field(default_factory=dict)
    keys: dict[Path_, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def mark(self, path: Path_, *, key: bool = False) -> Mark:
        """Return where a value (or its key) stands, or the nearest place above it."""
        places = self.keys if key else self.values
        while path and path not in places:
            path, places = path[:-1], self.values
        return places.get(path, (1, 1))

    def problem(
        self, path: Path_, what: str, expected: str = "", hint: str = "", *, key: bool = False
    ) -> Problem:
        """Make a problem placed at a value or key of this tree."""
        return Problem(self.file, *self.mark(path, key=key), what, expected, hint)


def normal_key(text: str) -> str:
    """Fold `Image alt` and `image_alt` into one name."""
    return "_".join(text.lower().replace("_", " ").split())


def load_yaml(path: Path, *, private: bool = False) -> Located:
    """Read a YAML file; raise InvalidInput when it can't be parsed at all."""
    return parse_yaml(read_text(path), shown_path(path), private=private)


def parse_yaml(text: str, file: str, first_line: int = 1, *, private: bool = False) -> Located:
    """Parse YAML text whose first line is `first_line` of the file."""
    found = Located(file, private)
    offset = first_line - 1
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        _Builder(found, offset, events).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1 + offset, mark.column + 1) if mark else (first_line, 1)
        what = " ".join(filter(None, (error.context, error.problem)))
        raise InvalidInput([Problem(file, line, column, f"isn't YAML: {what}")]) from None
    except yaml.YAMLError as error:
        what = f"isn't YAML: {str(error).splitlines()[0]}"
        raise InvalidInput([Problem(file, first_line, 1, what)]) from None
    return found


class _Builder:
    """Walks parser events and fills a Located."""

    def __init__(self, found: Located, offset: int, events: Iterator[yaml.Event]) -> None:
        self.found, self.offset, self.events = found, offset, events

    def document(self) -> None:
        next(self.events)  # stream start
        if isinstance(next(self.events), yaml.StreamEndEvent):
            return
        self.found.value = self.node(next(self.events), ())
        next(self.events)  # document end
        extra = next(self.events)
        if not isinstance(extra, yaml.StreamEndEvent):
            raise self.refusal(extra, "a second document begins here", "one document per file")

    def node(self, event: yaml.Event, path: Path_) -> Any:
        self.found.values[path] = self.place(event)
        if len(path) > MAX_DEPTH:
            raise self.refusal(event, f"is nested deeper than {MAX_DEPTH} levels")
        if isinstance(event, yaml.ScalarEvent):
            return None if event.implicit[0] and event.value.lower() in NULLS else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        raise self.refusal(event, "is an alias (`*name`)", "the value written out")

    def sequence(self, path: Path_) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, (*path, len(items))))
        return items

    def mapping(self, path: Path_) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self.refusal(event, "is a list or mapping used as a key", "a plain key")
            key = normal_key(event.value)
            if key in items:
                self.repeated(event, (*path, key))
            self.found.keys[(*path, key)] = self.place(event)
            items[key] = self.node(next(self.events), (*path, key))
        return items

    def repeated(self, event: yaml.ScalarEvent, path: Path_) -> None:
        first = self.found.keys[path][0]
        what = f"`{event.value}` is given twice (first on line {first})"
        self.found.problems.append(Problem(self.found.file, *self.place(event), what, "each key once"))

    def place(self, event: yaml.Event) -> Mark:
        mark = event.start_mark
        return (mark.line + 1 + self.offset, mark.column + 1) if mark else (1 + self.offset, 1)

    def refusal(self, event: yaml.Event, what: str, expected: str = "") -> InvalidInput:
        return InvalidInput([Problem(self.found.file, *self.place(event), what, expected)])
