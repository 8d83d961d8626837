"""A Maildir. Messages with answers are moved to its folder `.Taken`: their flags belong to mail programs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from members_portal.inbox.inbox_error import UnreadableInbox
from members_portal.inbox.record.row_file import flush_folder
from members_portal.inbox.sources.arrival import MOST_MESSAGE, Arrival, plain_label
from members_portal.inbox.sources.mail_text import read_arrival
from members_portal.loyalty.input.problem import shown_path
from members_portal.whole_file import make_private

MAILDIR_PLACES = ("new", "cur")
TAKEN_MAILDIR = ".Taken"
SEEN_FLAG = ":2,S"


@dataclass(frozen=True)
class Maildir:
    """The messages in `new/` and `cur/` of a Maildir."""

    path: Path
    marks_all: bool = False

    def arrivals(self) -> Iterator[Arrival]:
        """Yield the messages, oldest first: their names begin with the time."""
        files = (file for place in MAILDIR_PLACES for file in (self.path / place).iterdir())
        for file in sorted(files, key=lambda file: file.name):
            if file.name.startswith(".") or not file.is_file():
                continue
            label = plain_label("message", file.name.partition(":")[0])
            key = file.relative_to(self.path).as_posix()
            try:
                with file.open("rb") as data:
                    yield read_arrival(data.read(MOST_MESSAGE + 1), label, key)
            except OSError as error:
                yield Arrival(label, key, fault=f"can't be read: {error.strerror}")

    def mark(self, keys: Collection[str]) -> None:
        """Move messages to `.Taken/cur`."""
        taken = self.path / TAKEN_MAILDIR
        try:
            for place in ("tmp", "new", "cur") if keys else ():
                make_private(taken / place)
            for key in sorted(keys):
                file = self.path / key
                file.rename(taken / "cur" / (file.name if ":2," in file.name else file.name + SEEN_FLAG))
            if keys:
                flush_folder(taken / "cur")
        except OSError as error:
            raise UnreadableInbox(f"{shown_path(self.path)}: a message can't be moved: {error.strerror}") from None


def is_maildir(path: Path) -> bool:
    """Tell whether a folder has the parts of a Maildir."""
    return all((path / place).is_dir() for place in MAILDIR_PLACES)
