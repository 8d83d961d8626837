"""The exceptions of this package. No message contains a secret, an access code or a key."""

from __future__ import annotations


class SealError(Exception):
    """Base class; its message can be shown and logged."""


class BadSecret(SealError):
    """The site secret cannot be used; `hint` says how to correct it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}; {hint}")
        self.hint = hint


class BadCode(SealError):
    """A text is not an access code; `index` (0 to 26) is the position of a single wrong character, or None."""

    def __init__(self, message: str, index: int | None = None) -> None:
        super().__init__(message)
        self.index = index

    @property
    def group(self) -> int | None:
        """Return the number (1 to 9) of the group that contains the wrong character, or None."""
        return None if self.index is None else self.index // 3 + 1


class BadName(SealError):
    """A name is not valid in a key derivation, a context or a path."""


class BadTree(SealError):
    """The input folder is invalid; `path` is the offending file or folder."""

    def __init__(self, message: str, path: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = path


class ForeignSlots(BadTree):
    """The page slots of a member are not those that were made for this member."""


class BadRoster(SealError):
    """The roster is invalid; `member` is the id of the offending enrolment."""

    def __init__(self, message: str, member: str) -> None:
        super().__init__(f"{member}: {message}")
        self.member = member


class DamagedRelease(SealError):
    """A release, or a part of it, is damaged, incomplete or not signed by the expected key."""


class NotAMember(SealError):
    """A well-formed access code has no card at this publish."""


class NotFound(SealError):
    """A request path is neither in the reader's record nor in the edition."""
