"""The sent log: the state of each message on disk, so that a killed run never sends a message twice.

The server may accept a message once its last line arrives. The log therefore records `trying` before that line is sent,
and `sent` or `refused` after the server's reply; each entry is on disk before the next step. A message left at `trying`
may have arrived: it is sent again on request only.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

from members_portal.newsletter.mail.mail_error import MailError

TRYING, SENT, REFUSED = "trying", "sent", "refused"


@dataclass
class SentLog:
    """The last state of each message, by a name that doesn't reveal the recipient."""

    file: FileIO = field(repr=False)
    states: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, state: str) -> None:
        """Append an entry and flush it to the disk."""
        try:
            self.file.write(f"{state} {name}\n".encode())
            os.fsync(self.file.fileno())
        except OSError as error:
            raise MailError(f"the sent log can't be written ({error.strerror}), so nothing more is sent") from error
        self.states[name] = state


@contextmanager
def open_log(path: Path) -> Iterator[SentLog]:
    """Open and lock a log; raise MailError when another run has locked it."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with FileIO(descriptor, "a+") as file:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise MailError("another run is sending this issue right now") from None
        _sync_folder(path.parent)
        yield SentLog(file, _read(file))


def _read(file: FileIO) -> dict[str, str]:
    """Read the states; truncate a last entry that a power cut left incomplete."""
    file.seek(0)
    data = file.readall()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.ftruncate(file.fileno(), whole)
    entries = (line.split(" ") for line in data[:whole].decode("ascii", "replace").splitlines())
    return {entry[1]: entry[0] for entry in entries if len(entry) == 2 and entry[0] in (TRYING, SENT, REFUSED)}


def _sync_folder(folder: Path) -> None:
    """Flush the folder to the disk: with a lost log, all messages would be sent again."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
