"""The files of an inbox, read and written together.

`taken.csv` is there first, and written last. Rows of other files whose number it lacks are of a run that was killed:
they are dropped, and the answers, which are still in their source, are taken again. Without the file, an inbox is not
read: all its rows would be dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from members_portal.inbox.record.inbox_row import (
    OPEN,
    AnsweredRow,
    AnswerRow,
    ChangeRow,
    CreditRow,
    GuestRow,
    JoinRow,
    ReplyRow,
    TakenRow,
)
from members_portal.inbox.record.row_file import csv_head, read_rows, write_rows, write_whole
from members_portal.inbox.record.set_aside import SetAside
from members_portal.loyalty.input.problem import InvalidInput, Problem, read_text, shown_path

INBOX_FOLDER = "inbox"  # below that of the members
ANSWERS, REPLIES, CHANGES, JOINS = "answers.csv", "replies.csv", "changes.csv", "joins.csv"
CREDITS, TAKEN_FILE, ANSWERED, DOOR = "ledger.csv", "taken.csv", "answered.csv", "door"
LAST_ID = "last-id.txt"


@dataclass
class InboxFiles:
    """The rows of one inbox. `doors` are the lists for the door, by name of the event; None: they stay as they are.

    `known_doors` are the names that lists of earlier runs may have: other files in their folder are the owner's.

    `last_id` is the greatest id of a member that was ever seen: a new member must not get the id, and with it the
    access code, of one who was forgotten.
    """

    folder: Path
    aside: SetAside
    taken: dict[str, TakenRow]
    answers: list[AnswerRow]
    credits: list[CreditRow]
    replies: list[ReplyRow]
    changes: list[ChangeRow]
    joins: list[JoinRow]
    answered: dict[str, AnsweredRow] = field(default_factory=dict)
    doors: dict[str, list[GuestRow]] | None = None
    last_id: str = ""
    known_doors: frozenset[str] = frozenset()

    @property
    def waiting(self) -> set[str]:
        """The numbers of changes and joins that wait for a decision."""
        changes = {row.number for row in self.changes if row.state == OPEN}
        return changes | {row.number for row in self.joins if row.state == OPEN}

    def keep(self, is_kept: Callable[[str, str], bool]) -> None:
        """Keep the answers, replies, changes and joins for which `is_kept` holds; it is given number and member."""
        self.answers = [row for row in self.answers if is_kept(row.number, row.member)]
        self.replies = [row for row in self.replies if is_kept(row.number, row.member)]
        self.changes = [row for row in self.changes if is_kept(row.number, row.member)]
        self.joins = [row for row in self.joins if is_kept(row.number, row.id)]

    def save(self) -> None:
        """Write all files; `taken.csv` is the commit."""
        if self.taken and not (self.folder / TAKEN_FILE).exists():
            write_whole(self.folder / TAKEN_FILE, csv_head(TakenRow).encode())
        self.aside.save()
        write_rows(self.folder / ANSWERS, AnswerRow, self.answers)
        write_rows(self.folder / CHANGES, ChangeRow, self.changes)
        write_rows(self.folder / JOINS, JoinRow, self.joins)
        if self.last_id:  # after the joins: an id is used up only by a join that has it
            write_whole(self.folder / LAST_ID, f"{self.last_id}\n".encode())
        write_rows(self.folder / REPLIES, ReplyRow, self.replies)
        if self.doors is not None:
            self._save_doors(self.doors)
        write_rows(self.folder / ANSWERED, AnsweredRow, self.answered.values())
        write_rows(self.folder / CREDITS, CreditRow, self.credits)
        write_rows(self.folder / TAKEN_FILE, TakenRow, self.taken.values())

    def _save_doors(self, doors: Mapping[str, list[GuestRow]]) -> None:
        for name, guests in doors.items():
            write_rows(self.folder / DOOR / f"{name}.csv", GuestRow, guests)
        for file in (self.folder / DOOR).glob("*.csv"):
            if file.stem in self.known_doors - doors.keys():
                file.unlink()


def read_inbox(folder: Path) -> InboxFiles:
    """Read the files of an inbox, without the rows of a killed run; raise InvalidInput.

    Answers are in the order in which they were taken, however somebody has sorted the file.
    """
    _check_taken(folder)
    taken = {row.number: row for row in read_rows(folder / TAKEN_FILE, TakenRow)}
    place = {number: index for index, number in enumerate(taken)}
    answers = [row for row in read_rows(folder / ANSWERS, AnswerRow) if row.number in taken]
    replies = [row for row in read_rows(folder / REPLIES, ReplyRow) if row.number in taken]
    return InboxFiles(
        folder,
        SetAside(folder),
        taken,
        sorted(answers, key=lambda row: place[row.number]),
        [row for row in read_rows(folder / CREDITS, CreditRow) if row.reference in taken],
        replies,
        [row for row in read_rows(folder / CHANGES, ChangeRow) if row.number in taken],
        [row for row in read_rows(folder / JOINS, JoinRow) if row.number in taken],
        {row.number: row for row in read_rows(folder / ANSWERED, AnsweredRow) if row.number in taken},
        last_id=read_text(folder / LAST_ID).strip() if (folder / LAST_ID).is_file() else "",
        known_doors=frozenset(name for row in replies for name in door_names(row.event)),
    )


def door_names(event: str) -> tuple[str, str]:
    """Return the two names that the list for the door of an event can have, by the path of its form."""
    return event.rpartition("/")[2], event.replace("/", "-")


def _check_taken(folder: Path) -> None:
    """Raise InvalidInput if the file of taken numbers was lost."""
    held = [name for name in (ANSWERS, CREDITS, CHANGES, JOINS) if _has_rows(folder / name)]
    if held and not (folder / TAKEN_FILE).exists():
        what = f"it is missing, but {held[0]} has rows"
        expected = "the file from your backup or repository: without it, no answer counts"
        raise InvalidInput([Problem(shown_path(folder / TAKEN_FILE), 0, 0, what, expected)])


def _has_rows(file: Path) -> bool:
    return file.is_file() and len(file.read_bytes().splitlines()) > 1
