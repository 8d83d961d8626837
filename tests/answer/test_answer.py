"""A payload is read exactly as docs/answers.md says, or refused without a word of it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from members_portal.answer.answer import Answer, answer_number, read_payload
from members_portal.answer.answer_error import AnswerError, BadAnswer
from tests.answer.sealed_text import number
from tests.answer.written import OF_MAYA, payload
from tests.long_cases import quick_of_each


def test_an_answer_is_read() -> None:
    written = payload(by="R-77", about="M-1002")
    assert read_payload(written) == Answer(
        id=bytes(range(16)),
        number=answer_number(written),
        form="events/the-night-shift",
        page="events/the-night-shift/",
        written=datetime(2026, 12, 5, 19, 30),
        member="M-1001",
        about="M-1002",
        by="R-77",
        values={"persons": "2", "note": "Näher am Fenster, please ☕", "days": ["Monday", "Friday"]},
    )


def test_what_is_absent_is_none() -> None:
    found = read_payload(payload(member=..., values={}))
    assert (found.member, found.about, found.by, found.values) == (None, None, None, {})


@given(st.binary())
def test_the_number_is_that_of_the_specification(anything: bytes) -> None:
    assert answer_number(anything) == number(anything)


def test_a_number_has_three_groups() -> None:
    assert answer_number(b"hello") == "A-5KS4-VEJZ-P2HG"


KEYS = "the payload isn't an object with the keys of an answer"
VALUE = "a value of the payload is neither a text nor a list of texts"
TEXT = "a key of the payload isn't a text"
ID = "`id` isn't 16 bytes in base64url"
WRITTEN = "`written` isn't a time such as 2026-12-05T19:30"
JSON = "the payload isn't JSON in UTF-8 with each key once"

TEXT_KEYS = ("id", "form", "page", "written", "member", "about", "by")
ID_TEXT = "AAECAwQFBgcICQoLDA0ODw"
WRONG_IDS = ("", ID_TEXT[:-1], ID_TEXT + "==", ID_TEXT[:-1] + "x", ID_TEXT + "A", "é" * 22, "AAEC " + ID_TEXT[4:])
WRONG_TIMES = (
    *("", "2026-12-05", "2026-12-05T19:30:00", "2026-12-05 19:30", "2026-02-30T10:00", "2026-12-05T24:00"),
    *("٢٠٢٦-12-05T19:30", "0000-01-01T00:00", "2026-12-05T19:30\n"),
)
WRONG_VALUES: tuple[Any, ...] = (None, 7, True, {}, [7], [["a"]], "\ud83d", "a\0b", ["\0"])
WRONG_OBJECTS: tuple[Any, ...] = (None, [], "text", {"\udc00": "text"})
CHANGES: list[tuple[dict[str, Any], str]] = [
    *(({key: ...}, KEYS) for key in ("id", "form", "page", "written", "values")),
    ({"points": "500"}, KEYS),
    *(({key: value}, TEXT) for key in TEXT_KEYS for value in (7, None, ["M-1001"], "M-1001\0", "\ud800")),
    *(({"values": values}, VALUE) for values in WRONG_OBJECTS),
    *(({"values": {"note": value}}, VALUE) for value in WRONG_VALUES),
    *(({"id": text}, ID) for text in WRONG_IDS),
    *(({"written": text}, WRITTEN) for text in WRONG_TIMES),
]


@pytest.mark.parametrize(("changed", "reason"), quick_of_each(CHANGES, lambda case: (*case[0], case[1])))
def test_another_payload_is_refused(changed: dict[str, Any], reason: str) -> None:
    with pytest.raises(BadAnswer) as refused:
        read_payload(payload(**changed))
    assert refused.value.reason == reason


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"\xef\xbb\xbf" + payload(),
        payload() + b"{}",
        payload().replace(b'"form"', b'"form": "x", "form"'),
        payload().replace(b'"persons"', b'"note": "x", "persons"'),
        payload().decode().encode("utf-16"),
        b"[" * 16_000,
        b'{"values":' * 1_600,
        b"9" * 16_000,
    ],
)
def test_what_is_no_json_is_refused(written: bytes) -> None:
    with pytest.raises(BadAnswer, match=JSON):
        read_payload(written)


@pytest.mark.parametrize("value", [None, 7, "text", [OF_MAYA], float("nan")])
def test_json_that_is_no_object_is_refused(value: object) -> None:
    with pytest.raises(BadAnswer, match=KEYS):
        read_payload(json.dumps(value).encode())


JSON_VALUES = st.recursive(st.none() | st.text() | st.floats(), st.lists)


@given(st.binary(max_size=400) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_anything_is_refused_and_nothing_else_happens(written: bytes) -> None:
    with pytest.raises(AnswerError):
        read_payload(written)


def test_a_refusal_does_not_quote_the_answer() -> None:
    with pytest.raises(BadAnswer) as refused:
        read_payload(payload(id="My telephone", written="My telephone"))
    assert "telephone" not in str(refused.value)
    assert refused.value.__cause__ is None
