"""How long answers are kept, and that they leave with their member."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from members_portal.inbox.keeping import first_day_kept
from tests.inbox.letters import Letter
from tests.inbox.quay import Quay
from tests.inbox.test_invitation import reply

SURVEY = Letter("forms/wicks", {"wick": "Flat"}, "L-102")
TELL = Letter("forms/tell-us", {"words": "A lamp"}, "L-103")
CHANGE = Letter("forms/your-details", {"phone": "+47 1"}, "L-102")


def forget(quay: Quay, *members: str) -> None:
    """Remove members from the file, as an owner does."""
    file = quay.root / "members" / "members.yaml"
    parts = re.split(r"(?m)^(?=- id: )", file.read_text("utf-8"))
    file.write_text("".join(part for part in parts if part[6:11] not in members), "utf-8")


def test_a_member_who_is_forgotten_takes_all_words_along(quay: Quay) -> None:
    quay.take(SURVEY, TELL, CHANGE, reply("L-102", "4"), reply("L-101", "4"))
    forget(quay, "L-102")
    assert quay.project.portal("check").code == 3  # its points are in the ledger until the next run
    run = quay.take()
    assert "1 member gone: their answers were removed." in run.out
    left = quay.contents()
    assert [name for name, content in left.items() if b"L-102" in content] == []
    assert set(quay.column("answers.csv", "member")) == {"L-103", "L-101"}
    assert quay.column("replies.csv", "state") == ["coming"]
    assert len(quay.rows("taken.csv")) == 5
    assert quay.project.portal("check").code == 0
    quay.take(SURVEY, TELL)
    assert quay.contents() == left


@pytest.mark.long
def test_nobody_is_forgotten_while_inputs_are_invalid(quay: Quay) -> None:
    quay.take(SURVEY, reply("L-102", "4"), reply("L-101", "3"), Letter("forms/wicks", {"wick": "<b>"}, "L-102"))
    ledger = quay.root / "members" / "ledger.csv"
    before = quay.contents()
    ledger.write_text("date,member,kind,points\n2026-11-01,L-102,adjustment,5\n", "utf-8")
    forget(quay, "L-102")
    run = quay.run("take")
    assert (run.code, "removed" in run.text, quay.contents()) == (3, False, before), run.text
    ledger.unlink()
    run = quay.run("take")
    assert run.out == (
        "1 member gone: their answers were removed.\nNo source: the files were renewed; see members/inbox/.\n"
    )
    assert [name for name, content in quay.contents().items() if b"L-102" in content] == []
    assert quay.column("replies.csv", "state") == ["coming"]  # moved up in the same run
    assert quay.column("door/rowing-out.csv", "member") == ["L-101"]
    assert not list((quay.inbox / "set-aside").iterdir())


def test_the_files_are_private_again_after_a_run(quay: Quay) -> None:
    quay.take(SURVEY)
    for name in ("answers.csv", "taken.csv"):
        (quay.inbox / name).chmod(0o644)
    quay.take(TELL)
    assert {path.stat().st_mode & 0o777 for path in quay.inbox.rglob("*") if path.is_file()} == {0o600}


def test_what_was_set_aside_leaves_with_its_member(quay: Quay) -> None:
    quay.take(Letter("forms/wicks", {"wick": "<b>"}, "L-102"), Letter("forms/wicks", {"wick": "<i>"}, "L-101"))
    forget(quay, "L-102")
    quay.take()
    assert quay.column("set-aside.csv", "member") == ["L-101"]
    assert len(list((quay.inbox / "set-aside").iterdir())) == 1


def test_a_place_that_was_given_stays_given_when_a_guest_is_forgotten(quay: Quay) -> None:
    quay.take(reply("L-102", "4"), reply("L-101", "3"), reply("L-103", "2"))  # six places
    assert quay.column("replies.csv", "state") == ["coming", "waiting", "coming"]
    forget(quay, "L-102")
    quay.take(reply("L-105", "1"))
    states = {row["member"]: row["state"] for row in quay.rows("replies.csv")}
    assert states == {"L-101": "coming", "L-103": "coming", "L-105": "coming"}


def test_notes_about_a_member_leave_with_the_member(quay: Quay) -> None:
    note = Letter("forms/gone-quiet", {"words": "Moved away"}, "L-106", about="L-102")
    quay.take(note)
    assert quay.column("answers.csv", "about") == ["L-102"] * len(quay.rows("answers.csv"))
    forget(quay, "L-102")
    quay.take()
    assert quay.rows("answers.csv") == []


def test_many_missing_members_are_held_until_they_are_named(quay: Quay) -> None:
    quay.take(*(Letter("forms/tell-us", {"words": "x"}, f"L-10{n}") for n in range(1, 6)))
    forget(quay, "L-101", "L-102", "L-103", "L-105")
    run = quay.take()
    assert "4 members of earlier answers are missing" in run.out
    assert len(quay.rows("answers.csv")) == 5
    assert "4 members gone" in quay.run("post", "--forget").out
    assert quay.column("answers.csv", "member") == ["L-104"]


def test_old_answers_are_removed_and_their_numbers_and_points_stay(quay: Quay) -> None:
    quay.take(SURVEY, CHANGE, Letter("forms/nowhere", {}))
    run = quay.take(TELL, PORTAL_NOW="2028-11-21T12:00+00:00")
    assert "1 answer removed: older than answers are kept." in run.out
    assert quay.column("answers.csv", "question") == ["", "words"]
    assert quay.column("changes.csv", "state") == ["open"]
    assert quay.column("ledger.csv", "reference") == [SURVEY.number]
    assert len(quay.rows("taken.csv")) == 3
    assert not quay.rows("set-aside.csv")
    assert not list((quay.inbox / "set-aside").iterdir())


LATER = {"PORTAL_NOW": "2028-11-21T12:00+00:00"}


@pytest.mark.long
def test_old_replies_stay_until_the_event_is_over(quay: Quay) -> None:
    quay.take(reply("L-101", "4"), reply("L-102", "4"))
    quay.project.edit(
        "content/events/rowing-out.md", "2026-12-12 14:00\nEnds: 2026-12-12", "2028-11-21 14:00\nEnds: 2028-11-21"
    )
    quay.take(**LATER)
    assert quay.column("replies.csv", "state") == ["coming", "waiting"]
    assert len(quay.rows("door/rowing-out.csv")) == 2
    assert "2 answers removed" in quay.take(PORTAL_NOW="2028-11-22T12:00+00:00").out
    assert quay.rows("replies.csv") == quay.rows("door/rowing-out.csv") == []


@pytest.mark.long
def test_old_votes_count_as_long_as_the_vote_is_open_without_other_words(quay: Quay) -> None:
    why = "\n    - {name: why, ask: Why?, type: text, optional: true}"
    quay.project.edit("content/forms/lamp.md", "choices: [Tall, Small]}", f"choices: [Tall, Small]}}{why}")
    quay.project.edit("content/forms/lamp.md", "brass+", "members")
    quay.take(Letter("forms/lamp", {"lamp": "Tall", "why": "It shines."}, "L-101"))
    assert "1 answer removed" in quay.take(**LATER).out
    assert [(row["question"], row["answer"]) for row in quay.rows("answers.csv")] == [("lamp", "Tall")]
    assert "removed" not in quay.take(**LATER).out


def test_a_form_that_is_answered_once_stays_answered_without_its_words(quay: Quay) -> None:
    quay.project.edit("content/forms/wicks.md", "  points: 25\n", "")
    quay.project.edit("content/forms/wicks.md", "  closes: 2026-11-25\n", "")
    quay.take(SURVEY)
    again = replace(SURVEY, values={"wick": "Round"}, written="2028-11-21T09:30")
    run = quay.take(again, **LATER)
    assert "this form is answered once" in run.err
    assert [(row["member"], row["answer"]) for row in quay.rows("answers.csv")] == [("L-102", "")]


@pytest.mark.long
def test_a_member_with_a_new_number_keeps_the_answers(quay: Quay) -> None:
    quay.take(SURVEY)
    quay.project.edit("members/members.yaml", "- id: L-102\n", "- id: L-902\n  formerly: [L-102]\n")
    assert "had arrived before" in quay.take(SURVEY).out
    assert quay.column("answers.csv", "member") == ["L-902"]
    assert quay.column("ledger.csv", "member") == ["L-902"]


@pytest.mark.parametrize(
    ("today", "months", "first"),
    [("2026-11-20", 24, "2024-11-20"), ("2026-03-31", 1, "2026-02-28"), ("2026-01-15", 13, "2024-12-15")],
)
def test_months_are_those_of_the_calendar(today: str, months: int, first: str) -> None:
    assert first_day_kept(date.fromisoformat(today), months) == date.fromisoformat(first)
