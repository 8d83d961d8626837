"""The error for a certificate, a key or a setting that cannot be used."""

from __future__ import annotations


class PassFault(Exception):
    """Raised for an unusable setting: its key, the fault, and the expected value, without the content of any file."""

    def __init__(self, key: str, what: str, expected: str) -> None:
        self.key, self.what, self.expected = key, what, expected
        super().__init__(f"{key}: {what}, expected {expected}")
