"""The front matter of an announcement."""

from members_portal.loyalty.input.schema import Day, Record, Text
from members_portal.portal.content.front.front import Front


class FirstOption(Record):
    """A period in which the reader is served first."""

    until: Day
    text: Text


class Announcement(Front):
    first_option: FirstOption | None = None
