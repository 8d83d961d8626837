"""Answers that the gate searches for: numbers and long texts, but nothing that members quote from the pages."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from members_portal.portal.answering.received_answers import ReceivedAnswer, ReceivedAnswers
from members_portal.publish.gate.search.answer_phrases import answer_phrases, hidden_answers
from members_portal.publish.gate.search.decoded import Decoded

THEME = Path(__file__).parents[4] / "theme"
WORDS = "The lamp in the stairwell smoked for nine days, and the boy laughed."
NUMBER = "A-7K3Q-9XMP-0001"


def received(kind: str = "feedback", **words: str) -> ReceivedAnswers:
    """Return an answer of each member, with a number of its own."""
    found = {
        member: (ReceivedAnswer(f"A-7K3Q-9XMP-{at:04}", date(2026, 11, 12), "forms/tell-us", kind, (("words", text),)),)
        for at, (member, text) in enumerate(words.items(), 1)
    }
    return ReceivedAnswers(found)


def found(shown: str, answers: ReceivedAnswers, written: str = "") -> set[str]:
    """Search a text; return the writers of what it holds."""
    return hidden_answers(answer_phrases(answers, THEME), [written]).find(Decoded.of(shown))


@pytest.mark.parametrize("shown", [WORDS, f"<p>{WORDS.upper()}</p>", f"Thanks for {NUMBER}", NUMBER.lower()])
def test_words_and_number_of_an_answer_are_found(shown: str) -> None:
    assert found(shown, received(M1=WORDS)) == {"M1"}


def test_short_words_occur_by_chance_and_their_number_does_not() -> None:
    answers = received(M1="It was very good")
    assert found("It was very good", answers) == set()
    assert found(NUMBER, answers) == {"M1"}


def test_words_of_several_members_or_of_editors_are_nobodys() -> None:
    assert found(WORDS, received(M1=WORDS, M2=WORDS)) == set()
    assert found(WORDS, received(M1=WORDS), written=f"You said: {WORDS}") == set()


def test_a_quotation_of_the_theme_stops_no_publish_whatever_its_numbers() -> None:
    quoted = "You’re number 4 on the waiting list. If a place comes free, it says so here."
    assert found(quoted, received(M1=quoted)) == set()


def test_an_address_in_a_change_may_be_that_of_a_household() -> None:
    address = "The Old Dispensary, Chapel Lane 4, V99 Y2C7 Dingle"
    assert found(address, received("change", M1=address)) == set()
    assert found(address, received("feedback", M1=address)) == {"M1"}


def test_the_number_of_an_answer_says_the_writer() -> None:
    assert list(answer_phrases(received(M1="Good", M2=WORDS), THEME)) == [
        (NUMBER, "M1"),
        ("A-7K3Q-9XMP-0002", "M2"),
        (WORDS, "M2"),
    ]
