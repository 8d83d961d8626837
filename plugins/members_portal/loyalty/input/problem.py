"""Problems of an input: place, cause, expected value and suggestion.

A problem has a degree. An error stops every command. A warning is listed and counted, and stops a command only with
`--strict`. What is left out is listed, and stops nothing. Loaders append errors and warnings to one list;
`check_degree` ends the list.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

Degree = Literal["error", "warning", "left out"]
LEFT_OUT: Degree = "left out"


@dataclass(frozen=True, order=True)
class Problem:
    """One problem. Line and column count from 1; line 0 means the whole file, column 0 the whole line."""

    file: str
    line: int
    column: int
    what: str
    expected: str = ""
    hint: str = ""
    degree: Degree = "error"

    @property
    def is_error(self) -> bool:
        return self.degree == "error"

    @property
    def is_warning(self) -> bool:
        return self.degree == "warning"

    def as_warning(self) -> "Problem":
        """Return this problem as a warning."""
        return replace(self, degree="warning")

    def as_left_out(self) -> "Problem":
        """Return this problem with the degree left out."""
        return replace(self, degree=LEFT_OUT)

    def as_error(self) -> "Problem":
        """Return this problem as an error."""
        return replace(self, degree="error")

    @property
    def place(self) -> str:
        """The file, with line and column if there are any."""
        return ":".join([self.file, *(str(number) for number in (self.line, self.column) if number)])

    def __str__(self) -> str:
        expected = f", expected {self.expected}" if self.expected else ""
        hint = f" (did you mean {self.hint}?)" if self.hint else ""
        degree = "" if self.is_error else f"{self.degree}: "
        return " ".join(
            f"{self.place}: {degree}{self.what}{expected}{hint}".splitlines()
        )  # a link may stand on two lines


class InvalidInput(Exception):
    """Raised with all problems of the inputs, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def check_degree(problems: Iterable[Problem], *, strict: bool = False) -> tuple[Problem, ...]:
    """Return the warnings, sorted; raise InvalidInput with all problems when one is an error.

    With `strict`, every warning is an error. What is left out is returned with the warnings. Beside an error it is not
    told: nothing is made that it could be missing in.
    """
    found = [problem.as_error() if strict and problem.is_warning else problem for problem in problems]
    if has_error(found):
        raise InvalidInput(problem for problem in found if problem.degree != LEFT_OUT)
    return tuple(sorted(set(found)))


def has_error(problems: Iterable[Problem]) -> bool:
    """Return whether one of the problems is an error."""
    return any(problem.is_error for problem in problems)


def count_warnings(problems: Iterable[Problem]) -> int:
    """Return the number of warnings."""
    return sum(problem.is_warning for problem in problems)


def counted(problems: Iterable[Problem]) -> str:
    """Return the number of errors and warnings in words: `1 problem, 2 warnings`."""
    degrees = [problem.degree for problem in problems]
    numbers = ((degrees.count("error"), "problem"), (degrees.count("warning"), "warning"))
    return ", ".join(f"{number} {word}{'s' if number > 1 else ''}" for number, word in numbers if number)


def shown_path(path: Path) -> str:
    """Return a path as shown in messages: relative to the working folder when it is below it."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def check_regular(path: Path) -> None:
    """Raise InvalidInput for a device, pipe or socket: reading one may not end."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        shown = Path(shown_path(path.parent), path.name)  # a link by its own name
        raise InvalidInput([Problem(str(shown), 0, 0, "is a device, a pipe or a socket", "a regular file")])


def read_text(path: Path) -> str:
    """Read a UTF-8 file; raise InvalidInput with the place of the first invalid byte."""
    check_regular(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        names = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
        beside = same_but_case(path.name, names)
        what, hint = f"can't be read: {error.strerror}", f"`{beside}`, which lies there" if beside else ""
        raise InvalidInput([Problem(shown_path(path), 0, 0, what, "", hint)]) from None
    try:
        return raw.decode("utf-8-sig").lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        what = f"byte 0x{raw[error.start]:02x} isn't UTF-8"
        raise InvalidInput([Problem(shown_path(path), line, column, what, "a file saved as UTF-8")]) from None


def same_but_case(name: str, names: Iterable[str]) -> str:
    """Return the name that differs only in upper and lower case or in Unicode form, or an empty text."""
    return next((other for other in names if other != name and _plain_name(other) == _plain_name(name)), "")


def _plain_name(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def closest(word: str, known: Iterable[str], least: float = 0.6) -> str:
    """Return the most similar known word in backquotes, or an empty text; `least` is the similarity, from 0 to 1.

    Case does not count. A space is like a hyphen: a name such as `Key customers` suggests the key `key-customers`.
    """
    forms = {_loose(each): each for each in reversed(list(known))}
    found = get_close_matches(_loose(word), list(forms)[::-1], n=1, cutoff=least)
    return f"`{forms[found[0]]}`" if found else ""


def _loose(word: str) -> str:
    return _plain_name(word).replace(" ", "-")


def one_of(known: Iterable[str]) -> str:
    """Return the known words as a list in text."""
    return ", ".join(known) or "none: programme.yaml names none"
