"""A message as it is transmitted: with its date, and with dots stuffed."""

import re
from datetime import datetime
from email.utils import format_datetime


def dated(data: bytes, moment: datetime) -> bytes:
    """Return a message with the `Date` of its transmission: spam filters distrust a date that is days old."""
    return f"Date: {format_datetime(moment)}\r\n".encode("ascii") + data


def dotted(data: bytes) -> bytes:
    """Return a message with dots stuffed (RFC 5321, 4.5.2), without the final line."""
    data = re.sub(rb"(?m)^\.", b"..", data)
    return data if data.endswith(b"\r\n") else data + b"\r\n"
