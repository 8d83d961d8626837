"""Front matter: YAML between two `---` lines at the top of a markdown file, read with line numbers."""

from dataclasses import dataclass
from pathlib import Path

from members_portal.loyalty.input.located_yaml import Located, parse_yaml
from members_portal.loyalty.input.problem import InvalidInput, Problem, read_text, shown_path

FENCE = "---"


@dataclass(frozen=True)
class Document:
    """A markdown file, split into front matter and body; `body_line` is the first line of the body."""

    file: str
    front: Located
    body: str
    body_line: int


def read_document(path: Path) -> Document:
    """Split a file into front matter and body; raise InvalidInput where a fence is missing."""
    file, lines = shown_path(path), read_text(path).split("\n")
    if lines[0].rstrip() != FENCE:
        raise InvalidInput([Problem(file, 1, 1, "has no front matter", "a line `---`, then `Key: value` lines")])
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        raise InvalidInput([Problem(file, 1, 1, "front matter isn't closed", "a second line `---`")])
    front = parse_yaml("\n".join(lines[1:end]), file, first_line=2)
    return Document(file, front, "\n".join(lines[end + 1 :]), end + 2)
