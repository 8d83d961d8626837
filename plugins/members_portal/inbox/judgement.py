"""Judgement: whether an answer is one that the portal's forms accept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from members_portal.answer.answer import Answer
from members_portal.answer.answer_error import BadAnswer
from members_portal.answer.answer_key import AnswerKeys
from members_portal.answer.sealed_answer import open_answer
from members_portal.form.answer_values import AnswerValue, UnfitAnswer, checked_values
from members_portal.inbox.answer_history import AnswerHistory
from members_portal.inbox.inbox_error import RefusedAnswer
from members_portal.inbox.known_form import KnownForm
from members_portal.inbox.known_people import KnownPeople
from members_portal.inbox.personal_values import PERSONAL_KINDS, unfit_question
from members_portal.inbox.refusal import ANSWERED_ONCE, CLOSED, MANY
from members_portal.loyalty.member.member import Member

LATEST = timedelta(days=30)  # on its way; an older day is of a wrong clock, and the day of receipt counts
FARTHEST_AHEAD = timedelta(days=1)  # of a device in another time zone
MOST_FORMER_CODES = 20  # tried for an answer whose tag is not that of the present code


@dataclass(frozen=True)
class AcceptedAnswer:
    """An answer that counts, with its form, its checked values and its member."""

    answer: Answer
    known: KnownForm
    values: Mapping[str, AnswerValue]
    received: datetime
    member: Member | None = None
    about: str = ""
    is_first: bool = True  # of this member to this form


@dataclass(frozen=True)
class AnswerJudge:
    """Opens and checks answers that are received at one time, in the time zone of the site."""

    keys: AnswerKeys = field(repr=False)
    forms: Mapping[str, KnownForm]
    people: KnownPeople
    received: datetime

    def open(self, sealed: bytes, taken: Collection[str]) -> Answer | None:
        """Return an answer, None if its number is taken; raise BadAnswer."""
        try:
            answer = open_answer(sealed, self.keys, self.people.version_of)
        except BadAnswer:
            if self._is_taken(sealed, taken):
                return None
            raise
        return None if answer.number in taken else answer

    def _is_taken(self, sealed: bytes, taken: Collection[str]) -> bool:
        """Tell whether an answer under a former code, or of a former member, was taken before."""
        for version in range(1, MOST_FORMER_CODES + 1) if taken else ():
            try:
                return open_answer(sealed, self.keys, lambda _, version=version: version).number in taken  # type: ignore[misc]
            except BadAnswer as error:
                if "tag" not in error.reason:
                    return False
        return False

    def accept(self, answer: Answer, history: AnswerHistory) -> AcceptedAnswer:
        """Check an answer against its form and earlier answers; raise RefusedAnswer."""
        known = self.forms.get(answer.form)
        if known is None:
            raise RefusedAnswer("its form does not exist")
        member = self.people.find(answer.member)
        self._check_day(answer, known, member)
        is_first = member is None or not history.has(member.id, known.path)
        if known.form.again == "no" and not is_first:
            raise RefusedAnswer(ANSWERED_ONCE)
        about = self._about(answer, known)
        if member and history.today(member.id, known.path, about) >= known.form.most:
            raise RefusedAnswer(MANY.format(known.form.most))
        values = self._values(answer, known)
        return AcceptedAnswer(answer, known, values, self.received, member, about, is_first)

    def _values(self, answer: Answer, known: KnownForm) -> Mapping[str, AnswerValue]:
        """Return the checked values of an answer. Values about a person must also be valid for a member."""
        try:
            values = checked_values(known.asked(answer.values), answer.values)
        except UnfitAnswer as error:
            raise RefusedAnswer(str(error)) from None
        if known.form.kind in PERSONAL_KINDS and (unfit := unfit_question(values)):
            raise RefusedAnswer(f"`{unfit.question}` isn't {unfit.expected}")
        return values

    def _check_day(self, answer: Answer, known: KnownForm, member: Member | None) -> None:
        if answer.written > self.received + FARTHEST_AHEAD:
            raise RefusedAnswer("it is dated more than a day ahead")
        if known.form.opens and answer.written.date() < known.form.opens:
            raise RefusedAnswer("it is dated before the form opened")
        day = self._day_of(answer)
        if not known.form.is_open(day):
            raise RefusedAnswer(CLOSED)
        if not known.may_answer(member, day):
            raise RefusedAnswer("its form is not for this member" if member else "its form is for members")

    def _day_of(self, answer: Answer) -> date:
        """Return the day on which an answer counts: of writing, or of receipt if it was written too long ago."""
        is_recent = answer.written >= self.received - LATEST
        return min(answer.written if is_recent else self.received, self.received).date()

    def _about(self, answer: Answer, known: KnownForm) -> str:
        if answer.about is None:
            return ""
        found = self.people.find(answer.about)
        if known.form.kind != "note" or found is None:
            raise RefusedAnswer("it is about a member, and is no note on a present one")
        return found.id
