"""Sources: each with real files, marked only after the commit."""

from __future__ import annotations

import csv
import json
import mailbox
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.inbox.letters import Letter
from tests.inbox.quay import Quay
from tests.long_cases import quick_first

LETTERS = [
    Letter("forms/tell-us", {"words": f"Lamp {n}"}, member) for n, member in enumerate(("L-101", "L-102", "L-103"))
]
MAILS = [
    LETTERS[0].mail(html=True),
    LETTERS[1].mail(encoding="base64"),
    LETTERS[2].mail().replace(b"\n", b"\r\n"),
]
Make = Callable[[Path], Path]


def folder(root: Path) -> Path:
    (root / "post" / "deep").mkdir(parents=True)
    (root / "post" / "a.eml").write_bytes(MAILS[0])
    (root / "post" / "deep" / "b.EML").write_bytes(MAILS[1])
    (root / "post" / "c.txt").write_bytes(LETTERS[2].text.encode("utf-16"))
    (root / "post" / "holiday.txt").write_text("no answer in here")
    (root / "post" / ".hidden").write_text(Letter("forms/tell-us", {"words": "hidden"}, "L-101").text)
    return root / "post"


def mbox(root: Path) -> Path:
    box = mailbox.mbox(root / "box")
    for mail in MAILS:
        box.add(mail)
    box.flush()
    return root / "box"


def maildir(root: Path) -> Path:
    box = mailbox.Maildir(root / "Maildir")
    for mail in MAILS:
        box.add(mail)
    return root / "Maildir"


def table(root: Path, delimiter: str = ",") -> Path:
    with (root / "answers.csv").open("w", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter)
        writer.writerow(["Submitted", "answer", "IP"])
        writer.writerows(["2026-11-20", letter.text, "192.0.2.1"] for letter in LETTERS)
    return root / "answers.csv"


def with_semicolons(root: Path) -> Path:
    return table(root, ";")


def one_document(root: Path) -> Path:
    rows = [{"data": {"answer": letter.text.replace("\n", "\r\n")}, "n": 1} for letter in LETTERS]
    (root / "answers.json").write_text(json.dumps({"submissions": rows}))
    return root / "answers.json"


def lines(root: Path) -> Path:
    rows = [json.dumps({"answer": letter.text}) for letter in LETTERS]
    (root / "answers.jsonl").write_text("\n".join([rows[0], "{broken", *rows[1:]]))
    return root / "answers.jsonl"


def one_mail(root: Path) -> Path:
    text = b"".join(letter.text.replace("\n", "\n> ").encode() for letter in LETTERS)
    (root / "one.eml").write_bytes(b"Subject: all\r\nContent-Type: text/plain\r\n\r\n> " + text)
    return root / "one.eml"


EVERY = [folder, mbox, maildir, table, with_semicolons, one_document, lines, one_mail]


@pytest.mark.parametrize("make", quick_first(EVERY, 3), ids=[make.__name__ for make in EVERY])
def test_answers_of_each_source_are_taken_once(make: Make, quay: Quay) -> None:
    source = str(make(quay.root).relative_to(quay.root))
    run = quay.run(source)
    assert (run.code, run.err) == (0, ""), run.text
    assert sorted(quay.column("answers.csv", "answer")) == ["Lamp 0", "Lamp 1", "Lamp 2"]
    before = quay.contents()
    again = quay.run(source)
    assert again.code == 0
    assert "0 answers taken" in again.out
    assert quay.contents() == before


def test_files_with_answers_are_moved_and_others_stay(quay: Quay) -> None:
    folder(quay.root)
    quay.run("post")
    left = {path.relative_to(quay.post).as_posix() for path in quay.post.rglob("*") if path.is_file()}
    assert left == {"taken/a.eml", "taken/deep/b.EML", "taken/c.txt", "holiday.txt", ".hidden"}


def test_messages_with_answers_are_moved_within_the_maildir(quay: Quay) -> None:
    box = mailbox.Maildir(maildir(quay.root))
    box.add(b"Subject: hello\n\nno answer")
    quay.run("Maildir")
    assert len(box) == 1
    assert len(mailbox.Maildir(quay.root / "Maildir" / ".Taken")) == 3


@pytest.mark.parametrize(
    ("source", "said"),
    quick_first(
        [
            ("nowhere", "nowhere: does not exist, expected a folder, an mbox, a Maildir, CSV, JSON or imaps://…"),
            ("imaps://a:secret@mail.example/INBOX", "put it in PORTAL_INBOX_PASSWORD"),
            ("imaps://mail.example/INBOX", "the IMAP address doesn't fit"),
            ("imaps://a@127.0.0.1:9/INBOX", "PORTAL_INBOX_PASSWORD is not set"),
            ("broken.json", "broken.json: isn't JSON"),
        ],
        2,
    ),
)
def test_a_source_that_cannot_be_read_is_told_without_a_secret(source: str, said: str, quay: Quay) -> None:
    (quay.root / "broken.json").write_text('{"answer": "BEGIN SEALED')
    run = quay.run(source)
    assert run.code == 1
    assert said in run.err
    assert "secret" not in run.text
    assert "Traceback" not in run.text


@pytest.mark.long
def test_a_folder_with_the_inbox_in_it_is_read_without_the_files_of_the_inbox(quay: Quay) -> None:
    quay.take(Letter("forms/nowhere", {}, "L-101"), LETTERS[1])
    (quay.root / "members" / "new.txt").write_text(LETTERS[0].text)
    before = quay.contents()
    run = quay.run("members")
    assert "1 answer taken from" in run.out, run.text
    assert run.err == ""
    assert {*before} <= {*quay.contents()}
    assert len(quay.rows("set-aside.csv")) == 1
