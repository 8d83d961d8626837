"""Outcomes: the rows that an accepted answer makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from members_portal.inbox.judgement import AcceptedAnswer
from members_portal.inbox.known_people import KnownPeople
from members_portal.inbox.likeness import Likeness
from members_portal.inbox.personal_values import (
    PERSON_FIELDS,
    PERSONAL_KINDS,
    is_personal,
    member_texts,
    personal_texts,
    stated_channels,
)
from members_portal.inbox.present_change import CONSENT_FIELD, same_value
from members_portal.inbox.record.inbox_files import InboxFiles
from members_portal.inbox.record.inbox_row import OPEN, AnswerRow, ChangeRow, CreditRow, JoinRow, TakenRow
from members_portal.loyalty.programme.programme import Programme

MOST_OF_PAGE = 200  # characters of a page's path


@dataclass(frozen=True)
class OutcomeWriter:
    """Adds the rows of answers to the files of an inbox. `country` is that of addresses without one."""

    programme: Programme
    people: KnownPeople
    likeness: Likeness
    country: str = ""

    def add(self, accepted: AcceptedAnswer, files: InboxFiles) -> None:
        """Add all rows of an answer."""
        files.answers += _answer_rows(accepted)
        files.credits += _credit_rows(accepted)
        if accepted.known.form.kind == "change":
            files.changes += self._change_rows(accepted, files)
        if accepted.known.form.kind == "join":
            files.joins.append(self._join_row(accepted))
        answer = accepted.answer
        row = TakenRow(answer.number, stamp(accepted.received), accepted.known.path, accepted.known.form.kind)
        files.taken[answer.number] = row

    def _change_rows(self, accepted: AcceptedAnswer, files: InboxFiles) -> Iterator[ChangeRow]:
        """Yield a row for each field that differs, or that an earlier answer which waits would make differ."""
        member = accepted.member
        if member is None:
            return
        present = member_texts(member)
        texts = personal_texts(accepted.values, accepted.known, self.programme, present, self.country)
        number, received = accepted.answer.number, stamp(accepted.received)
        for name, after in texts.items():
            row = ChangeRow(number, received, member.id, name.replace("_", " "), present.get(name, ""), after)
            if name == CONSENT_FIELD:
                row = row._replace(stated=stated_channels(accepted.values, self.programme.channels))
            if not same_value(name, row.before, after) or _has_open_change(files, row):
                yield row

    def _join_row(self, accepted: AcceptedAnswer) -> JoinRow:
        texts = personal_texts(accepted.values, accepted.known, self.programme, {}, self.country)
        stated = {name: texts.get(name, "") for name in PERSON_FIELDS}
        by, own = self.people.referrer(accepted.answer.by), accepted.answer.member
        return JoinRow(
            accepted.answer.number,
            stamp(accepted.received),
            **stated,
            by=by if by != own else "",
            like=" ".join(self.likeness.of(stated)),
        )


def stamp(moment: datetime) -> str:
    """Return a time as the files have it."""
    return moment.strftime("%Y-%m-%d %H:%M")


def _has_open_change(files: InboxFiles, row: ChangeRow) -> bool:
    same = (row.member, row.field, OPEN)
    return any((each.member, each.field, each.state) == same for each in files.changes)


def _answer_rows(accepted: AcceptedAnswer) -> Iterator[AnswerRow]:
    """Yield a row for each question, and for each choice of several; one row without a question for none."""
    answer, known, member = accepted.answer, accepted.known, accepted.member
    row = AnswerRow(
        answer.number,
        stamp(accepted.received),
        stamp(answer.written),
        known.path,
        known.form.kind,
        member.id if member else "",
        member.edition if member else "",
        accepted.about,
        page=answer.page[:MOST_OF_PAGE],
    )
    told = [pair for pair in _pairs(accepted) if known.form.kind not in PERSONAL_KINDS or not is_personal(pair[0])]
    for question, text in told or [("", "")]:
        yield row._replace(question=question, answer=text)


def _pairs(accepted: AcceptedAnswer) -> list[tuple[str, str]]:
    return [
        (name, text)
        for name, value in accepted.values.items()
        for text in ([value] if isinstance(value, str) else value)
    ]


def _credit_rows(accepted: AcceptedAnswer) -> Iterator[CreditRow]:
    """Yield the line of the ledger for a member's first answer to a form."""
    form, member = accepted.known.form, accepted.member
    if member is None or not accepted.is_first or not (form.points or form.earns):
        return
    yield CreditRow(
        accepted.received.date().isoformat(),
        member.id,
        form.earns or "adjustment",
        points=str(form.points) if form.points else "",
        reference=accepted.answer.number,
        note=accepted.known.title,
    )
