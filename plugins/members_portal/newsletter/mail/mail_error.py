"""Errors of e-mail."""


class MailError(Exception):
    """Raised when a message can't be written or sent; names a member by id only."""
