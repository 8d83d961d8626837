"""The files of the inbox that an owner edits, loses or shares: nothing is removed because of it."""

from __future__ import annotations

import fcntl
import os

from tests.inbox.letters import Letter
from tests.inbox.quay import Quay
from tests.inbox.test_invitation import reply, states
from tests.inbox.test_keeping import CHANGE, SURVEY, TELL


def test_days_that_a_spreadsheet_has_changed_remove_no_answer(quay: Quay) -> None:
    quay.take(SURVEY, TELL, CHANGE)
    for name in ("answers.csv", "changes.csv"):
        file = quay.inbox / name
        kept = file.read_text("utf-8")
        day = quay.rows(name)[0]["received"]
        file.write_text(kept.replace(day, "06/05/2026 12:00"), "utf-8")
        before = quay.contents()
        run = quay.run("post")
        assert run.code == 3
        assert f"{name}:2:" in run.text.replace("\n", "")
        assert "received: `06/05/2026 12:00` is no day" in " ".join(run.text.split())
        assert quay.contents() == before
        file.write_text(kept, "utf-8")


def test_an_inbox_without_its_taken_numbers_is_not_emptied(quay: Quay) -> None:
    quay.take(SURVEY, CHANGE)
    (quay.inbox / "taken.csv").unlink()
    before = quay.contents()
    for run in (quay.run("post"), quay.project.portal("check")):
        assert run.code == 3
        assert "taken.csv: it is missing, but answers.csv has rows" in " ".join(run.text.split())
    assert quay.contents() == before


def test_the_order_of_the_waiting_list_is_that_in_which_replies_were_taken(quay: Quay) -> None:
    quay.take(reply("L-101", "5"), reply("L-102", "4"), reply("L-103", "3"))
    expected = states(quay)
    file = quay.inbox / "answers.csv"
    head, *rows = file.read_text("utf-8").splitlines(keepends=True)
    file.write_text("".join([head, *reversed(rows)]), "utf-8")
    quay.take()
    assert states(quay) == expected


def test_files_of_the_owner_among_the_lists_for_the_door_stay(quay: Quay) -> None:
    quay.take(reply("L-101", "2"))
    door = quay.inbox / "door"
    printed = door / "rowing-out-printed.csv"
    printed.write_bytes((door / "rowing-out.csv").read_bytes())
    (quay.root / "content/events/rowing-out.md").unlink()
    quay.take()
    assert [file.name for file in door.iterdir()] == [printed.name]


def test_two_commands_never_work_on_one_inbox(quay: Quay) -> None:
    quay.arrive(Letter("forms/wicks", {"wick": "Flat"}, "L-102"))
    descriptor = os.open(quay.root / "members", os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    run = quay.run("post")
    os.close(descriptor)
    assert run.code != 0
    assert "another command works on this inbox" in " ".join(run.text.split())
    assert len(list(quay.post.glob("*.txt"))) == 1
    assert "1 answer taken" in quay.run("post").out


def test_answers_are_not_taken_on_a_day_to_come(quay: Quay) -> None:
    quay.arrive(SURVEY)
    run = quay.run("take", "--date", "2027-01-15", "post")
    assert run.code != 0
    assert "2027-01-15 is in the future" in " ".join(run.text.split())
    assert not (quay.inbox / "taken.csv").exists()
