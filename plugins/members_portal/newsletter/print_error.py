"""What can go wrong on the way to paper."""


class PrintError(Exception):
    """Raised when a document can't be printed as it should; the message says what, and of whom."""
