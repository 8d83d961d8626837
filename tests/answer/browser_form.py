"""A form as a page of a member has it, and how Python reads what the browser seals."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from members_portal.answer.answer import Answer
from members_portal.answer.answer_text import find_answers
from members_portal.answer.sealed_answer import open_answer
from tests.answer.written import KEYS, version_of


def b64(data: bytes) -> str:
    """Write bytes as base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


MEMBER_KEY = b64(KEYS.member_key("M-1001", 2))
FORM = f"""<!DOCTYPE html><body data-root="/" data-endpoint="" data-answers="hello@lantern.example">
<data id="answering" value="M-1001 {MEMBER_KEY}" hidden></data>
<form data-form="events/tea" data-page="events/tea/" data-key="{b64(KEYS.public_key)}" data-site="{KEYS.site}">
<textarea name="q-note"></textarea>
<input type="radio" name="q-day" value="Monday"><input type="radio" name="q-day" value="Friday">
<input type="checkbox" name="q-with" value="Tea"><input type="checkbox" name="q-with" value="Cake">
<div tabindex="-1" data-portal="sent"></div>
</form>
<template data-message="by-hand"><p>By hand: <b data-part="number"></b></p></template>"""
FIELDS = {
    "form": "events/tea",
    "page": "events/tea/",
    "written": "2026-12-05T19:30",
    "values": {"note": "Näher am Fenster, please ☕", "days": ["Monday", "Friday"]},
}
OF_MEMBER = {**FIELDS, "member": "M-1001"}
SENDER = {"key": b64(KEYS.public_key), "site": KEYS.site, "memberKey": MEMBER_KEY}
OF_PUBLIC = {**SENDER, "memberKey": ""}


def opened(letter: dict[str, str]) -> Answer:
    """Open the one answer in a text that a browser wrote, and check the number that it showed."""
    [sealed] = find_answers(letter["text"])
    assert isinstance(sealed, bytes)
    answer = open_answer(sealed, KEYS, version_of)
    assert answer.number == letter["number"]
    return answer
