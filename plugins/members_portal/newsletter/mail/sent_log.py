"""The sent log: which messages went out, kept so that a run that was killed sends nobody a second time.

A message counts as sent from its last line on. So the log says `trying` before that line leaves, and `sent` or
`refused` when the server has answered; each entry is on the disk before the next step. A message that is left at
`trying` may have arrived or not: nobody but its recipient can tell, and it isn't sent again unless that is asked for.
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
    """The last that is known of each message, by a name that tells nothing of its recipient."""

    file: FileIO = field(repr=False)
    states: dict[str, str] = field(default_factory=dict)

    def note(self, name: str, state: str) -> None:
        """Write an entry through to the disk."""
        try:
            self.file.write(f"{state} {name}\n".encode())
            os.fsync(self.file.fileno())
        except OSError as error:
            raise MailError(f"the sent log can't be written ({error.strerror}), so nothing more is sent") from error
        self.states[name] = state


@contextmanager
def open_log(path: Path) -> Iterator[SentLog]:
    """Open a log and keep others from sending at the same time; raise MailError when one is."""
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
    """Read what is known; an entry that a power cut tore is cut off, as if it had not been written."""
    file.seek(0)
    data = file.readall()
    whole = data.rfind(b"\n") + 1
    if whole < len(data):
        os.ftruncate(file.fileno(), whole)
    entries = (line.split(" ") for line in data[:whole].decode("ascii", "replace").splitlines())
    return {entry[1]: entry[0] for entry in entries if len(entry) == 2 and entry[0] in (TRYING, SENT, REFUSED)}


def _sync_folder(folder: Path) -> None:
    """Have the folder's entry on disk, too: a log that vanished would send everything again."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
