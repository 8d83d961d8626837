"""Refusals: the reasons for which an answer that opens is set aside, and what a member is told about them."""

from __future__ import annotations

CLOSED = "its form was closed"
ANSWERED_ONCE = "this form is answered once, and the member has answered"
MANY = "more answers of one member in a day than its form takes: {}"

LATE, ONCE_ONLY, TOO_MANY, UNREAD = "late", "repeated", "too-many", "unread"  # told to the member

_TOLD = {CLOSED: LATE, ANSWERED_ONCE: ONCE_ONLY}


def told_refusal(reason: str) -> str:
    """Return what a member is told; most reasons are told as one."""
    return TOO_MANY if reason.startswith(MANY.partition("{")[0]) else _TOLD.get(reason, UNREAD)
