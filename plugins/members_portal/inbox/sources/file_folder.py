"""A folder of files, or one file: e-mails, texts, and the exports of form services."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from members_portal.inbox.inbox_error import InboxError, UnreadableInbox
from members_portal.inbox.record.inbox_files import TAKEN_FILE
from members_portal.inbox.record.row_file import flush_folder
from members_portal.inbox.sources.answer_table import TABLE_READERS, table_arrival, table_texts
from members_portal.inbox.sources.arrival import MOST_MESSAGE, Arrival, plain_label
from members_portal.inbox.sources.mail_text import read_arrival
from members_portal.loyalty.input.problem import shown_path
from members_portal.whole_file import make_private

TAKEN_FOLDER = "taken"


@dataclass(frozen=True)
class FileFolder:
    """The files below a folder, but for hidden ones. Those with answers are moved to `taken/`."""

    path: Path
    marks_all: bool = False

    def arrivals(self) -> Iterator[Arrival]:
        """Yield the messages of all files, the oldest first."""
        for file in sorted(_files(self.path), key=lambda file: (_age(file), file)):
            yield from file_arrivals(file, file.relative_to(self.path).as_posix())

    def mark(self, keys: Collection[str]) -> None:
        """Move files to `taken/`, under the same names or, where there is one, under a new one."""
        for folder in {_move(self.path / key, self.path / TAKEN_FOLDER / key) for key in sorted(keys)}:
            flush_folder(folder)


@dataclass(frozen=True)
class SingleFile:
    """One file with an e-mail or a text. It is not marked."""

    path: Path
    marks_all: bool = False

    def arrivals(self) -> Iterator[Arrival]:
        """Yield its message."""
        yield from file_arrivals(self.path, self.path.name)

    def mark(self, keys: Collection[str]) -> None:
        """Do nothing."""


def file_arrivals(file: Path, key: str) -> Iterator[Arrival]:
    """Yield the messages of a file; one that can't be read is a fault."""
    label = plain_label("file", key)
    try:
        if file.suffix.lower() in TABLE_READERS:
            for number, text in table_texts(file):
                yield table_arrival(f"{label}, row {number}", key, text)
        else:
            with file.open("rb") as data:
                yield read_arrival(data.read(MOST_MESSAGE + 1), label, key)
    except OSError as error:
        yield Arrival(label, key, fault=f"can't be read: {error.strerror}")
    except InboxError as error:
        yield Arrival(label, key, fault=str(error).rpartition(": ")[2])


def _files(folder: Path, *, is_root: bool = True) -> Iterator[Path]:
    """Yield the regular files below a folder, without links, hidden files, `taken/` and the files of an inbox."""
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        if is_root:
            raise UnreadableInbox(f"{shown_path(folder)}: can't be read: {error.strerror}") from None
        return
    for path in entries:
        if path.name.startswith(".") or path.is_symlink() or path.name == TAKEN_FOLDER:
            continue
        if (path / TAKEN_FILE).exists():  # an inbox: its texts were set aside
            continue
        if path.is_dir():
            yield from _files(path, is_root=False)
        elif path.is_file():
            yield path


def _age(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:  # it is gone
        return 0


def _move(file: Path, target: Path) -> Path:
    """Move a file; return the folder that it is in."""
    number, place = 1, target
    while place.exists():
        number += 1
        place = target.with_name(f"{target.stem}-{number}{target.suffix}")
    try:
        make_private(place.parent)
        file.rename(place)
    except OSError as error:
        raise UnreadableInbox(f"{shown_path(file.parent)}: a file can't be moved: {error.strerror}") from None
    return place.parent
