"""Sealed answers are found in whatever texts carry them, and damaged ones are reported."""

from __future__ import annotations

import html
import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.answer.answer_text import (
    FIRST_LINE,
    LAST_LINE,
    MOST_BETWEEN,
    DamagedAnswer,
    find_answers,
    written_answer,
)
from members_portal.answer.sealed_answer import SEALED_SIZES
from tests.answer.written import payload, sealed
from tests.long_cases import quick_first

SEALED = sealed(payload())
TEXT = written_answer(SEALED)
MESSAGES = st.sampled_from(SEALED_SIZES).flatmap(lambda size: st.randoms().map(lambda chance: chance.randbytes(size)))


def quoted(text: str, prefix: str = "> ") -> str:
    """Quote a text as replies to e-mails do."""
    return "".join(f"{prefix}{line}\n" for line in text.splitlines())


def rewrapped(text: str, width: int) -> str:
    """Break the lines of base64 at another width."""
    letters = "".join(text.splitlines()[1:-1])
    lines = [letters[start : start + width] for start in range(0, len(letters), width)]
    return "\n".join([FIRST_LINE, *lines, LAST_LINE])


def test_the_text_has_lines_of_64_characters() -> None:
    lines = TEXT.split("\n")
    assert (lines[0], lines[-2], lines[-1]) == (FIRST_LINE, LAST_LINE, "")
    assert {len(line) for line in lines[1:-3]} == {64}


@given(st.lists(MESSAGES, max_size=3), st.text(max_size=30), st.sampled_from(["", "> ", "| ", "\t>>  "]))
def test_every_answer_in_a_text_is_found(messages: list[bytes], between: str, prefix: str) -> None:
    text = between + between.join(quoted(written_answer(message), prefix) for message in messages) + between
    assert list(find_answers(text)) == messages


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"Dear sirs,\n{TEXT}-- \nMaya",
        TEXT.replace("\n", "\r\n"),
        TEXT.replace("\n", "\r"),
        TEXT.replace("\n", ""),
        TEXT.replace("\n", " "),
        TEXT.replace("\n", "\n\n"),
        quoted(TEXT),
        quoted(quoted(TEXT)),
        quoted(rewrapped(TEXT, 70)),
        rewrapped(TEXT, 7),
        rewrapped(TEXT, 10_000),
        TEXT.replace("\n", "<br>\n"),
        TEXT.replace("\n", '<br class="Apple">'),
        f"<pre>{TEXT}</pre>",
        "".join(f"<div><span style='color:red'>{line}</span></div>" for line in TEXT.splitlines()),
        html.escape(quoted(TEXT)),
        TEXT.replace(" ", "&nbsp;").replace("\n", "&#13;&#10;"),
        TEXT.replace(" ", "\xa0"),
        TEXT.replace("+", "&#43;").replace("/", "&#x2F;").replace("=", "&#x3D;"),
        TEXT.replace("=", ""),
        TEXT.replace("--", "—"),
        json.dumps({"answer": TEXT}),
        json.dumps({"answer": TEXT.replace("\n", "\r\n")}),
        f'"{TEXT}","2026-12-05"\n',
        "\ufeff" + TEXT,
        "----------" + TEXT,
    ],
)
def test_an_answer_is_found_as_it_arrives(text: str) -> None:
    assert list(find_answers(text)) == [SEALED]


@pytest.mark.parametrize(
    "text",
    ["", "Hello", FIRST_LINE[:-6], LAST_LINE, LAST_LINE + TEXT[29:], "BEGIN SEALED ANSWER", "-----BEGIN PGP"],
)
def test_a_text_without_an_answer_has_none(text: str) -> None:
    assert list(find_answers(text)) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TEXT.replace(LAST_LINE, ""), "the last line is missing"),
        (TEXT[:700], "the last line is missing"),
        (FIRST_LINE, "the last line is missing"),
        (FIRST_LINE + LAST_LINE, "0 letters of base64; a sealed answer has 1474, 5570, 21954"),
        (TEXT[:60] + TEXT[61:], "1473 letters of base64; a sealed answer has 1474, 5570, 21954"),
        (TEXT.replace("\n", "\nA", 1), "1475 letters of base64; a sealed answer has 1474, 5570, 21954"),
    ],
)
def test_a_damaged_answer_is_reported(text: str, reason: str) -> None:
    [found] = find_answers(text)
    assert isinstance(found, DamagedAnswer)
    assert found.reason == reason


def test_a_damaged_answer_does_not_hide_the_next() -> None:
    cut, whole = find_answers(TEXT[:700] + TEXT)
    assert cut == DamagedAnswer(TEXT[len(FIRST_LINE) : 700], "the last line is missing")
    assert whole == SEALED


def test_an_oversized_answer_is_not_decoded() -> None:
    [found] = find_answers(FIRST_LINE + "A" * 1_000_000 + LAST_LINE)
    expected = f"more than {MOST_BETWEEN} characters without the last line"
    assert found == DamagedAnswer("A" * MOST_BETWEEN, expected)


HOSTILE = (
    *"-—<>&\\A= ",
    *("&#", "\n> ", "&nbsp;", "&nbs", "-----BEGIN ", "-----BEGIN SEALED ", FIRST_LINE, LAST_LINE),
    *(FIRST_LINE + "<", FIRST_LINE + LAST_LINE, FIRST_LINE + "&lt" * 300 + LAST_LINE),
)


@pytest.mark.parametrize("part", quick_first(HOSTILE, 6))
def test_a_megabyte_of_anything_takes_linear_time(part: str) -> None:
    hostile = FIRST_LINE + part * (1_000_000 // len(part)) + LAST_LINE
    start = time.process_time()
    for _ in find_answers(hostile):
        pass
    for _ in find_answers(FIRST_LINE + hostile[:MOST_BETWEEN] + LAST_LINE):
        pass
    assert time.process_time() - start < 5  # seconds; quadratic time would be minutes at least
