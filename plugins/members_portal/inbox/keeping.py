"""Keeping: how long the words of members are kept, and that they leave with their member."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from members_portal.inbox.known_form import KnownForm
from members_portal.inbox.known_people import KnownPeople
from members_portal.inbox.member_file.member_id import greatest_id
from members_portal.inbox.record.inbox_files import InboxFiles
from members_portal.inbox.record.inbox_row import FORGOTTEN, OPEN, AnswerRow

FEW_MEMBERS, FEW_PERCENT = 3, 10  # members who may be missing at once; more may be a broken export


@dataclass(frozen=True)
class KeptAnswers:
    """The missing members whose answers are removed. `held` counts those whose answers stay: too many are missing."""

    gone: frozenset[str] = frozenset()
    held: int = 0


def first_day_kept(today: date, months: int) -> date:
    """Return the first day whose answers are kept."""
    years, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    for day in range(today.day, today.day - 4, -1):  # the 31st of a month of 28 days
        try:
            return date(max(years, 1), month + 1, day)
        except ValueError:
            continue
    return date(max(years, 1), month + 1, 1)


def keep_answers(files: InboxFiles, people: KnownPeople, first: date, *, forget: bool = False) -> KeptAnswers:
    """Remove old texts that were set aside, and all rows of missing members. The files are not saved.

    Many missing members at once are held, unless `forget`: the list of members may be incomplete.
    """
    _renumber(files, people)
    note_last_id(files, people)
    files.aside.remove_before(first)
    known = {member for row in files.answers for member in (row.member, row.about)}
    known |= {row.member for row in files.credits} | {row.member for row in files.aside.rows}
    known |= {row.member for row in files.changes} | {row.id for row in files.joins if row.state != OPEN}
    gone = frozenset(known - people.ids - {""})
    if not forget and len(gone) > max(FEW_MEMBERS, len(known) * FEW_PERCENT // 100):
        return KeptAnswers(held=len(gone))
    _forget(files, gone)
    return KeptAnswers(gone=gone)


def _forget(files: InboxFiles, gone: Collection[str]) -> None:
    """Remove the rows of members, and their ids from other rows; mark their feedback as of forgotten members."""
    for number in {row.number for row in files.answers if row.member in gone and row.kind == "feedback"}:
        files.taken[number] = files.taken[number]._replace(member=FORGOTTEN)
    files.keep(lambda _, member: member not in gone)
    files.aside.forget(gone)
    files.answers = [row for row in files.answers if row.about not in gone]
    files.credits = [row for row in files.credits if row.member not in gone]
    files.joins = [
        row._replace(
            by="" if row.by in gone else row.by, like=" ".join(each for each in row.like.split() if each not in gone)
        )
        for row in files.joins
    ]


def note_last_id(files: InboxFiles, people: KnownPeople) -> None:
    """Note the greatest id of a member that was ever seen."""
    files.last_id = greatest_id({*people.ids, *people.renumbered, *filter(None, [files.last_id])})


def remove_aged(files: InboxFiles, forms: Mapping[str, KnownForm], first: date, on: date) -> int:
    """Remove the answers before a day, but for those that wait for a decision; return the number of answers.

    What still has an effect stays: replies until the event is over, the choices of a vote until its result was shown
    as long as answers are kept, and who has answered a form that is answered once.
    """
    day = first.isoformat()
    received = {row.number: row.received for row in files.answers}
    received |= {row.number: row.received for row in files.changes} | {row.number: row.received for row in files.joins}
    old = {number for number, time in received.items() if time[:10] < day} - files.waiting
    pairs = [
        (row, _lasting(row, forms.get(row.form), first, on) if row.number in old else row) for row in files.answers
    ]
    files.answers = list(dict.fromkeys(found for _, found in pairs if found))
    gone = old - {row.number for row in files.answers}
    files.keep(lambda number, _: number not in gone)
    return len(gone | {row.number for row, found in pairs if found != row})


def _lasting(row: AnswerRow, known: KnownForm | None, first: date, on: date) -> AnswerRow | None:
    """Return what stays of a row of an old answer."""
    if known is None:
        return None
    ends = known.ends or date.max
    if known.form.kind == "rsvp":
        return row if ends >= on else None
    if known.vote:
        return row if ends >= first and row.question == known.vote.name else None
    if known.form.again == "no" and ends >= on:
        return row._replace(question="", answer="", page="")
    return None


def _renumber(files: InboxFiles, people: KnownPeople) -> None:
    """Give the rows of former ids to the present ones."""
    now = people.renumbered
    if not now:
        return
    files.answers = [
        row._replace(member=now.get(row.member, row.member), about=now.get(row.about, row.about))
        for row in files.answers
    ]
    files.credits = [row._replace(member=now.get(row.member, row.member)) for row in files.credits]
    files.replies = [row._replace(member=now.get(row.member, row.member)) for row in files.replies]
    files.aside.renumber(now)
    files.changes = [row._replace(member=now.get(row.member, row.member)) for row in files.changes]
    files.joins = [row._replace(by=now.get(row.by, row.by), id=now.get(row.id, row.id)) for row in files.joins]
