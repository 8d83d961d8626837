"""Refused answers: set aside once, with the reason, and nothing else comes of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from members_portal.answer.answer_key import AnswerKeys
from members_portal.answer.answer_text import written_answer
from members_portal.answer.sealed_answer import seal_answer
from members_portal.publish.lock import publish_lock
from members_portal.seal import Secret
from tests.inbox.letters import KEYS, Letter
from tests.inbox.quay import Quay
from tests.long_cases import quick_and_long

SURVEY = Letter("forms/wicks", {"wick": "Flat"}, "L-102")
VOTE = Letter("forms/lamp", {"lamp": "Tall"}, "L-103")
TELL = Letter("forms/tell-us", {"words": "A lamp"}, "L-101")
NOTE = Letter("forms/gone-quiet", {"words": "Away"}, "L-106", about="L-102")
JOIN = Letter("forms/join", {"given-name": "Liv", "family-name": "Dahl", "email": "liv@dahl.example"})
CASES = {
    "its form does not exist": [replace(TELL, form="forms/nowhere"), replace(TELL, form="../members/members")],
    "its form is not for this member": [replace(VOTE, member="L-102"), replace(NOTE, member="L-105")],
    "its form is for members": [replace(TELL, member=None)],
    "it is dated more than a day ahead": [
        replace(TELL, written="2026-11-21T13:01"),
        replace(TELL, written="2999-01-01T00:00"),
    ],
    "it is dated before the form opened": [replace(SURVEY, written="2026-11-09T23:59")],
    "`wick` isn't an answer of the type choice": [replace(SURVEY, values={"wick": "<b>"})],
    "`wick` has no answer": [replace(SURVEY, values={})],
    "1 answer belongs to no question of this form": [replace(SURVEY, values={"wick": "Flat", "points": "9000"})],
    "2 answers belong to no question of this form": [replace(SURVEY, values={"wick": "Flat", "a": "1", "b": "2"})],
    "`email` isn't an e-mail address": [replace(JOIN, values={**JOIN.values, "email": "nobody"})],
    "`birthday` isn't a day that exists, as MM-DD or YYYY-MM-DD": [
        replace(JOIN, values={**JOIN.values, "birthday": "02-30"}),
        Letter("forms/your-details", {"birthday": "5 June"}, "L-101"),
    ],
    "the tag isn't that of the present code": [replace(TELL, version=2)],
    "the member is unknown": [replace(TELL, member="L-999")],
    "it is about a member, and is no note on a present one": [replace(TELL, about="L-102"), replace(NOTE, about="L-9")],
    "it was damaged on its way, or sealed to another portal": [replace(TELL, keys=AnswerKeys(Secret(bytes(32))))],
}


QUICK = {
    "its form is not for this member",
    "`wick` has no answer",
    "the tag isn't that of the present code",
    "the member is unknown",
    "it was damaged on its way, or sealed to another portal",
}


@pytest.mark.parametrize("reason", quick_and_long(CASES, QUICK))
def test_an_answer_that_does_not_fit_is_set_aside_once(reason: str, quay: Quay) -> None:
    letters = CASES[reason]
    run = quay.take(*letters)
    assert run.err == f"set aside: {len(letters):5}  {reason}\n"
    assert quay.column("set-aside.csv", "reason") == [reason] * len(letters)
    files = {f"set-aside/{name}" for name in quay.column("set-aside.csv", "file")}
    assert set(quay.contents()) == {"set-aside.csv", "last-id.txt", *files}
    assert quay.take(*letters).code == 0
    assert len(quay.rows("set-aside.csv")) <= 2 * len(letters)


@pytest.mark.long
def test_a_refused_text_is_kept_as_it_came_and_only_once(quay: Quay) -> None:
    text = replace(TELL, form="forms/nowhere").text
    for name in ("a.txt", "b.txt"):
        (quay.post / name).write_text(text)
    quay.take()
    (file,) = (quay.inbox / "set-aside").iterdir()
    assert file.read_text() == text
    (quay.post / "c.txt").write_text(text)
    assert quay.take().err == ""


def test_an_answer_in_the_name_of_another_is_not_theirs(quay: Quay) -> None:
    own = KEYS.member_key("L-101", 1)
    forged = written_answer(seal_answer(SURVEY.payload, own, KEYS.public_key, KEYS.site))
    (quay.post / "forged.txt").write_text(forged)
    (quay.post / "without.txt").write_text(
        written_answer(seal_answer(SURVEY.payload, None, KEYS.public_key, KEYS.site))
    )
    quay.take()
    assert quay.rows("answers.csv") == quay.rows("ledger.csv") == []
    assert len(quay.rows("set-aside.csv")) == 2


@pytest.mark.long
def test_points_are_for_the_first_answer_to_a_form_alone(quay: Quay) -> None:
    quay.take(SURVEY, replace(SURVEY, seed=1))
    quay.take(replace(SURVEY, seed=2, values={"wick": "Round"}))
    assert quay.column("ledger.csv", "points") == ["25"]
    assert quay.column("set-aside.csv", "reason") == ["this form is answered once, and the member has answered"] * 2


def test_an_answer_taken_under_a_former_code_is_known_again(quay: Quay) -> None:
    quay.take(TELL)
    quay.project.edit("members/members.yaml", 'phone: "+47 20 91 611"', 'phone: "+47 20 91 611"\n  code version: 2')
    run = quay.take(TELL)
    assert "had arrived before" in run.out
    assert quay.rows("set-aside.csv") == []


def test_what_could_be_opened_is_named_by_number_form_and_member(quay: Quay) -> None:
    forged = replace(TELL, version=2)
    quay.take(replace(SURVEY, values={"wick": "<b>"}), replace(JOIN, values={}), replace(TELL, form="../x"), forged)
    assert sorted((row["form"], row["member"]) for row in quay.rows("set-aside.csv")) == [
        ("", ""),  # the tag is wrong: nobody knows whose it is
        ("", "L-101"),  # there is no such form
        ("forms/join", ""),
        ("forms/wicks", "L-102"),
    ]
    numbers = set(quay.column("set-aside.csv", "number"))
    assert {replace(SURVEY, values={"wick": "<b>"}).number, replace(JOIN, values={}).number} < numbers
    assert forged.number not in numbers


@pytest.mark.long
def test_more_answers_of_one_member_in_a_day_than_a_form_takes_are_set_aside(quay: Quay) -> None:
    quay.project.edit("content/forms/tell-us.md", "most: 100000", "most: 3")
    letters = [replace(TELL, seed=seed) for seed in range(4)]
    quay.take(*letters[:2])
    run = quay.take(*letters[2:], replace(TELL, member="L-103"))
    assert run.err == "set aside:     1  more answers of one member in a day than its form takes: 3\n"
    assert quay.column("answers.csv", "member") == ["L-101", "L-101", "L-101", "L-103"]
    assert quay.column("set-aside.csv", "number") == [letters[3].number]
    aside = quay.inbox / "set-aside" / quay.column("set-aside.csv", "file")[0]
    (quay.post / "again.txt").write_bytes(aside.read_bytes())
    assert "1 answer taken" in quay.take(PORTAL_NOW="2026-11-21T12:00+00:00").out


@pytest.mark.long
def test_notes_about_different_members_are_counted_apart(quay: Quay) -> None:
    quay.project.edit("content/forms/gone-quiet.md", "kind: note", "kind: note\n  most: 1")
    assert "2 answers taken" in quay.take(NOTE, replace(NOTE, about="L-103")).out
    assert quay.take(replace(NOTE, seed=1, about="L-105")).err == ""
    assert "in a day" in quay.take(replace(NOTE, seed=2)).err


def test_a_reply_that_declines_answers_one_question(quay: Quay) -> None:
    names = "questions: [{name: names, ask: Who?}]\n  persons: 4"
    quay.project.edit("content/events/rowing-out.md", "persons: 4", names)
    declined = Letter("events/rowing-out", {"coming": "No"}, "L-101")
    coming = Letter("events/rowing-out", {"coming": "Yes", "persons": "2"}, "L-102")
    run = quay.take(declined, coming)
    assert run.err == "set aside:     1  `names` has no answer\n"
    assert quay.column("replies.csv", "state") == ["declined"]


@pytest.mark.long
def test_an_answer_that_was_long_on_its_way_counts_by_its_day(quay: Quay) -> None:
    run = quay.take(SURVEY, PORTAL_NOW="2026-12-15T12:00+00:00")
    assert "1 answer taken" in run.out
    late = quay.take(replace(SURVEY, member="L-101"), PORTAL_NOW="2027-01-15T12:00+00:00")
    assert "its form was closed" in late.err


def test_large_and_broken_messages_are_set_aside_and_hide_no_other(quay: Quay) -> None:
    (quay.post / "0.txt").write_bytes(TELL.text.encode() + b"x" * 1_000_001)
    (quay.post / "1.txt").write_text(TELL.text.partition("-----END")[0])
    (quay.post / "2.eml").write_bytes(
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 9000
    )
    (quay.post / "3.csv").write_text('answer\n"never closed')
    (quay.post / "4.json").write_text("[" * 100_000)
    run = quay.take(TELL)
    assert "1 answer taken" in run.out
    assert sorted(quay.column("set-aside.csv", "reason"))[-2:] == [
        "larger than 1 MB: not read",
        "the last line is missing",
    ]
    assert "Traceback" not in run.text
    assert {file.name for file in quay.post.glob("*.*")} == {"0.txt", "1.txt", "2.eml", "3.csv", "4.json"}


def test_a_file_that_was_read_while_it_was_written_is_read_again(quay: Quay) -> None:
    (quay.post / "a.txt").write_text(TELL.text[:400])
    assert "the last line is missing" in quay.take().err
    (quay.post / "a.txt").write_text(TELL.text)
    assert "1 answer taken" in quay.take().out
    assert not (quay.post / "a.txt").exists()


def test_while_a_publish_is_running_nothing_is_taken(quay: Quay) -> None:
    quay.arrive(TELL)
    with publish_lock(quay.root / ".build"):
        run = quay.run("post")
    assert run.code == 5
    assert not quay.inbox.exists()


@pytest.mark.long
def test_a_flood_is_set_aside_in_parts_and_the_rest_stays(quay: Quay) -> None:
    texts = [replace(TELL, form="forms/nowhere", seed=n).text for n in range(1100)]
    (quay.post / "flood.jsonl").write_text("\n".join(f'{{"a": "{text.replace(chr(10), "|")}"}}' for text in texts))
    run = quay.take(TELL)
    assert "1 answer taken" in run.out
    assert "100 stay where they are" in run.err
    assert len(quay.rows("set-aside.csv")) == 1000
    assert (quay.post / "flood.jsonl").exists()
    quay.take()
    assert len(quay.rows("set-aside.csv")) == 1100
    assert not (quay.post / "flood.jsonl").exists()
