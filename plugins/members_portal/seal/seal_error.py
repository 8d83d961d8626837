"""The one family of errors this package raises; no message ever holds a secret, a code or a key."""

from __future__ import annotations


class SealError(Exception):
    """Say what stops sealing or opening, in words that may be shown and logged."""


class BadSecret(SealError):
    """Say why the site secret cannot be used; `hint` is what to do about it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}; {hint}")
        self.hint = hint


class BadCode(SealError):
    """Say why a text is no access code; `index` (0 to 26) is the one wrong letter, when that is known."""

    def __init__(self, message: str, index: int | None = None) -> None:
        super().__init__(message)
        self.index = index

    @property
    def group(self) -> int | None:
        """Number the group of three (1 to 9) that holds the wrong letter."""
        return None if self.index is None else self.index // 3 + 1


class BadName(SealError):
    """Refuse a name that cannot stand in a key, a context or a path."""


class BadTree(SealError):
    """Refuse a folder of editions; `path` is what is wrong in it."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path


class BadRoster(SealError):
    """Refuse a list of enrolments; `member` is the id it stumbled over."""

    def __init__(self, message: str, member: str) -> None:
        super().__init__(f"{member}: {message}")
        self.member = member


class DamagedRelease(SealError):
    """Refuse a release, or a part of one, that is not exactly as it was sealed."""


class NotAMember(SealError):
    """Say that a well-formed code opens nothing at this publish."""


class NotFound(SealError):
    """Say that an address is not in this reader's edition or record."""
