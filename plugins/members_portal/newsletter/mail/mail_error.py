"""What can go wrong on the way to a mailbox."""


class MailError(Exception):
    """Raised when a message can't be made or sent as it should; the message says what, and of whom by id."""
