"""Answers: the payload that a sealed answer carries, and its number. See docs/answers.md, section Payload."""

from __future__ import annotations

import hashlib
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from members_portal.answer.answer_error import BadAnswer
from members_portal.seal.key.code_format import ALPHABET

_ID_SIZE = 16  # bytes
_REQUIRED = {"id", "form", "page", "written", "values"}
_OPTIONAL = {"member", "about", "by"}
_WRITTEN = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")


@dataclass(frozen=True)
class Answer:
    """What somebody wrote into a form; `values` has a text, or a list of texts, for each answered question."""

    id: bytes
    number: str
    form: str
    page: str
    written: datetime
    member: str | None
    about: str | None
    by: str | None
    values: Mapping[str, Any]


def answer_number(payload: bytes) -> str:
    """Return the number of an answer: `A-` and the first 60 bits of the digest of its payload."""
    bits = int.from_bytes(hashlib.sha256(payload).digest()[:8], "big") >> 4
    letters = "".join(ALPHABET[bits >> shift & 31] for shift in range(55, -1, -5))
    return f"A-{letters[:4]}-{letters[4:8]}-{letters[8:]}"


def read_payload(payload: bytes) -> Answer:
    """Read a payload; raise BadAnswer if it is not exactly as docs/answers.md says."""
    fields = _parsed(payload)
    if not isinstance(fields, dict) or not _REQUIRED <= fields.keys() <= _REQUIRED | _OPTIONAL:
        raise BadAnswer("the payload isn't an object with the keys of an answer")
    values = fields.pop("values")
    if not all(_is_text(value) for value in fields.values()):
        raise BadAnswer("a key of the payload isn't a text")
    if not isinstance(values, dict) or not all(_is_text(name) and _is_value(value) for name, value in values.items()):
        raise BadAnswer("a value of the payload is neither a text nor a list of texts")
    return Answer(
        id=_read_id(fields["id"]),
        number=answer_number(payload),
        form=fields["form"],
        page=fields["page"],
        written=_read_written(fields["written"]),
        member=fields.get("member"),
        about=fields.get("about"),
        by=fields.get("by"),
        values=values,
    )


def _parsed(payload: bytes) -> Any:
    try:
        return json.loads(payload.decode("utf-8"), object_pairs_hook=_object)
    except (ValueError, RecursionError):  # ValueError: no UTF-8, no JSON, a key twice, or a number of 5000 digits
        raise BadAnswer("the payload isn't JSON in UTF-8 with each key once") from None  # the cause quotes it


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key occurs twice")
    return found


def _is_text(value: Any) -> bool:
    """Tell whether a value is a text that can be stored: no NUL, and no half of a surrogate pair."""
    return isinstance(value, str) and not re.search("[\0\ud800-\udfff]", value)


def _is_value(value: Any) -> bool:
    return _is_text(value) or (isinstance(value, list) and all(map(_is_text, value)))


def _read_id(text: str) -> bytes:
    try:
        found = urlsafe_b64decode(text.encode() + b"==")
    except ValueError:
        found = b""
    if len(found) != _ID_SIZE or urlsafe_b64encode(found).rstrip(b"=") != text.encode():
        raise BadAnswer(f"`id` isn't {_ID_SIZE} bytes in base64url")
    return found


def _read_written(text: str) -> datetime:
    try:
        return datetime.strptime(text if _WRITTEN.fullmatch(text) else "", "%Y-%m-%dT%H:%M")
    except ValueError:
        raise BadAnswer("`written` isn't a time such as 2026-12-05T19:30") from None
