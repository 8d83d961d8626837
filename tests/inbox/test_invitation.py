"""Replies against the places of an event, and the list for the door."""

from __future__ import annotations

import re

import pytest

from members_portal.inbox.guest_list import GuestList, GuestReply
from tests.inbox.letters import Letter
from tests.inbox.quay import Quay
from tests.long_cases import quick_first


def reply(member: str, persons: str | None, seed: int = 0) -> Letter:
    values = {"coming": "Yes" if persons else "No", **({"persons": persons} if persons else {})}
    return Letter("events/rowing-out", values, member, seed=seed)


def states(quay: Quay) -> list[tuple[str, str, str]]:
    return [(row["member"], row["persons"], row["state"]) for row in quay.rows("replies.csv")]


def test_first_come_is_first_served_and_a_place_that_is_given_back_goes_to_the_first_who_fits(quay: Quay) -> None:
    quay.take(reply("L-101", "4"), reply("L-102", "3"), reply("L-103", "1"), reply("L-105", None))
    assert states(quay) == [
        ("L-101", "4", "coming"),
        ("L-102", "3", "waiting"),
        ("L-103", "1", "coming"),
        ("L-105", "0", "declined"),
    ]
    assert (quay.inbox / "door" / "rowing-out.csv").read_text("utf-8") == (
        "name,member,persons,state\nTorvald Ekdahl,L-101,4,coming\n"
        "欧阳芳泽,L-103,1,coming\nNgozi Obiakor,L-102,3,waiting\n"
    )
    quay.take(reply("L-101", None, 1))
    assert states(quay) == [
        ("L-102", "3", "coming"),
        ("L-103", "1", "coming"),
        ("L-105", "0", "declined"),
        ("L-101", "0", "declined"),
    ]


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ("a6 b6 c4 a3", "a3 coming, b6 waiting, c4 coming"),  # c keeps the place that it was given
        ("a4 b4 c4 a5", "b4 coming, c4 waiting, a5 coming"),  # there is room for one more of a
        ("a4 b6 c5 a5", "b6 coming, c5 waiting, a5 waiting"),  # there is none: a waits at the end
        ("a4 b8 a4", "a4 coming, b8 waiting"),  # the same again keeps its place
        ("a4 b6 c1 c0 b2 d4", "a4 coming, b2 coming, c0 declined, d4 coming"),
        ("a9 b2 c2 a0", "b2 coming, c2 coming, a0 declined"),
    ],
)
def test_replies_are_replayed_in_their_order(replies: str, expected: str) -> None:
    guests = GuestList(10)
    guests.add_all(GuestReply(str(n), "", each[0], int(each[1:])) for n, each in enumerate(replies.split()))
    assert ", ".join(f"{each.member}{each.persons} {each.state}" for each in guests.replies) == expected


def test_without_a_waiting_list_it_is_full() -> None:
    guests = GuestList(1, has_waiting_list=False)
    guests.add_all(GuestReply(str(n), "", member, 1) for n, member in enumerate("ab"))
    assert [each.state for each in guests.replies] == ["coming", "full"]


@pytest.mark.parametrize(
    ("replies", "given", "expected"),
    [
        ("a3 b3", "1", "a3 waiting, b3 coming"),  # a guest before both was forgotten; b had the place
        ("a3 b3 c1", "1", "a3 waiting, b3 coming, c1 coming"),
        ("a2 b3", "01", "a2 coming, b3 coming"),  # there are fewer places than before
        ("a2 b0", "01", "a2 coming, b0 declined"),
        ("a2 b2", "", "a2 coming, b2 coming"),
        ("a3 b3 b3", "1", "a3 waiting, b3 coming"),  # b has replied again, with as many persons
        ("a3 b3 b2", "01", "a3 coming, b2 coming"),
        ("a2 b3 b0 b3", "01", "a2 coming, b3 waiting"),  # b gave the place back
    ],
)
def test_a_place_that_was_given_is_kept(replies: str, given: str, expected: str) -> None:
    guests = GuestList(4)
    guests.add_all(GuestReply(str(n), "", each[0], int(each[1:])) for n, each in enumerate(replies.split()))
    guests.keep_given(set(given))
    assert ", ".join(f"{each.member}{each.persons} {each.state}" for each in guests.replies) == expected


@pytest.mark.parametrize("has_column", quick_first([True, False], 1))
def test_a_reply_means_what_it_meant_when_it_was_taken_in(has_column: bool, quay: Quay) -> None:
    quay.take(reply("L-101", "4"), reply("L-102", "3"), reply("L-103", "1"), reply("L-105", None))
    before = states(quay)
    if not has_column:  # as an earlier version wrote it
        file = quay.inbox / "answers.csv"
        file.write_text(re.sub(r"(?m),\w*$", "", file.read_text("utf-8")), "utf-8")
    asked = "  questions:\n    - {name: coming, ask: Will you come?, type: choice, choices: [No, 'Yes, gladly']}\n"
    quay.project.edit("content/events/rowing-out.md", "  persons: 4\n", f"  persons: 4\n{asked}")
    quay.take()
    assert states(quay) == before


@pytest.mark.long
def test_a_guest_who_replies_again_after_there_are_fewer_places_keeps_the_place(quay: Quay) -> None:
    quay.take(reply("L-101", "4"), reply("L-102", "2"))
    quay.project.edit("content/events/rowing-out.md", "Capacity: 6", "Capacity: 4")
    quay.take(reply("L-102", "2", 1))
    assert states(quay) == [("L-101", "4", "coming"), ("L-102", "2", "coming")]
