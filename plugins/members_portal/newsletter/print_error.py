"""Errors of printing."""


class PrintError(Exception):
    """Raised when a document can't be printed; gives the reason, and the id of the member."""
