"""What goes wrong with a source as a whole; what is wrong in it is InvalidInput."""


class Unreadable(Exception):
    """Raised when a source can't be read; the message is one line, and holds neither a password nor a value."""
