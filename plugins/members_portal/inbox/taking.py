"""Taking: from the messages of sources to the files of the inbox.

Answers are taken in batches. A batch is on disk, with `taken.csv` last, before its messages are marked in the source:
killed anywhere, no answer is lost, and none counts twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from members_portal.answer.answer import Answer
from members_portal.answer.answer_error import BadAnswer
from members_portal.answer.answer_text import DamagedAnswer, find_answers, written_answer
from members_portal.inbox.answer_history import answer_history
from members_portal.inbox.inbox_error import RefusedAnswer
from members_portal.inbox.judgement import AcceptedAnswer, AnswerJudge
from members_portal.inbox.outcome import OutcomeWriter
from members_portal.inbox.record.inbox_files import InboxFiles
from members_portal.inbox.record.set_aside import UNNAMED, NamedAnswer
from members_portal.inbox.sources.arrival import Arrival, ArrivalSource

BATCH = 5000  # messages between two commits


@dataclass
class TakenCount:
    """What was found: answers by kind, replays, and those set aside by reason. `left` stay in their source."""

    kinds: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    replayed: int = 0
    left: int = 0
    messages: int = 0


class AnswerTaker:
    """Takes the answers of one source after another. `renew` computes what depends on all answers."""

    def __init__(
        self, files: InboxFiles, judge: AnswerJudge, writer: OutcomeWriter, renew: Callable[[InboxFiles], None]
    ) -> None:
        self.files, self.judge, self.writer, self.renew = files, judge, writer, renew
        self.history = answer_history(files, judge.received.date())
        self.count = TakenCount()

    def take(self, source: ArrivalSource, name: str) -> None:
        """Take the answers of a source."""
        done: dict[str, bool] = {}  # messages to mark, and those to leave
        current = ""
        for number, arrival in enumerate(source.arrivals(), 1):
            current = arrival.key
            done[current] = self._take(arrival, name, source.marks_all) and done.get(current, True)
            if number % BATCH == 0:
                self._commit(source, {key: may for key, may in done.items() if key != current})
                done = {current: done[current]}
        self._commit(source, done)

    def _commit(self, source: ArrivalSource, done: dict[str, bool]) -> None:
        self.renew(self.files)
        self.files.save()
        source.mark([key for key, may in done.items() if may])

    def _take(self, arrival: Arrival, name: str, marks_all: bool) -> bool:
        """Take the answers of a message; return whether it may be marked.

        A file that is not complete may still be written: it stays, and is read again.
        """
        self.count.messages += 1
        origin = f"{name}, {arrival.origin}"
        if arrival.fault:
            return self._set_aside(origin, arrival.fault) and marks_all
        found = dict.fromkeys(each for text in arrival.texts for each in find_answers(text))
        handled = [self._take_one(each, origin) and (marks_all or isinstance(each, bytes)) for each in found]
        return all(handled) and (marks_all or bool(handled))

    def _take_one(self, found: bytes | DamagedAnswer, origin: str) -> bool:
        if isinstance(found, DamagedAnswer):
            return self._set_aside(origin, found.reason, found.text)
        try:
            answer = self.judge.open(found, self.files.taken)
        except BadAnswer as error:
            return self._set_aside(origin, error.reason, written_answer(found))
        if answer is None:
            self.count.replayed += 1
            return True
        try:
            self._accept(self.judge.accept(answer, self.history))
        except RefusedAnswer as error:
            return self._set_aside(origin, error.reason, written_answer(found), self._named(answer))
        return True

    def _accept(self, accepted: AcceptedAnswer) -> None:
        self.writer.add(accepted, self.files)
        self.count.kinds[accepted.known.form.kind] += 1
        if accepted.member:
            self.history.add(accepted.member.id, accepted.known.path, accepted.about)

    def _named(self, answer: Answer) -> NamedAnswer:
        """Return what names an answer whose tag is right; the form only if there is one."""
        member = self.judge.people.find(answer.member)
        form = answer.form if answer.form in self.judge.forms else ""
        return NamedAnswer(answer.number, form, member.id if member else "")

    def _set_aside(self, origin: str, reason: str, text: str = "", named: NamedAnswer = UNNAMED) -> bool:
        known = self.files.aside.new
        if not self.files.aside.add(self.judge.received.date(), origin, reason, text, named):
            self.count.left += 1
            return False
        if self.files.aside.new > known:
            self.count.refused[reason] += 1
        return True
