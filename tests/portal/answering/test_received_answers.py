"""Answers that the inbox has taken in, by member and by form."""

from __future__ import annotations

from pathlib import Path

from members_portal.inbox.record.inbox_row import AsideRow, ChangeRow
from members_portal.inbox.record.row_file import write_rows
from members_portal.portal.answering.received_answers import ReceivedAnswers, read_received
from tests.portal.answering.inbox_rows import DAY, number, reply, row, write_inbox

TEA = "events/tea"


def test_an_inbox_that_does_not_exist_is_empty(tmp_path: Path) -> None:
    assert read_received(tmp_path / "inbox") == ReceivedAnswers()


def test_the_answers_of_a_member_are_in_their_order_and_whole(tmp_path: Path) -> None:
    rows = [
        row(2, "M-1", "forms/a", "survey", "with", "Tea"),
        row(2, "M-1", "forms/a", "survey", "with", "=Cake"),
        row(1, "M-1", "forms/b", "feedback", "words", "Two\nlines, and a comma"),
        row(3, "M-2", "forms/b", "feedback", "words", "Other"),
        row(4, "", "forms/join", "join", "given-name", "Zoë"),
    ]
    write_inbox(tmp_path, rows)
    received = read_received(tmp_path / "inbox")
    assert [answer.number for answer in received.of_member["M-1"]] == [number(2), number(1)]
    first, second = received.of_member["M-1"]
    assert (first.value("with"), second.value("words")) == ("Tea, =Cake", "Two\nlines, and a comma")
    assert set(received.of_member) == {"M-1", "M-2"}
    assert received.member_of == {number(2): "M-1", number(1): "M-1", number(3): "M-2"}


def test_only_those_who_come_take_places_and_turns_count_each_event(tmp_path: Path) -> None:
    replies = [
        reply(1, "M-1", TEA, "coming", 2),
        reply(2, "M-2", TEA, "waiting", 2),
        reply(3, "M-3", "events/soup", "waiting"),
        reply(4, "M-4", TEA, "waiting"),
        reply(5, "M-5", TEA, "full"),
        reply(6, "M-6", TEA, "declined", 0),
        reply(7, "M-7", TEA, "coming"),
    ]
    write_inbox(tmp_path, [row(at, f"M-{at}", TEA, "rsvp", "coming", "Yes") for at in range(1, 8)], replies)
    received = read_received(tmp_path / "inbox")
    assert received.coming == {TEA: 3, "events/soup": 0}
    assert [received.of_member[f"M-{at}"][0].turn for at in range(1, 8)] == [0, 1, 1, 2, 0, 0, 0]


def test_the_last_vote_of_each_member_counts(tmp_path: Path) -> None:
    cups = (("M-1", "Red"), ("M-1", "Blue"), ("M-2", "Blue"), ("M-3", ""))
    write_inbox(tmp_path, [row(at, who, "forms/cup", "vote", "cup", cup) for at, (who, cup) in enumerate(cups)])
    assert read_received(tmp_path / "inbox").votes("forms/cup", "cup") == {"Blue": 2}


def test_a_change_is_open_while_one_of_its_fields_is(tmp_path: Path) -> None:
    write_inbox(tmp_path, [row(at, "M-1", "forms/d", "change", "email", "a@b.example") for at in range(1, 5)])
    states = {1: ("approved", "open"), 2: ("approved", "refused"), 3: ("refused", "refused"), 4: ("open", "refused")}
    rows = [ChangeRow(number(at), DAY, "M-1", "email", "", "x", state) for at, each in states.items() for state in each]
    write_rows(tmp_path / "inbox/changes.csv", ChangeRow, rows)
    found = read_received(tmp_path / "inbox").of_member["M-1"]
    assert [answer.state for answer in found] == ["open", "approved", "refused", "open"]


def test_what_was_set_aside_is_told_to_its_member_unless_it_was_taken_since(tmp_path: Path) -> None:
    write_inbox(tmp_path, [row(1, "M-1", "forms/a", "survey", "with", "Tea")])
    reasons = {
        1: "its form was closed",  # taken since
        2: "its form was closed",
        3: "this form is answered once, and the member has answered",
        4: "more answers of one member in a day than its form takes: 50",
        5: "`with` has no answer",
    }
    rows = [AsideRow(DAY, "post", reason, "", number(at), "forms/a", "M-1") for at, reason in reasons.items()]
    unnamed = AsideRow(DAY, "post", "it was damaged on its way, or sealed to another portal")
    write_rows(tmp_path / "inbox" / "set-aside.csv", AsideRow, [*rows, unnamed])
    received = read_received(tmp_path / "inbox")
    assert {member: [each.state for each in answers] for member, answers in received.refused.items()} == {
        "M-1": ["late", "repeated", "too-many", "unread"]
    }
    assert [answer.number for answer in received.of_member["M-1"]] == [number(1)]
