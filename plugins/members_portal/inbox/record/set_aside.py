"""Set aside: the sealed texts that were refused, each once, with the reason. They are sealed, and so safe to keep."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from members_portal.inbox.record.inbox_row import AsideRow
from members_portal.inbox.record.row_file import read_rows, write_rows, write_whole

ASIDE_FOLDER, ASIDE_LIST = "set-aside", "set-aside.csv"
MOST_IN_A_RUN = 1000  # a flood fills no disk: the others stay where they are, for the next run


class NamedAnswer(NamedTuple):
    """What names an answer that could be opened: its number, its form if there is one, its member if it has one."""

    number: str = ""
    form: str = ""
    member: str = ""


UNNAMED = NamedAnswer()


class SetAside:
    """The texts of one inbox that were set aside."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.new = folder, 0
        self.rows = read_rows(folder / ASIDE_LIST, AsideRow)
        self._known = {_key(row) for row in self.rows}
        self._removed: set[str] = set()  # files

    def add(self, day: date, source: str, reason: str, text: str = "", named: NamedAnswer = UNNAMED) -> bool:
        """Set a text aside, unless it is; without a text, the source is noted. Return False if there are too many."""
        name = f"{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:16]}.txt" if text else ""
        row = AsideRow(day.isoformat(), source, reason, name, *named)
        if _key(row) in self._known:
            return True
        if self.new >= MOST_IN_A_RUN:
            return False
        if text:
            write_whole(self.folder / ASIDE_FOLDER / name, text.encode("utf-8", "replace"))
        self.rows.append(row)
        self._known.add(_key(row))
        self.new += 1
        return True

    def remove_before(self, day: date) -> None:
        """Remove the texts that were set aside before a day."""
        self._remove({row for row in self.rows if row.day < day.isoformat()})

    def forget(self, members: Collection[str]) -> None:
        """Remove the texts of members."""
        self._remove({row for row in self.rows if row.member in members})

    def renumber(self, present: Mapping[str, str]) -> None:
        """Give the rows of former ids to the present ones."""
        self.rows = [row._replace(member=present.get(row.member, row.member)) for row in self.rows]

    def _remove(self, old: set[AsideRow]) -> None:
        self.rows = [row for row in self.rows if row not in old]
        self._known = {_key(row) for row in self.rows}
        self._removed |= {Path(row.file).name for row in old if row.file}

    def save(self) -> None:
        """Remove texts, then write the list: a run that is killed between removes them again."""
        for name in self._removed - {row.file for row in self.rows}:
            (self.folder / ASIDE_FOLDER / name).unlink(missing_ok=True)
        self._removed = set()
        write_rows(self.folder / ASIDE_LIST, AsideRow, self.rows)


def _key(row: AsideRow) -> str:
    return row.file or f"{row.source}\0{row.reason}"
