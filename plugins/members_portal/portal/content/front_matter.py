"""Front matter: YAML between two `---` lines at the top of a markdown file, read with line numbers."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from members_portal.loyalty.input.located_yaml import Located, parse_yaml
from members_portal.loyalty.input.problem import InvalidInput, Problem, read_text, shown_path

FENCE = "---"
_LIKE_FENCE = re.compile(r"\s*(?:[-\u2010-\u2015+=*_~]\s*)+")  # other dashes, `+++`, a space before it
_DRAFT = re.compile(  # also in TOML, in quotes, indented, with the wide colon of Chinese
    r"""^[^\S\n]*["']?(?:status["']?[^\S\n]*[:=\uff1a][^\S\n]*["']?draft["']?|draft[^\S\n]*=[^\S\n]*true)[^\S\n]*(?:\#.*)?$""",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True)
class Document:
    """A markdown file, split into the YAML of its front matter and the body; `body_line` is the first line of the body.

    The front matter is parsed when it is asked for; malformed YAML is empty front matter with a problem.
    """

    file: str
    yaml: str
    body: str
    body_line: int

    @cached_property
    def front(self) -> Located:
        try:
            return parse_yaml(self.yaml, self.file, first_line=2)
        except InvalidInput as error:
            return Located(self.file, problems=error.problems)

    @cached_property
    def draft(self) -> bool:
        """Whether the front matter has `Status: draft`, even if it is malformed."""
        return _is_draft(self.front.value, self.yaml)


def read_document(path: Path) -> Document:
    """Split a file into front matter and body; raise InvalidInput where a fence is missing or the YAML is malformed."""
    document = read_body(path)
    if document.front.value is None and document.front.problems:
        raise InvalidInput(document.front.problems)
    return document


def read_body(path: Path) -> Document:
    """Split a file into front matter and body."""
    file, lines = shown_path(path), read_text(path).split("\n")
    if lines[0].rstrip() != FENCE:
        hint = f"`{FENCE}`" if _LIKE_FENCE.fullmatch(lines[0]) else ""
        raise InvalidInput([Problem(file, 1, 1, "has no front matter", "a line `---`, then `Key: value` lines", hint)])
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == FENCE), None)
    if end is None:
        raise InvalidInput([Problem(file, 1, 1, "front matter isn't closed", "a second line `---`")])
    return Document(file, "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]), end + 2)


def _is_draft(value: Any, text: str) -> bool:
    """Return whether front matter has `Status: draft`; malformed YAML is searched for it."""
    if isinstance(value, dict):
        return str(value.get("status")).strip().lower() == "draft"
    return bool(_DRAFT.search(text))


def is_draft_file(path: Path) -> bool:
    """Tell whether a file that can't be read as an item has `Status: draft`."""
    if not path.is_file():
        return False
    lines = [line.rstrip() for line in _decoded(path.read_bytes()).lstrip().splitlines()]
    fences = [number for number, line in enumerate(lines) if line and _LIKE_FENCE.fullmatch(line)]
    front = lines[: fences[1]] if fences[:1] == [0] and len(fences) > 1 else lines
    return bool(_DRAFT.search("\n".join(front)))


def _decoded(raw: bytes) -> str:
    """Decode a text file: UTF-8, or UTF-16 with or without a byte order mark; lose invalid bytes."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    if 0 in raw[:2]:
        return raw.decode("utf-16-be" if raw[0] == 0 else "utf-16-le", "replace")
    return raw.decode("utf-8-sig", "replace")


def find_link(document: Document, link: str) -> tuple[int, int]:
    """Return line and column of a link in the body of an item: of the first target of a link, not of other text."""
    found = re.search(rf"""(?:\]\([ \t]*<?|\]:[ \t]*<?|=[ \t]*["']?){re.escape(link)}(?![\w-])""", document.body)
    return _place(document, found.end() - len(link)) if found else find_text(document, link)


def find_text(document: Document, text: str) -> tuple[int, int]:
    """Return line and column of a text in the body of an item; where case differs, as it may in HTML, too."""
    start = document.body.find(text)
    return _place(document, start if start >= 0 else document.body.lower().find(text.lower()))


def _place(document: Document, start: int) -> tuple[int, int]:
    if start < 0:
        return document.body_line, 1
    return document.body_line + document.body.count("\n", 0, start), start - document.body.rfind("\n", 0, start)
