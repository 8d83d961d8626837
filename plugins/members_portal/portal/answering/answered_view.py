"""Answered view: a member's own answers as the pages of the member's edition show them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from members_portal.form.form import Question
from members_portal.inbox.refusal import ONCE_ONLY, TOO_MANY
from members_portal.loyalty.member.member import Member
from members_portal.loyalty.period import DAY
from members_portal.portal.answering.form_view import answered_slot, form_path, last_day_of, refused_slot
from members_portal.portal.answering.received_answers import ReceivedAnswer, ReceivedAnswers
from members_portal.portal.content.front.event import Event
from members_portal.portal.content.front.feedback import Feedback
from members_portal.portal.content.item import Item
from members_portal.portal.rendering.edition import Edition

SHOWN_DAYS = 30  # days for which the home page thanks somebody
CONFIRMED_DAYS = 60  # days for which a device can ask whether an answer has arrived


@dataclass(frozen=True)
class ThankYou:
    """An item that responds to an answer of the member. `slot` is on its page."""

    slot: str
    title: str
    url: str
    state: str
    day: date


@dataclass(frozen=True)
class AnsweredView:
    """An answer with the item that it belongs to. Title and address are empty if the edition has no such item.

    `choice` is what the member voted for, `results` are the votes by choice, once the vote has closed. `starts` is the
    beginning of an event. `settled` are earlier answers to the form that were set aside; no page shows them any more.
    """

    answer: ReceivedAnswer
    slot: str = ""
    title: str = ""
    url: str = ""
    starts: datetime | None = None
    last_day: date | None = None
    choice: str = ""
    results: tuple[tuple[str, int], ...] = ()
    thanks: tuple[ThankYou, ...] = ()
    settled: tuple[ReceivedAnswer, ...] = ()


class AnsweredViews:
    """Makes the views of all members on a day; `editions` are by name."""

    def __init__(self, received: ReceivedAnswers, editions: Mapping[str, Edition], on: date) -> None:
        self._received, self._on = received, on
        self._items = {name: _items_by_path(edition) for name, edition in editions.items()}
        self._thanks = {name: _thanks_by_number(items) for name, items in self._items.items()}
        self._results: dict[str, tuple[tuple[str, int], ...]] = {}

    def of(self, member: Member) -> tuple[AnsweredView, ...]:
        """Return the views of a member's answers, oldest first."""
        answers, refusals = self._received.of_member.get(member.id, ()), self._received.refused.get(member.id, ())
        if not answers and not refusals:
            return ()
        last = {answer.form: answer.day for answer in answers}
        refused = [each for each in refusals if each.day >= self._first_confirmed]
        settled = [each for each in refused if _is_settled(each, last.get(each.form, date.min))]
        views = [
            replace(
                self._view(answer, member.edition), settled=tuple(old for old in settled if old.form == answer.form)
            )
            for answer in answers
        ]
        views += [self._refused_view(answer, member.edition) for answer in refused if answer not in settled]
        return tuple(sorted(views, key=lambda view: view.answer.day))

    @property
    def _first_confirmed(self) -> date:
        return self._on - CONFIRMED_DAYS * DAY

    def _refused_view(self, answer: ReceivedAnswer, edition: str) -> AnsweredView:
        item = self._items[edition].get(answer.form)
        return AnsweredView(answer, refused_slot(item), item.front.title, item.url) if item else AnsweredView(answer)

    def _view(self, answer: ReceivedAnswer, edition: str) -> AnsweredView:
        item = self._items[edition].get(answer.form)
        thanks = self._thanks[edition].get(answer.number, ())
        if item is None:
            return AnsweredView(answer, thanks=thanks)
        starts = item.front.starts if isinstance(item.front, Event) else None
        last = item.last_day if isinstance(item.front, Event) else None
        question = _vote_of(item)
        choice = answer.value(question.name) if question else ""
        results = self._votes(item, question) if question else ()
        return AnsweredView(
            answer, answered_slot(item), item.front.title, item.url, starts, last, choice, results, thanks
        )

    def _votes(self, item: Item, question: Question) -> tuple[tuple[str, int], ...]:
        """Return the result of a vote that has closed, the most votes first."""
        path, closes = form_path(item), last_day_of(item)
        if closes is None or self._on <= closes:
            return ()
        if path not in self._results:
            counts = self._received.votes(path, question.name)
            former = [choice for choice in counts if choice not in question.choices]  # worded anew since
            all_choices = [(choice, counts.get(choice, 0)) for choice in (*question.choices, *former)]
            self._results[path] = tuple(sorted(all_choices, key=lambda pair: -pair[1]))
        return self._results[path]


def _is_settled(refused: ReceivedAnswer, last: date) -> bool:
    """Tell whether a later answer to the form was taken in; `last` is the day of the last one."""
    same_day = refused.state == TOO_MANY and last == refused.day  # as many as count were taken in on this day
    return not (refused.state == ONCE_ONLY or last < refused.day or same_day)


def _vote_of(item: Item) -> Question | None:
    """Return the question of a vote; None for other forms."""
    form = item.front.form
    if form is None or form.kind != "vote":
        return None
    return next(each for each in form.questions if each.type == "choice" and not each.optional)


def last_days_same(views: tuple[AnsweredView, ...], on: date) -> Iterator[date]:
    """Yield the last days, from a day on, on which answers are shown as on this day."""
    for view in views:
        ends = [each.day + CONFIRMED_DAYS * DAY for each in (view.answer, *view.settled)]
        ends += [view.last_day] if view.last_day else []
        ends += [day for thank in view.thanks for day in (thank.day - DAY, thank.day + SHOWN_DAYS * DAY)]
        yield from (day for day in ends if day >= on)


def persons_by_page(received: ReceivedAnswers, items: Iterable[Item]) -> dict[str, int]:
    """Count the persons who come to each event, and the members who said what an item of feedback responds to."""
    said = {
        form_path(item): len(
            {received.member_of[number] for number in item.front.answers if number in received.member_of}
        )
        for item in items
        if isinstance(item.front, Feedback) and item.front.answers
    }
    return {**received.coming, **said}


def confirmed_numbers(views: tuple[AnsweredView, ...], on: date) -> list[str]:
    """Return the numbers that a device may still wait for."""
    since = on - CONFIRMED_DAYS * DAY
    found = [each for view in views for each in (view.answer, *view.settled)]
    return list(dict.fromkeys(each.number for each in found if each.day >= since))


def _items_by_path(edition: Edition) -> dict[str, Item]:
    return {form_path(shown.item): shown.item for shown in edition.items.values()}


def _thanks_by_number(items: Mapping[str, Item]) -> dict[str, tuple[ThankYou, ...]]:
    """Return the items that respond to each answer, by its number."""
    found: dict[str, tuple[ThankYou, ...]] = {}
    for item in items.values():
        if isinstance(item.front, Feedback) and item.publish:
            thanks = ThankYou(answered_slot(item), item.front.title, item.url, item.front.state, item.publish)
            for number in item.front.answers:
                found[number] = (*found.get(number, ()), thanks)
    return found
