"""The front matter of an event, and the day on which it ends."""

from datetime import date, datetime, timedelta

from pydantic import model_validator

from members_portal.loyalty.input.clock_time import complete_times, is_whole_days
from members_portal.loyalty.input.schema import Count, Day, Email, Moment, Text
from members_portal.portal.content.front.front import Front
from members_portal.portal.content_check.other_keys import EVENT_KEYS

NIGHT = timedelta(hours=6)  # a night belongs to the day before


def last_day(starts: datetime, ends: datetime) -> date:
    """Return the last day of an event: one that ends in the night after a day ends on that day."""
    return max(starts.date(), (ends - NIGHT).date())


class Event(Front):
    other_names = EVENT_KEYS

    starts: Moment
    ends: Moment
    place: Text
    capacity: Count | None = None
    reply_by: Day | None = None
    reply_to: Email | None = None

    _complete = model_validator(mode="before")(complete_times)

    @property
    def whole_days(self) -> bool:
        """Tell whether it has days without times."""
        return is_whole_days(self.starts, self.ends)

    @property
    def last_day(self) -> date:
        """The last day on which it is in lists as an event to come."""
        return last_day(self.starts, self.ends)
