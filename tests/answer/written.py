"""Answers to seal: what invented members of a small portal wrote."""

from __future__ import annotations

import json
from typing import Any

from members_portal.answer.answer_key import AnswerKeys
from members_portal.answer.sealed_answer import seal_answer
from members_portal.seal import Secret

KEY = bytes(range(32))  # a site secret
KEYS = AnswerKeys(Secret(KEY))
OF_MAYA = {
    "id": "AAECAwQFBgcICQoLDA0ODw",
    "form": "events/the-night-shift",
    "page": "events/the-night-shift/",
    "written": "2026-12-05T19:30",
    "member": "M-1001",
    "values": {"persons": "2", "note": "Näher am Fenster, please ☕", "days": ["Monday", "Friday"]},
}
OF_NOBODY = {key: value for key, value in OF_MAYA.items() if key != "member"}


def version_of(member: str) -> int | None:
    """Return the present code versions: Maya lost a code once."""
    return {"M-1001": 2, "M-1002": 1}.get(member)


def payload(fields: dict[str, Any] | None = None, **changed: Any) -> bytes:
    """Write a payload; a key that is changed to `...` is left out."""
    changed_fields = {**(OF_MAYA if fields is None else fields), **changed}
    return json.dumps({key: value for key, value in changed_fields.items() if value is not ...}).encode()


def sealed(text: bytes, member: str | None = "M-1001", version: int = 2) -> bytes:
    """Seal a payload with the tag of a member, or without one."""
    key = KEYS.member_key(member, version) if member else None
    return seal_answer(text, key, KEYS.public_key, KEYS.site)
