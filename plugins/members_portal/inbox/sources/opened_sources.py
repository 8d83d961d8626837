"""From the names on the command line to open sources of answers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from members_portal.inbox.inbox_error import UnreadableInbox
from members_portal.inbox.sources.answer_table import TABLE_READERS, AnswerTable
from members_portal.inbox.sources.arrival import ArrivalSource
from members_portal.inbox.sources.file_folder import FileFolder, SingleFile
from members_portal.inbox.sources.imap_address import is_imap, read_imap_address
from members_portal.inbox.sources.imap_folder import open_imap
from members_portal.inbox.sources.maildir import Maildir, is_maildir
from members_portal.inbox.sources.mbox_file import MboxFile, is_mbox


@contextmanager
def opened_answers(name: str, root: Path, password: str | None) -> Iterator[ArrivalSource]:
    """Open a source: an IMAP address, or a path below `root`; raise UnreadableInbox."""
    if is_imap(name):
        with open_imap(read_imap_address(name), password) as folder:
            yield folder
    else:
        yield _in_files(name, root / name)


def source_kind(name: str) -> str:
    """Return the name of a source for messages and files: a path's last part, or `IMAP`."""
    return "IMAP" if is_imap(name) else Path(name).name or name


def _in_files(name: str, path: Path) -> ArrivalSource:
    if path.is_dir():
        return Maildir(path) if is_maildir(path) else FileFolder(path)
    if not path.is_file():
        what = "is no file and no folder" if path.exists() else "does not exist"
        raise UnreadableInbox(f"{name}: {what}, expected a folder, an mbox, a Maildir, CSV, JSON or imaps://…")
    if path.suffix.lower() in TABLE_READERS:
        return AnswerTable(path)
    return MboxFile(path) if is_mbox(path) else SingleFile(path)
