"""Decisions: changes and joins that staff approve or refuse.

A decision is on disk before the next one. Approving again after a crash changes nothing twice: the id of a new member
is written down first, and the state last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from members_portal.inbox.inbox_error import UnknownNumber
from members_portal.inbox.known_people import KnownPeople
from members_portal.inbox.likeness import Likeness, sharing_members
from members_portal.inbox.member_file.member_id import greatest_id, is_used_up, next_id
from members_portal.inbox.member_file.members_file import MembersFile
from members_portal.inbox.personal_values import PERSON_FIELDS, member_texts
from members_portal.inbox.present_change import (
    CONSENT_FIELD,
    later_changes,
    outdated_fields,
    with_present,
    with_present_consent,
)
from members_portal.inbox.record.inbox_files import CHANGES, JOINS, InboxFiles
from members_portal.inbox.record.inbox_row import (
    ANSWERED_KINDS,
    APPROVED,
    NOT_APPROVED,
    OPEN,
    AnsweredRow,
    ChangeRow,
    CreditRow,
    JoinRow,
)
from members_portal.loyalty.programme.programme import Programme

REFERRAL = "referral"


@dataclass(frozen=True)
class DecisionMaker:
    """Decides on what waits in an inbox, on a day. Without a `file`, the owner edits the members elsewhere."""

    files: InboxFiles
    people: KnownPeople
    programme: Programme
    file: MembersFile | None
    on: date

    def approve(self, number: str, new_id: str = "") -> list[str]:
        """Approve a change or a join; return the lines to tell. Raise UnknownNumber, NotEditable or InvalidInput."""
        if changes := [row for row in self.files.changes if row.number == number and row.state == OPEN]:
            return self._approve_changes(changes)
        join = next((row for row in self.files.joins if row.number == number and row.state == OPEN), None)
        if join is None:
            raise self._undecidable(number)
        return self._approve_join(join, new_id)

    def note_answer(self, number: str, day: date, by: str) -> AnsweredRow | None:
        """Note the day of a reply, and return the note that it replaces; raise UnknownNumber."""
        taken = self.files.taken.get(number)
        if taken is None:
            raise UnknownNumber(f"no answer has the number {_shown(number)}")
        if taken.kind not in ANSWERED_KINDS:
            raise UnknownNumber(f"{number} answers a form of the kind {taken.kind}, expected feedback or a lost code")
        earlier = self.files.answered.get(number)
        self.files.answered[number] = AnsweredRow(number, day.isoformat(), by)
        self.files.save()
        return earlier

    def refuse(self, number: str) -> None:
        """Refuse a change or a join; raise UnknownNumber."""
        if number not in self.files.waiting:
            raise self._undecidable(number)
        self._set_state(number, NOT_APPROVED)

    def _undecidable(self, number: str) -> UnknownNumber:
        """Return the error for an answer on which there is nothing to decide."""
        states = [row.state for row in self.files.changes if row.number == number]
        states += [row.state for row in self.files.joins if row.number == number]
        if states:
            return UnknownNumber(f"{number} was {states[0]} before")
        taken = self.files.taken.get(number)
        if taken is None:
            return UnknownNumber(f"no answer has the number {_shown(number)}")
        what = "changes nothing" if taken.kind == "change" else f"answers a form of the kind {taken.kind}"
        return UnknownNumber(f"{number} {what}: only changes and joins are approved or refused")

    def _approve_changes(self, rows: list[ChangeRow]) -> list[str]:
        rows = self._present_changes(rows)
        member, texts = rows[0].member, {row.field.replace(" ", "_"): row.after for row in rows}
        likeness = Likeness(self.people.everyone)
        shared = [
            f"{each} has the same e-mail address or telephone number." for each in sharing_members(rows, likeness)
        ]
        if self.file:
            self.file.change(member, texts)
            told = [f"{member}: {', '.join(row.field for row in rows)} changed in {self.file.path.name}."]
        else:
            told = [_elsewhere(member, texts)]
        self._put_changes(rows)
        self._set_state(rows[0].number, APPROVED)
        return [*told, *shared]

    def _present_changes(self, rows: list[ChangeRow]) -> list[ChangeRow]:
        """Return the rows of an answer as they apply now; stop once if a value has changed since it was taken in."""
        member, now = self.people.anyone(rows[0].member), self.people.renumbered
        if member is None:
            raise UnknownNumber(f"{rows[0].member} is no longer in the list of members; refuse {rows[0].number}")
        present = member_texts(member)
        self.files.changes = [row._replace(member=now.get(row.member, row.member)) for row in self.files.changes]
        rows = [row._replace(member=member.id) for row in rows]
        if outdated := outdated_fields(rows, present):
            self._put_changes(with_present(row, present) if row.field in outdated else row for row in rows)
            self.files.save()
            what = f"{', '.join(outdated)} of {member.id} changed since the answer was taken in"
            raise UnknownNumber(f"{what}: see {CHANGES}; approve {rows[0].number} again to replace the present value")
        return [
            row
            if row.field != CONSENT_FIELD
            else with_present_consent(row, present, later_changes(row, self.files.changes))
            for row in rows
        ]

    def _put_changes(self, rows: Iterable[ChangeRow]) -> None:
        new = {(row.number, row.field): row for row in rows}
        self.files.changes = [new.get((row.number, row.field), row) for row in self.files.changes]

    def _approve_join(self, row: JoinRow, new_id: str) -> list[str]:
        self._check_likeness(row)
        if self.file is None:  # the database gives the id
            told = [_elsewhere("new member", self._entry(row))]
        else:
            row = self._added(self.file, row, new_id)
            told = [f"{row.id} added to {self.file.path.name}."]
        row = row._replace(by=self.people.renumbered.get(row.by, row.by))
        if row.by in self.people.ids and row.by != row.id and row.by not in row.like.split():
            self._credit(row)
            told.append(f"{row.by} gets a line of the kind {REFERRAL}.")
        self._set_state(row.number, APPROVED)
        return [*told, *_notes(row)]

    def _check_likeness(self, row: JoinRow) -> None:
        """Note who is like a person since the answer was taken, and stop once; the next approval goes on."""
        found = Likeness(self.people.everyone).of(row._asdict())
        new = [each for each in found if each != row.id and each not in row.like.split()]
        if new and row.state == OPEN:
            self._put_join(
                lambda each: (
                    each._replace(like=" ".join(sorted({*each.like.split(), *new})))
                    if each.number == row.number
                    else each
                )
            )
            raise UnknownNumber(f"{', '.join(new)} may be the same person; approve {row.number} again to go on")

    def _added(self, file: MembersFile, row: JoinRow, new_id: str) -> JoinRow:
        """Write the id of a join to disk, then add the member. A member who can't be added uses up no id."""
        found = row if row.id else row._replace(id=self._next_id(new_id))
        if found.id in self.people.ids:  # added by a run that was killed
            return found
        content = file.with_member(self._entry(found))
        self.files.last_id = greatest_id({*self._ids, found.id})
        self._put_join(lambda each: found if each.number == row.number else each)
        file.replace(content)
        return found

    def _next_id(self, new_id: str) -> str:
        """Return the id of a new member; raise UnknownNumber for one that was given before."""
        if new_id in self._ids:
            raise UnknownNumber(f"{new_id} is the id of another member, expected a new one")
        if is_used_up(new_id, self._ids):
            last = greatest_id(self._ids)
            raise UnknownNumber(f"{new_id} may be that of a forgotten member, expected an id after {last}")
        return new_id or next_id(self._ids)

    @property
    def _ids(self) -> set[str]:
        """The ids of all members and joins, and the greatest one that there ever was."""
        joined = {each.id for each in self.files.joins}
        return {*self.people.ids, *self.people.renumbered, *joined, self.files.last_id} - {""}

    def _entry(self, row: JoinRow) -> dict[str, str]:
        """Return the row of members.csv of a new member."""
        stated = {name: str(getattr(row, name)) for name in PERSON_FIELDS}
        name = " ".join(filter(None, (row.given_name, row.family_name)))
        tier = {} if self.programme.qualifying else {"tier": self.programme.ladder[0]}
        entry = {"id": row.id, "given_name": "", "family_name": "", "formal_name": name, **stated}
        found = entry | {"joined": row.received[:10], **tier}
        if not _has_whole_address(row):
            found |= dict.fromkeys(("address_lines", "postcode", "city", "country"), "")
        return {key: text for key, text in found.items() if text}

    def _credit(self, row: JoinRow) -> None:
        if any(each.reference == row.number for each in self.files.credits):
            return
        note = f"{row.id or row.number} joined"
        self.files.credits.append(CreditRow(self.on.isoformat(), row.by, REFERRAL, reference=row.number, note=note))
        self.files.save()

    def _set_state(self, number: str, state: str) -> None:
        self.files.changes = [
            row._replace(state=state) if row.number == number and row.state == OPEN else row
            for row in self.files.changes
        ]
        self._put_join(lambda row: row._replace(state=state) if row.number == number and row.state == OPEN else row)

    def _put_join(self, change: Callable[[JoinRow], JoinRow]) -> None:
        self.files.joins = [change(row) for row in self.files.joins]
        self.files.save()


def _notes(row: JoinRow) -> Iterator[str]:
    """Yield what to know about a new member, and what to do next."""
    if row.like:
        yield f"May be the same person: {', '.join(row.like.split())}."
    code = f": portal code {row.id}" if row.id else ""
    if _has_whole_address(row):
        yield f"Next: publish, then send the letter{code.replace('code', 'letter')}."
        return
    if row.address_lines:
        yield f"The address is incomplete and was left out: see {JOINS}."
    yield f"Without an address no letter can go out. Next: add it, or publish and tell the access code{code}."


def _has_whole_address(row: JoinRow) -> bool:
    return bool(row.address_lines and row.city and row.country)


def _elsewhere(member: str, texts: Mapping[str, str]) -> str:
    """Return the values to set where the members are kept."""
    listed = "; ".join(f"{name.replace('_', ' ')}: {_plain(text)}" for name, text in texts.items())
    return f"Change where your members are kept: {member}: {listed}"


def _plain(text: str) -> str:
    """Return a text without characters that change a terminal."""
    return "".join(each if each.isprintable() else " " for each in text)


def _shown(number: str) -> str:
    return _plain(number)[:40]
