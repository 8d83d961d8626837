"""The history of answers: the forms that members have answered, and how often on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from members_portal.inbox.record.inbox_files import InboxFiles

AnsweredForm = tuple[str, str]  # member id, form


class AnswerHistory:
    """What members have answered before, and on one day. Notes about different members are counted apart."""

    def __init__(self, forms: Iterable[AnsweredForm] = (), today: Iterable[tuple[str, str, str]] = ()) -> None:
        self._forms, self._today = set(forms), Counter(today)

    def has(self, member: str, form: str) -> bool:
        """Tell whether a member has answered a form."""
        return (member, form) in self._forms

    def today(self, member: str, form: str, about: str = "") -> int:
        """Return the number of answers of a member to a form that were received on the day."""
        return self._today[member, form, about]

    def add(self, member: str, form: str, about: str = "") -> None:
        """Add an answer of the day."""
        self._forms.add((member, form))
        self._today[member, form, about] += 1


def answer_history(files: InboxFiles, on: date) -> AnswerHistory:
    """Return the history as far as the files know it: credits are kept for ever. `on` is the day that is counted."""
    forms = {(row.member, row.form) for row in files.answers if row.member}
    forms |= {(row.member, files.taken[row.reference].form) for row in files.credits if row.kind != "referral"}
    day = on.isoformat()
    today = {
        row.number: (row.member, row.form, row.about)
        for row in files.answers
        if row.member and row.received.startswith(day)
    }
    return AnswerHistory(forms, today.values())
