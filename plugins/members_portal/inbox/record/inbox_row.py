"""The rows of the inbox's files. The fields are the columns, in their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

OPEN, APPROVED, NOT_APPROVED = "open", "approved", "refused"  # states of a change or a join
ANSWERED_KINDS = ("feedback", "lost-code")  # kinds of forms whose answers need a reply


class AnswerRow(NamedTuple):
    """The answer to one question, or one choice of several. `question` is its name, `page` the page of the form.

    `persons` are those of a reply, as its form was when it was taken in; 0 for one that declines.
    """

    number: str
    received: str
    written: str
    form: str
    kind: str
    member: str = ""
    tier: str = ""
    about: str = ""
    question: str = ""
    answer: str = ""
    page: str = ""
    persons: str = ""


class CreditRow(NamedTuple):
    """A line of the ledger."""

    date: str
    member: str
    kind: str
    amount: str = ""
    currency: str = ""
    points: str = ""
    reference: str = ""
    item: str = ""
    tags: str = ""
    note: str = ""


class ReplyRow(NamedTuple):
    """A member's reply to an invitation; `state` is coming, waiting, full or declined."""

    number: str
    received: str
    event: str
    member: str
    persons: str
    state: str


class ChangeRow(NamedTuple):
    """A change of one field of a member; `field` is a column of members.csv.

    `stated` are the channels that an answer about consent gives or withdraws.
    """

    number: str
    received: str
    member: str
    field: str
    before: str
    after: str
    state: str = OPEN
    stated: str = ""


class JoinRow(NamedTuple):
    """A request to join; most fields are columns of members.csv.

    `by` is the member who sent the person, `like` are members who may be the same person, `id` is the new id.
    """

    number: str
    received: str
    given_name: str
    family_name: str = ""
    email: str = ""
    phone: str = ""
    birthday: str = ""
    address_lines: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    interests: str = ""
    consent: str = ""
    by: str = ""
    like: str = ""
    id: str = ""
    state: str = OPEN


class TakenRow(NamedTuple):
    """The number of an answer that was taken. `member` is `gone` if the member was forgotten, else empty."""

    number: str
    received: str
    form: str
    kind: str
    member: str = ""


class AnsweredRow(NamedTuple):
    """The day on which somebody of the company answered."""

    number: str
    day: str
    by: str = ""


class AsideRow(NamedTuple):
    """An answer that was refused, or a message that was not read; `file` is in set-aside/.

    The number, the form and the member are those of an answer that could be opened.
    """

    day: str
    source: str
    reason: str
    file: str = ""
    number: str = ""
    form: str = ""
    member: str = ""


class GuestRow(NamedTuple):
    """A line of the list for the door of an event."""

    name: str
    member: str
    persons: str
    state: str


DECISION_STATES = (OPEN, APPROVED, NOT_APPROVED)
FORGOTTEN = "gone"  # in place of the id of a member who was forgotten
STATES: Mapping[type, tuple[str, ...]] = {ChangeRow: DECISION_STATES, JoinRow: DECISION_STATES}
