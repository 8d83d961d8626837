"""Received answers: what `portal inbox` has taken in, by member and by form."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from members_portal.inbox.guest_list import COMING, WAITING
from members_portal.inbox.record.inbox_files import ANSWERED, ANSWERS, TAKEN_FILE, InboxFiles, read_inbox
from members_portal.inbox.record.inbox_row import APPROVED, FORGOTTEN, NOT_APPROVED, OPEN, AnswerRow, ReplyRow
from members_portal.inbox.record.set_aside import ASIDE_LIST
from members_portal.inbox.refusal import told_refusal
from members_portal.loyalty.input.problem import InvalidInput, Problem, shown_path
from members_portal.loyalty.input.schema import read_day


@dataclass(frozen=True)
class ReceivedAnswer:
    """One answer of a member. `values` are pairs of question and answer.

    `state` is that of a reply or of a change. A note of staff is `about` a member. `persons` are those of a reply,
    `turn` is its place on the waiting list.
    """

    number: str
    day: date
    form: str
    kind: str
    values: tuple[tuple[str, str], ...]
    state: str = ""
    persons: int = 0
    turn: int = 0
    about: str = ""

    def value(self, question: str) -> str:
        """Return the answer to a question; several choices are joined by commas."""
        return ", ".join(answer for name, answer in self.values if name == question)


@dataclass(frozen=True)
class AnsweredDay:
    """When feedback was received, and when somebody answered it; None if nobody has.

    `is_gone`: its member was forgotten.
    """

    number: str
    received: date
    answered: date | None = None
    is_gone: bool = False


@dataclass(frozen=True)
class ReceivedAnswers:
    """All answers: those of each member, oldest first; the persons who come, by event; the members behind a number.

    `feedback` has all feedback, also that of which the words are no longer kept. `numbers` are those of all answers.
    `refused` are the answers of each member that were set aside; the state says what the member is told.
    """

    of_member: Mapping[str, tuple[ReceivedAnswer, ...]] = field(default_factory=dict)
    coming: Mapping[str, int] = field(default_factory=dict)
    member_of: Mapping[str, str] = field(default_factory=dict)
    feedback: tuple[AnsweredDay, ...] = ()
    numbers: frozenset[str] = frozenset()
    refused: Mapping[str, tuple[ReceivedAnswer, ...]] = field(default_factory=dict)

    def last_of_members(self, form: str) -> list[ReceivedAnswer]:
        """Return the last answer of each member to a form."""
        found = [[answer for answer in answers if answer.form == form] for answers in self.of_member.values()]
        return [answers[-1] for answers in found if answers]

    def votes(self, form: str, question: str) -> dict[str, int]:
        """Count the choices of all members; the last vote of each counts."""
        return dict(Counter(choice for answer in self.last_of_members(form) if (choice := answer.value(question))))


def read_received(folder: Path) -> ReceivedAnswers:
    """Read the files of an inbox; raise InvalidInput. An inbox that does not exist is empty."""
    if not folder.is_dir():
        return ReceivedAnswers()
    files = read_inbox(folder)
    problems = [*_day_problems(folder / ANSWERS, [row.received for row in files.answers])]
    problems += _day_problems(folder / TAKEN_FILE, [row.received for row in files.taken.values()])
    problems += _day_problems(folder / ASIDE_LIST, [row.day for row in files.aside.rows])
    problems += _day_problems(folder / ANSWERED, [row.day for row in files.answered.values()])
    if problems:
        raise InvalidInput(problems)
    return received_of(files)


def _day_problems(file: Path, days: Iterable[str]) -> Iterator[Problem]:
    """Yield a problem if a file that somebody may have edited has a day that does not exist."""
    for day in days:
        try:
            read_day(day[:10])
        except ValueError as error:
            yield Problem(shown_path(file), 0, 0, f"`{day[:10]}` is no day", str(error))
            return


def received_of(files: InboxFiles) -> ReceivedAnswers:
    """Return the answers in the files of an inbox."""
    replies = {row.number: row for row in files.replies}
    turns = _turns(files.replies)
    states = _states(files)
    found: dict[str, list[ReceivedAnswer]] = defaultdict(list)
    for number, rows in _by_number(files.answers).items():
        reply = replies.get(number)
        first = rows[0]
        answer = ReceivedAnswer(
            number,
            date.fromisoformat(first.received[:10]),
            first.form,
            first.kind,
            tuple((row.question, row.answer) for row in rows if row.question),
            reply.state if reply else states.get(number, ""),
            int(reply.persons) if reply else 0,
            turns.get(number, 0),
            first.about,
        )
        found[first.member].append(answer)
    coming: Counter[str] = Counter()
    for row in files.replies:
        coming[row.event] += int(row.persons) if row.state == COMING else 0
    members = {row.number: row.member for row in files.answers if row.member}
    return ReceivedAnswers(
        {member: tuple(found[member]) for member in found if member},
        coming,
        members,
        tuple(_feedback(files)),
        frozenset(files.taken),
        _refused(files),
    )


def _refused(files: InboxFiles) -> dict[str, tuple[ReceivedAnswer, ...]]:
    """Return the answers that were set aside and not taken since, by member, oldest first."""
    found: dict[str, list[ReceivedAnswer]] = defaultdict(list)
    for row in sorted(files.aside.rows, key=lambda row: row.day):
        if row.member and row.number not in files.taken:
            answer = ReceivedAnswer(
                row.number, date.fromisoformat(row.day), row.form, "", (), state=told_refusal(row.reason)
            )
            found[row.member].append(answer)
    return {member: tuple(answers) for member, answers in found.items()}


def _feedback(files: InboxFiles) -> Iterator[AnsweredDay]:
    for row in files.taken.values():
        if row.kind == "feedback":
            answered = files.answered.get(row.number)
            day = date.fromisoformat(answered.day) if answered else None
            yield AnsweredDay(row.number, date.fromisoformat(row.received[:10]), day, row.member == FORGOTTEN)


def _by_number(rows: Iterable[AnswerRow]) -> dict[str, list[AnswerRow]]:
    found: dict[str, list[AnswerRow]] = defaultdict(list)
    for row in rows:
        found[row.number].append(row)
    return found


def _turns(replies: Iterable[ReplyRow]) -> dict[str, int]:
    """Number the waiting replies of each event."""
    turns: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for row in replies:
        if row.state == WAITING:
            counts[row.event] += 1
            turns[row.number] = counts[row.event]
    return turns


def _states(files: InboxFiles) -> dict[str, str]:
    """Return the state of each change: open while one of its fields is."""
    states: dict[str, str] = {}
    for row in files.changes:
        known = states.get(row.number, NOT_APPROVED)
        states[row.number] = min(known, row.state, key=[OPEN, APPROVED, NOT_APPROVED].index)
    return states
