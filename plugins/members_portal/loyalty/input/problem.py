"""What is wrong with an input: where, what, and what was expected."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake; line and column count from 1, 0 means the whole file."""

    file: str
    line: int
    column: int
    what: str
    expected: str = ""
    hint: str = ""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        expected = f", expected {self.expected}" if self.expected else ""
        hint = f" (did you mean {self.hint}?)" if self.hint else ""
        return f"{place}: {self.what}{expected}{hint}"


class InvalidInput(Exception):
    """Raised with every problem of the inputs, sorted by place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def shown_path(path: Path) -> str:
    """Name a file the way the editor typed it: below the working folder where it is."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def read_text(path: Path) -> str:
    """Read a UTF-8 file, or raise InvalidInput naming the first byte that isn't."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InvalidInput([Problem(shown_path(path), 0, 0, f"can't be read: {error.strerror}")]) from None
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        line, column = before.count(b"\n") + 1, error.start - before.rfind(b"\n")
        what = f"byte 0x{raw[error.start]:02x} isn't UTF-8"
        raise InvalidInput([Problem(shown_path(path), line, column, what, "a file saved as UTF-8")]) from None


def closest(word: str, known: Iterable[str]) -> str:
    """Return the known word that was most likely meant, quoted, or nothing."""
    found = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"`{found[0]}`" if found else ""


def one_of(known: Iterable[str]) -> str:
    """Say which words were expected."""
    return ", ".join(known) or "none: programme.yaml names none"
