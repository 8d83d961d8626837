"""The exceptions of this package. No message quotes an answer: answers are personal data."""

from __future__ import annotations


class AnswerError(Exception):
    """Base class; its message can be shown and logged."""


class BadAnswer(AnswerError):
    """A sealed answer or a payload is refused; `reason` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class LongAnswer(AnswerError):
    """A payload is too large to be sealed."""
