"""The years of ledger lines that a member's statement shows in the portal."""

from datetime import date
from typing import Annotated

from pydantic import Field

from members_portal.loyalty.input.schema import Record

MOST_YEARS = 100


class ShownYears(Record):
    """The statement in the portal shows the lines of the last `years` calendar years, with the present one.

    Earlier lines are on a page of their own.
    """

    years: Annotated[int, Field(ge=1, le=MOST_YEARS)] = 2

    def since(self, on: date) -> date:
        """Return the first day that is shown on a day."""
        return date(max(on.year - self.years + 1, date.min.year), 1, 1)
