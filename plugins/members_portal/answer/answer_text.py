"""The text form of sealed answers, and how to find it in any text. See docs/answers.md, section Text form."""

from __future__ import annotations

import html
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from members_portal.answer.sealed_answer import SEALED_SIZES

FIRST_LINE = "-----BEGIN SEALED ANSWER-----"
LAST_LINE = "-----END SEALED ANSWER-----"
_LINE_LENGTH = 64
MOST_BETWEEN = 131_072  # between the two lines; the largest answer has 22,300, and HTML can multiply them
_LETTERS = {(size * 8 + 5) // 6: size for size in SEALED_SIZES}  # how many letters of base64 a size has
# Every part has a limit, so that no text takes more than linear time.
_DASHES = "[-\u2010-\u2015\u2212]{2,5}"  # mail programs join two hyphens to a dash
_SPACE = r"(?:\s|>|&nbsp;|&#160;|&#xa0;){1,8}"
_MARK = re.compile(f"{_DASHES}(BEGIN|END){_SPACE}SEALED{_SPACE}ANSWER{_DASHES}")
_NOISE = re.compile(r"<[^<>]*>|\\[nrt]")  # tags of HTML, and escapes of JSON: their letters are none of base64
_NO_LETTER = re.compile("[^A-Za-z0-9+/]+")


@dataclass(frozen=True)
class DamagedAnswer:
    """A sealed answer whose text is not complete; `text` is what was found, shortened if it is too long."""

    text: str
    reason: str


def written_answer(sealed: bytes) -> str:
    """Write a sealed answer as text."""
    letters = b64encode(sealed).decode()
    lines = [letters[start : start + _LINE_LENGTH] for start in range(0, len(letters), _LINE_LENGTH)]
    return "\n".join([FIRST_LINE, *lines, LAST_LINE, ""])


def find_answers(text: str) -> Iterator[bytes | DamagedAnswer]:
    """Find the sealed answers in a text, in its order."""
    marks = list(_MARK.finditer(text))
    for mark, after in zip_longest(marks, marks[1:]):
        if mark[1] == "BEGIN":
            start, end = mark.end(), after.start() if after else len(text)
            yield _read(text[start : min(end, start + MOST_BETWEEN + 1)], has_end=bool(after and after[1] == "END"))


def _read(text: str, *, has_end: bool) -> bytes | DamagedAnswer:
    if len(text) > MOST_BETWEEN:
        return DamagedAnswer(text[:MOST_BETWEEN], f"more than {MOST_BETWEEN} characters without the last line")
    if not has_end:
        return DamagedAnswer(text, "the last line is missing")
    letters = _NO_LETTER.sub("", html.unescape(_NOISE.sub("", text)))
    if len(letters) not in _LETTERS:
        expected = ", ".join(map(str, _LETTERS))
        return DamagedAnswer(text, f"{len(letters)} letters of base64; a sealed answer has {expected}")
    return b64decode(letters + "=" * (-len(letters) % 4))
