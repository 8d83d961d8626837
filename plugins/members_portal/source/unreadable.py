"""The error for a source that cannot be read at all. Problems in its data are InvalidInput."""


class Unreadable(Exception):
    """Raised when a source cannot be read. The message is one line without passwords or values."""
