"""Notes of answers: who has answered, and the list of feedback that waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from members_portal.portal.answering.received_answers import read_received
from tests.inbox.letters import Letter
from tests.inbox.quay import Quay
from tests.inbox.test_keeping import forget

TELL = Letter("forms/tell-us", {"words": "The third lamp is crooked."}, "L-101")


def test_feedback_waits_until_somebody_notes_an_answer(quay: Quay) -> None:
    quay.take(TELL)
    waits = f"{TELL.number}  feedback, waits 0 working days\n"
    assert quay.run("list").out == f"0 decisions to make.\n{waits}"
    noted = quay.run("answered", TELL.number.lower(), "--by", "Signe")
    assert (noted.code, noted.out) == (0, f"{TELL.number} answered on 2026-11-20.\n")
    assert quay.rows("answered.csv") == [{"number": TELL.number, "day": "2026-11-20", "by": "Signe"}]
    assert quay.run("list").out == "0 decisions to make.\n"
    quay.take()
    assert quay.column("answered.csv", "number") == [TELL.number]


def test_the_list_names_what_waits_longer_than_promised(quay: Quay) -> None:
    promise = quay.root / "content" / "promise" / "lit-by-dusk.md"
    promise.write_text(promise.read_text("utf-8").replace("Target:", "Answers within: {days: 2}\nTarget:"), "utf-8")
    quay.take(TELL)
    out = quay.run("list", "--date", "2026-11-25").out
    assert out.endswith(f"{TELL.number}  feedback, waits 3 working days, longer than promised\n")


@pytest.mark.long
def test_a_number_that_no_answer_has_is_refused(quay: Quay) -> None:
    quay.take(TELL)
    run = quay.run("answered", "A-0000-0000-0000")
    assert (run.code, quay.rows("answered.csv")) == (1, [])
    assert "no answer has the number A-0000-0000-0000" in run.text


@pytest.mark.long
def test_an_earlier_day_that_is_replaced_is_told(quay: Quay) -> None:
    later = {"PORTAL_NOW": "2026-11-23T12:00+00:00"}
    quay.take(TELL)
    quay.run("answered", TELL.number)
    noted = quay.run("answered", TELL.number, **later)
    assert noted.out == f"{TELL.number} answered on 2026-11-23; this replaces 2026-11-20.\n"


@pytest.mark.long
def test_only_feedback_and_lost_codes_are_answered(quay: Quay) -> None:
    survey = Letter("forms/wicks", {"wick": "Flat"}, "L-102")
    lost = Letter("forms/lost", {"name": "Torvald", "contact": "5003"})
    quay.take(survey, lost)
    run = quay.run("answered", survey.number)
    assert (run.code, quay.rows("answered.csv")) == (1, [])
    assert f"{survey.number} answers a form of the kind survey, expected feedback or a lost code" in run.err
    assert quay.run("answered", lost.number).code == 0
    assert quay.run("list").out == "0 decisions to make.\n"


def test_nobody_has_answered_on_a_day_to_come(quay: Quay) -> None:
    quay.take(TELL)
    run = quay.run("answered", TELL.number, "--date", "2026-11-21")
    assert (run.code, quay.rows("answered.csv")) == (1, [])
    assert "2026-11-21 is in the future, expected the day of the answer" in run.err
    assert quay.run("answered", TELL.number, "--date", "2026-11-20").code == 0


def test_a_day_that_does_not_exist_is_an_error_with_its_file(quay: Quay) -> None:
    quay.take(TELL)
    (quay.inbox / "answered.csv").write_text(f"number,day,by\n{TELL.number},soon,\n", "utf-8")
    run = quay.project.portal("check")
    assert run.code == 3
    assert "members/inbox/answered.csv:2:18: day: `soon` is no day, expected a day such as 2026-12-01" in run.text


@pytest.mark.long
def test_feedback_of_a_forgotten_member_is_no_broken_promise(quay: Quay) -> None:
    quay.take(TELL, replace(TELL, member="L-103"))
    quay.run("answered", replace(TELL, member="L-103").number)
    forget(quay, TELL.member or "", "L-103")
    quay.take()
    assert quay.column("taken.csv", "member") == ["gone", "gone"]
    received = read_received(quay.inbox)
    assert [(each.is_gone, each.answered) for each in received.feedback] == [
        (True, None),
        (True, date(2026, 11, 20)),
    ]
