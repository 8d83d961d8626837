"""Arrivals: the messages of a source, with the texts in which answers are searched."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

MOST_MESSAGE = 1_000_000  # of a message: an answer has 22 KB of text, and e-mail programs may repeat it
TOO_LARGE = "larger than 1 MB: not read"


@dataclass(frozen=True)
class Arrival:
    """One message. `origin` names it without personal data; `key` identifies it to its source. `fault`: not read."""

    origin: str
    key: str
    texts: tuple[str, ...] = ()
    fault: str = ""


class ArrivalSource(Protocol):
    """A source of answers. `marks_all`: messages without an answer are marked, too."""

    @property
    def marks_all(self) -> bool: ...

    def arrivals(self) -> Iterator[Arrival]:
        """Yield the messages; raise UnreadableInbox."""

    def mark(self, keys: Collection[str]) -> None:
        """Mark messages as taken, where the source can; raise UnreadableInbox."""


def plain_label(word: str, name: str) -> str:
    """Return a label for a name that may be personal: the word and a short digest."""
    return f"{word} {hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}"
