"""Files of an inbox for tests, a row in one line each."""

from __future__ import annotations

from pathlib import Path

from members_portal.inbox.record.inbox_row import AnswerRow, ReplyRow, TakenRow
from members_portal.inbox.record.row_file import write_rows

DAY = "2026-11-12"


def number(digit: int) -> str:
    """Return the number of an answer."""
    return f"A-7K3Q-9XMP-{digit:04}"


def row(digit: int, member: str, form: str, kind: str, question: str, answer: str, day: str = DAY) -> AnswerRow:
    """Return the answer to one question."""
    return AnswerRow(number(digit), day, f"{day}T10:00", form, kind, member, "", "", question, answer)


def reply(digit: int, member: str, event: str, state: str, persons: int = 1) -> ReplyRow:
    """Return a reply to an invitation."""
    return ReplyRow(number(digit), DAY, event, member, str(persons), state)


def write_inbox(members: Path, answers: list[AnswerRow], replies: list[ReplyRow] | None = None) -> None:
    """Write the files of an inbox below a folder of members."""
    folder = members / "inbox"
    numbers = dict.fromkeys((each.number, each.received, each.form, each.kind) for each in answers)
    write_rows(folder / "answers.csv", AnswerRow, answers)
    write_rows(folder / "replies.csv", ReplyRow, replies or [])
    write_rows(folder / "taken.csv", TakenRow, [TakenRow(*each) for each in numbers])
