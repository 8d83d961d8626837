"""Strict YAML: every scalar is a string, and every value has its line and column.

YAML's own typing reads `NO` as false and `0123` as 83, and of two equal keys it keeps the last. Here the schema types
the strings, a repeated key is a problem, and anchors are rejected: a few lines of them can expand to gigabytes.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from members_portal.loyalty.input.problem import InvalidInput, Problem, closest, one_of, read_text, shown_path

MAX_DEPTH = 20  # levels of nesting; the deepest schema here has 5
NULLS = frozenset({"", "~"})  # not the word null: it is a family name
EXPLAINED = {  # part of libyaml's message: the cause in the editor's words, and the expected form
    "mapping values are not allowed": ("a `: ` inside a text", "the text in quotes, or keys that line up"),
    "could not find expected ':'": ("isn't `key: value`", "a colon and a space after the key"),
    "cannot start any token": ("begins with a sign that means something else in YAML", "the text in quotes"),
    "did not find expected alphabetic": ("begins with a sign that means something else in YAML", "the text in quotes"),
    "did not find expected '-'": ("doesn't line up", "`- ` before each part of a list"),
    "did not find expected key": ("doesn't line up, or goes on after a closing quote", "`key: value`"),
    "unknown escape": ("a backslash in double quotes", "single quotes, or two backslashes"),
    "quoted scalar": ("a quote isn't closed", "a second quote"),
    "flow sequence": ("a `[` isn't closed", "a `]`, and a comma after each part"),
    "flow mapping": ("a `{` isn't closed", "a `}`, and a comma after each part"),
}
UNCLOSED_ERRORS = [EXPLAINED[what] for what in ("quoted scalar", "flow sequence", "flow mapping")]
COLON_ERRORS = [EXPLAINED[what] for what in ("mapping values are not allowed", "could not find expected ':'")]
_CLOSE_COLON = re.compile(r"\s*(?:- )?[^\W\d_][\w ]*(:(?![ \t/]|$)|\uff1a)")  # `Title:x`, and the wide colon of Chinese
MERGE_MARK = re.compile(r"^(?:<{7}|>{7}) .+$", re.MULTILINE)  # of git, around two versions
UNMERGED = ("a mark of a merge with a conflict", "one of the two versions, without the marks")
_NO_SPACE = ("no colon with a space after the key", "`key: value`")

Path_ = tuple[str | int, ...]
Mark = tuple[int, int]  # line, column; both from 1


@dataclass
class Located:
    """A YAML tree of dict, list, str and None, with the place of each key and value.

    `comments` are the comments behind plain texts, with their `#`.
    """

    file: str
    private: bool = False  # personal data: problems must not quote values
    value: Any = None
    values: dict[Path_, Mark] = field(default_factory=dict)
    keys: dict[Path_, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    comments: dict[Path_, str] = field(default_factory=dict)

    def mark(self, path: Path_, *, key: bool = False) -> Mark:
        """Return the place of a value (or of its key), or of the nearest parent."""
        places = self.keys if key else self.values
        while path and path not in places:
            path, places = path[:-1], self.values
        return places.get(path, (1, 1))

    def problem(self, path: Path_, what: str, expected: str = "", hint: str = "", *, key: bool = False) -> Problem:
        """Return a problem at a value or key of this tree."""
        return Problem(self.file, *self.mark(path, key=key), what, expected, hint)

    def unknown(
        self, path: Path_, noun: str, word: str, known: Collection[str], *, key: bool = False
    ) -> Iterator[Problem]:
        """Yield a problem if a word that names something is not one of the known words."""
        if word not in known:
            yield self.problem(path, f"unknown {noun} `{word}`", one_of(known), closest(word, known), key=key)


def normal_key(text: str) -> str:
    """Normalise a key: `Image alt` and `image_alt` are the same."""
    return "_".join(text.lower().replace("_", " ").split())


def load_yaml(path: Path, *, private: bool = False) -> Located:
    """Read a YAML file; raise InvalidInput when it is not YAML."""
    return parse_yaml(read_text(path), shown_path(path), private=private)


def parse_yaml(text: str, file: str, first_line: int = 1, *, private: bool = False) -> Located:
    """Parse YAML text that begins on line `first_line` of a file."""
    found = Located(file, private)
    offset = first_line - 1
    try:
        events = yaml.parse(text, Loader=yaml.CSafeLoader)
        _Builder(found, offset, events, text.split("\n") if " #" in text else []).document()
    except yaml.MarkedYAMLError as error:
        raise InvalidInput([_explained(error, text, file, offset)]) from None
    except yaml.reader.ReaderError as error:
        before = text.encode()[: error.position].decode(errors="ignore")
        line, column = before.count("\n"), len(before) - before.rfind("\n")
        what = f"holds the invisible character U+{error.character:04X}"
        raise InvalidInput([Problem(file, line + 1 + offset, column, what, "text")]) from None
    return found


def _explained(error: yaml.MarkedYAMLError, text: str, file: str, offset: int) -> Problem:
    """Return the problem for a parser error: in plain words where EXPLAINED has the message."""
    if found := MERGE_MARK.search(text):
        return Problem(file, text.count("\n", 0, found.start()) + 1 + offset, 1, *UNMERGED)
    message = " ".join(filter(None, (error.context, error.problem)))
    known = next((words for part, words in EXPLAINED.items() if part in message), None)
    what, expected = known or (f"isn't YAML: {message}", "")
    begun = error.context_mark if known in UNCLOSED_ERRORS else None
    mark = begun or error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    for above in range(line, max(line - 3, -1), -1) if known in COLON_ERRORS else ():
        if above < len(lines) and (key := _CLOSE_COLON.match(lines[above])):
            return Problem(file, above + 1 + offset, key.start(1) + 1, *_NO_SPACE)
    if text.split("\n")[line : line + 1] and text.split("\n")[line][column : column + 1] == "\t":
        what, expected = "a tab", "spaces"
    return Problem(file, line + 1 + offset, column + 1, what, expected)


class _Builder:
    """Builds a Located from parser events."""

    def __init__(self, found: Located, offset: int, events: Iterator[yaml.Event], lines: Sequence[str]) -> None:
        """`lines` are those of the text; none are needed for a text without comments."""
        self.found, self.offset, self.events, self.lines = found, offset, events, lines

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
            self.cut_off(event, path)
            return None if event.implicit[0] and event.value in NULLS else event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(path)
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(path)
        raise self.alias(event)

    def sequence(self, path: Path_) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(self.events), yaml.SequenceEndEvent):
            items.append(self.node(event, (*path, len(items))))
        return items

    def mapping(self, path: Path_) -> dict[str, Any]:
        items: dict[str, Any] = {}
        while not isinstance(event := next(self.events), yaml.MappingEndEvent):
            if isinstance(event, yaml.AliasEvent):
                raise self.alias(event)
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

    def cut_off(self, event: yaml.ScalarEvent, path: Path_) -> None:
        """Keep the comment behind a text; a number such as ` #2`, which YAML reads as one, is a problem."""
        if self.lines and not event.style and event.value and event.end_mark:
            rest = self.lines[event.end_mark.line][event.end_mark.column :]
            if cut := re.match(r" +(#[0-9]\S*)", rest):
                sign = "#" if self.found.private else f"{cut[1]:.20}"
                what = f"the text ends before `{sign}`: YAML reads that as a comment"
                self.found.problems.append(Problem(self.found.file, *self.place(event), what, "the text in quotes"))
            elif comment := re.match(r" +(#.*)", rest):
                self.found.comments[path] = comment[1]

    def place(self, event: yaml.Event) -> Mark:
        mark = event.start_mark
        return (mark.line + 1 + self.offset, mark.column + 1) if mark else (1 + self.offset, 1)

    def alias(self, event: yaml.Event) -> InvalidInput:
        return self.refusal(event, "is an alias (`*name`)", "the value written out, or in quotes")

    def refusal(self, event: yaml.Event, what: str, expected: str = "") -> InvalidInput:
        return InvalidInput([Problem(self.found.file, *self.place(event), what, expected)])
