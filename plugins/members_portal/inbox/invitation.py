"""Invitations: the replies to each event, computed again from all answers, and the lists for the door."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from members_portal.inbox.guest_list import COMING, WAITING, GuestList, GuestReply
from members_portal.inbox.known_form import KnownForm
from members_portal.inbox.known_people import KnownPeople
from members_portal.inbox.record.inbox_files import InboxFiles, door_names
from members_portal.inbox.record.inbox_row import AnswerRow, GuestRow, ReplyRow


def renew_replies(files: InboxFiles, forms: Mapping[str, KnownForm], people: KnownPeople) -> None:
    """Compute the replies and the lists for the door again. Replies to an event that is gone stay as they are.

    What a reply means is kept with it: the choices of a form can be worded anew.
    """
    files.answers = _with_persons(files, forms)
    answers = {row.number for row in files.answers}
    given = {row.number for row in files.replies if row.state == COMING}
    replies = [row for row in files.replies if row.event not in forms and row.number in answers]
    doors: dict[str, list[GuestRow]] = {}
    names = _door_names(forms)
    for path, rows in _rows_by_event(files.answers).items():
        if path in forms:
            found = _guests(forms[path], rows)
            found.keep_given(given)
            replies += [_reply_row(path, reply) for reply in found.replies]
            doors[names[path]] = list(_door(found, people))
    files.doors = doors
    files.replies = sorted(replies, key=lambda row: row.event)


def _with_persons(files: InboxFiles, forms: Mapping[str, KnownForm]) -> list[AnswerRow]:
    """Return the answers with the persons of each reply; of one that was taken in before, those of replies.csv."""
    known = {row.number: row.persons for row in files.replies}
    for path, rows in _rows_by_event(row for row in files.answers if not row.persons).items():
        if path in forms:
            known |= {number: str(_persons(forms[path], own)) for number, own in rows.items() if number not in known}
    return [
        row._replace(persons=known.get(row.number, "")) if row.kind == "rsvp" and not row.persons else row
        for row in files.answers
    ]


def _rows_by_event(answers: Iterable[AnswerRow]) -> dict[str, dict[str, list[AnswerRow]]]:
    """Return the rows of replies by event and number, in their order."""
    found: dict[str, dict[str, list[AnswerRow]]] = defaultdict(lambda: defaultdict(list))
    for row in answers:
        if row.kind == "rsvp":
            found[row.form][row.number].append(row)
    return dict(sorted(found.items()))


def _guests(known: KnownForm, rows: Mapping[str, list[AnswerRow]]) -> GuestList:
    guests = GuestList(known.places, has_waiting_list=known.form.waiting_list)
    guests.add_all(_reply(own) for own in rows.values())
    return guests


def _persons(known: KnownForm, rows: list[AnswerRow]) -> int:
    """Return the persons of an answer: the first choice of `coming` means yes."""
    values = {row.question: row.answer for row in rows}
    coming = known.question("coming")
    is_coming = bool(coming and coming.choices and values.get("coming") == coming.choices[0])
    persons = values.get("persons", "1")
    return int(persons) if is_coming and persons.isdigit() else 0


def _reply(rows: list[AnswerRow]) -> GuestReply:
    first = rows[0]
    return GuestReply(first.number, first.received, first.member, int(first.persons) if first.persons.isdigit() else 0)


def _reply_row(event: str, reply: GuestReply) -> ReplyRow:
    return ReplyRow(reply.number, reply.received, event, reply.member, str(reply.persons), reply.state)


def _door(guests: GuestList, people: KnownPeople) -> Iterator[GuestRow]:
    """Yield the guests by name, then those who wait, in their order."""
    names = {member.id: member.full_name for member in people.everyone}
    rows = [
        GuestRow(names.get(reply.member, ""), reply.member, str(reply.persons), reply.state)
        for reply in guests.replies
        if reply.state in {COMING, WAITING}
    ]
    yield from sorted((row for row in rows if row.state == COMING), key=lambda row: (row.name.casefold(), row.member))
    yield from (row for row in rows if row.state == WAITING)


def _door_names(forms: Iterable[str]) -> dict[str, str]:
    """Return the name of the list of each form: the last part of its path, or all parts where two are alike."""
    paths = list(forms)
    last = Counter(door_names(path)[0] for path in paths)
    return {path: short if last[short] == 1 else whole for path in paths for short, whole in [door_names(path)]}
