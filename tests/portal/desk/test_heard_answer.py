"""The answers that the desk shows."""

from __future__ import annotations

from datetime import date

from members_portal.portal.answering.received_answers import ReceivedAnswer, ReceivedAnswers
from members_portal.portal.desk.heard_answer import heard_answers

ON = date(2026, 11, 20)


def received(member: str, day: str, kind: str, *values: tuple[str, str], about: str = "") -> ReceivedAnswers:
    """Make the only answer in an inbox."""
    answer = ReceivedAnswer("A-0000-0000-0001", date.fromisoformat(day), "forms/x", kind, values, about=about)
    return ReceivedAnswers({member: (answer,)})


def test_several_choices_are_one_value_and_the_theme_is_apart() -> None:
    inbox = received("M-1", "2026-11-01", "feedback", ("theme", "Delivery"), ("likes", "Filter"), ("likes", "Decaf"))
    (found,) = heard_answers(inbox, {"M-1"}, ON)
    assert (found.theme, found.words) == ("Delivery", {"likes": "Filter, Decaf"})


def test_a_note_concerns_the_member_whom_it_is_about() -> None:
    inbox = received("S-1", "2026-11-01", "note", ("reason", "Moved away"), about="M-1")
    assert [one.concerns for one in heard_answers(inbox, {"M-1"}, ON)] == ["M-1"]
    assert heard_answers(inbox, {"S-1"}, ON) == ()


def test_who_is_forgotten_is_dropped_and_so_is_what_comes_later() -> None:
    assert heard_answers(received("M-2", "2026-11-01", "feedback"), {"M-1"}, ON) == ()
    assert heard_answers(received("M-1", "2026-11-21", "feedback"), {"M-1"}, ON) == ()


def test_replies_votes_and_changes_are_not_repeated() -> None:
    kinds = ("rsvp", "vote", "change", "referral")
    assert [heard_answers(received("M-1", "2026-11-01", kind), {"M-1"}, ON) for kind in kinds] == [()] * 4
