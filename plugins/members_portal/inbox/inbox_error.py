"""The exceptions of this package. No message quotes an answer or an e-mail: they are personal data."""

from __future__ import annotations


class InboxError(Exception):
    """Base class; its message can be shown and logged."""


class UnreadableInbox(InboxError):
    """A source of answers cannot be read."""


class RefusedAnswer(InboxError):
    """An answer that opens, but is not accepted; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnknownNumber(InboxError):
    """No change and no join with this number waits for a decision."""


class FutureDay(InboxError):
    """A day in the future."""


class NotEditable(InboxError):
    """The file of members cannot be changed here; the message says what to change instead."""
