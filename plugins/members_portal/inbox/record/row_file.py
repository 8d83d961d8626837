"""Row files: the rows of one CSV file, read strictly and replaced whole.

Cells are guarded against formulas (csv_cell.py). A file that a spreadsheet has saved again is read as well.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from io import StringIO
from pathlib import Path
from typing import TypeVar

from members_portal.inbox.record.inbox_row import (
    STATES,
    AnsweredRow,
    AnswerRow,
    AsideRow,
    ChangeRow,
    CreditRow,
    GuestRow,
    JoinRow,
    ReplyRow,
    TakenRow,
)
from members_portal.loyalty.input.csv_cell import guarded, unguarded
from members_portal.loyalty.input.csv_table import CsvTable
from members_portal.loyalty.input.problem import InvalidInput, Problem, one_of
from members_portal.whole_file import PRIVATE_FILE, make_private, replaced_file

InboxRow = TypeVar(
    "InboxRow", AnsweredRow, AnswerRow, AsideRow, ChangeRow, CreditRow, GuestRow, JoinRow, ReplyRow, TakenRow
)


DAY_COLUMNS = ("received", "day")  # columns; rows are removed by them
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)(?: \d\d:\d\d(?::\d\d)?)?")


def read_rows(file: Path, kind: type[InboxRow]) -> list[InboxRow]:
    """Return the rows of a file, none if there is no file; raise InvalidInput.

    A day that a spreadsheet has written in another form is an error: no row may be removed because of it.
    """
    if not file.exists():
        return []
    problems: list[Problem] = []
    table = CsvTable(file, kind._fields, [name for name in kind._fields if name not in kind._field_defaults])
    rows = []
    for raw in table.raw_rows(problems):
        texts = table.header.texts(raw.cells)
        rows.append(kind._make(unguarded(texts.get(name, "")) for name in kind._fields))
        if (known := STATES.get(kind)) and texts.get("state") not in known:
            problems.append(table.row(raw).problem("state", "unknown state", one_of(known)))
        for name in _wrong_days(texts):
            expected = "a day such as 2026-12-01; a spreadsheet may have changed it"
            problems.append(table.row(raw).problem(name, f"{name}: `{texts[name]:.30}` is no day", expected))
    if problems:
        raise InvalidInput(problems)
    return rows


def _wrong_days(texts: Mapping[str, str]) -> Iterator[str]:
    for name in DAY_COLUMNS:
        if name in texts and not _is_day(unguarded(texts[name])):
            yield name


def _is_day(text: str) -> bool:
    found = _DAY.fullmatch(text)
    try:
        return found is not None and bool(date.fromisoformat(found[1]))
    except ValueError:
        return False


def write_rows(file: Path, kind: type[InboxRow], rows: Iterable[InboxRow]) -> None:
    """Write a file whole, unless it has these rows already; without rows, a new file is not made."""
    head, text = csv_head(kind), StringIO()
    csv.writer(text, lineterminator="\n").writerows(map(_written, row) for row in rows)
    if text.tell() or file.exists():
        write_whole(file, (head + text.getvalue()).encode())


def csv_head(kind: type[InboxRow]) -> str:
    """Return the line with the names of the columns."""
    return ",".join(name.replace("_", " ") for name in kind._fields) + "\n"


def _written(text: str) -> str:
    """Return a cell without carriage returns, which a writer of CSV leaves unquoted, and guarded."""
    return guarded(text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text)


def write_whole(file: Path, content: bytes) -> None:
    """Replace a file and flush it to the disk, unless it has this content already. Its mode is 0600 in any case."""
    if file.is_file() and file.read_bytes() == content:
        file.chmod(PRIVATE_FILE)
        return
    if not file.parent.is_dir():
        make_private(file.parent)
    with replaced_file(file) as draft, open(draft, "wb") as stream:
        draft.chmod(PRIVATE_FILE)
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    flush_folder(file.parent)


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
