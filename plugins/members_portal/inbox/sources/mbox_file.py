"""An mbox file (RFC 4155): messages that begin with a line `From …` after an empty line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from members_portal.inbox.inbox_error import UnreadableInbox
from members_portal.inbox.sources.arrival import MOST_MESSAGE, Arrival
from members_portal.inbox.sources.mail_text import read_arrival
from members_portal.loyalty.input.problem import shown_path

FROM_LINE = b"From "
LONGEST_LINE = 100_000  # bytes read at a time


@dataclass(frozen=True)
class MboxFile:
    """The messages of an mbox file. It is not marked: another program may write it."""

    path: Path
    marks_all: bool = False

    def arrivals(self) -> Iterator[Arrival]:
        """Yield the messages, of each no more than is read."""
        try:
            with self.path.open("rb") as file:
                for number, raw in enumerate(_messages(file), 1):
                    yield read_arrival(raw, f"message {number}", str(number))
        except OSError as error:
            raise UnreadableInbox(f"{shown_path(self.path)}: can't be read: {error.strerror}") from None

    def mark(self, keys: Collection[str]) -> None:
        """Do nothing."""


def _messages(file: BinaryIO) -> Iterator[bytes]:
    """Yield each message without its first line, cut after MOST_MESSAGE + 1 bytes."""
    message: list[bytes] | None = None
    size, is_after_empty = 0, True
    while line := file.readline(LONGEST_LINE):
        if is_after_empty and line.startswith(FROM_LINE):
            if message is not None:
                yield b"".join(message)
            message, size = [], 0
        elif message is not None and size <= MOST_MESSAGE:
            message.append(line)
            size += len(line)
        is_after_empty = line in (b"\n", b"\r\n")
    if message is not None:
        yield b"".join(message)


def is_mbox(path: Path) -> bool:
    """Tell whether a file begins as an mbox does."""
    with path.open("rb") as file:
        return file.read(len(FROM_LINE)) == FROM_LINE
