"""Answers from the folder to the files of the inbox."""

from __future__ import annotations

from tests.inbox.letters import Letter
from tests.inbox.quay import Quay

SURVEY = Letter("forms/wicks", {"wick": "Flat", "uses": ["Reading", "Waiting"], "why": "-2 hours\nof dark"}, "L-102")


def test_an_answer_becomes_rows_points_and_a_number_that_counts_once(quay: Quay) -> None:
    run = quay.take(SURVEY)
    assert "1 answer taken from 1 message; see members/inbox/." in run.out
    assert [tuple(row.values())[3:] for row in quay.rows("answers.csv")] == [
        ("forms/wicks", "survey", "L-102", "pewter", "", "wick", "Flat", "forms/wicks/", ""),
        ("forms/wicks", "survey", "L-102", "pewter", "", "uses", "Reading", "forms/wicks/", ""),
        ("forms/wicks", "survey", "L-102", "pewter", "", "uses", "Waiting", "forms/wicks/", ""),
        ("forms/wicks", "survey", "L-102", "pewter", "", "why", "'-2 hours\nof dark", "forms/wicks/", ""),
    ]
    assert (quay.inbox / "ledger.csv").read_text() == (
        "date,member,kind,amount,currency,points,reference,item,tags,note\n"
        f'2026-11-20,L-102,adjustment,,,25,{SURVEY.number},,,"\'=Of wicks, and of lamps"\n'
    )
    assert quay.column("taken.csv", "number") == [SURVEY.number]
    assert not list(quay.post.glob("*.txt"))
    before = quay.contents()
    assert "1  had arrived before" in quay.take(SURVEY).out
    assert quay.contents() == before
