"""The one module that reads the real clock.

The environment variable PORTAL_NOW replaces the real time: an ISO 8601 timestamp with an offset, such as
2026-11-21T12:00+00:00. Tests and reproducible builds use it.
"""

import os
from datetime import UTC, date, datetime, tzinfo

NOW_VARIABLE = "PORTAL_NOW"


def now() -> datetime:
    """Return the present time in UTC; raise ValueError when PORTAL_NOW is not a timestamp with an offset."""
    stated = os.environ.get(NOW_VARIABLE)
    if not stated:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(stated)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise ValueError(f"{NOW_VARIABLE}: {stated!r} is not a timestamp with an offset such as 2026-11-21T12:00+00:00")
    return moment.astimezone(UTC)


def today(zone: tzinfo | None) -> date:
    """Return the present day in a time zone; None means the time zone of this machine."""
    return now().astimezone(zone).date()


def timestamp() -> int:
    """Return the present time in seconds since 1970 (UTC)."""
    return int(now().timestamp())
