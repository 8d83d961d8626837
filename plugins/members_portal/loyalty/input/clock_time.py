"""Times of day as people write them: `18:30`, `18.30`, `18h30`, `6pm`, `6.30 pm`, `noon`."""

import re
from datetime import date, datetime, time, timedelta
from typing import Any

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_AND_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}) +(\S.*)")
_TIME = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2})(?::[0-9]{2})?|h)?", re.IGNORECASE)
_HALF = re.compile(r"(.*?) ?([ap])\.?m\.?", re.IGNORECASE)
NOON = {"noon": time(12), "midday": time(12)}
ANY_MOMENT = datetime(2000, 1, 1)
DAY_ENDS = frozenset(
    {"midnight", "24:00", "24.00", "24h", "24h00"}
)  # in `Ends:` alone: the end of the day of `Starts:`


def read_clock_time(text: str) -> time | None:
    """Read a time of day; None for a text that is none. A number alone could be an hour or a typing error."""
    text = " ".join(text.split())
    half = _HALF.fullmatch(text)
    found = _TIME.fullmatch(half[1] if half else text)
    if found is None or (found[0].isdigit() and not half):
        return NOON.get(text.lower())
    hour, minute = int(found[1]), int(found[2] or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[2].lower() == "p" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def read_day_and_time(text: str) -> datetime | None:
    """Read a day as YYYY-MM-DD and a time of day after it; None for a text that is not both."""
    found = _DAY_AND_TIME.fullmatch(text)
    clock = read_clock_time(found[2]) if found else None
    try:
        return datetime.combine(date.fromisoformat(found[1]), clock) if found and clock else None
    except ValueError:
        return None


def names_no_day(text: str) -> bool:
    """Tell whether a text begins as a day, which does not exist: `2026-12-32 18:00`."""
    if not _DAY.match(text):
        return False
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return True
    return False


def complete_times(value: Any) -> Any:
    """Complete `starts` and `ends` of a mapping.

    Days without a time are whole days, from 00:00 to 23:59; without `ends`, one day. A time alone in `ends` is on the
    day of `starts`, or in the night after it; on any day if `starts` is wrong, which is a problem of its own.
    """
    starts, ends = (value.get(key) if isinstance(value, dict) else None for key in ("starts", "ends"))
    if not isinstance(value, dict) or not isinstance(starts, str | None) or not isinstance(ends, str | None):
        return value
    if _is_day(starts) and (ends is None or _is_day(ends)):
        return {**value, "starts": f"{starts} 00:00", "ends": f"{ends or starts} 23:59"}
    end = time(0) if _ends_day(ends) else read_clock_time(ends or "")
    if end is None:
        return value
    begin = read_day_and_time(starts or "") or ANY_MOMENT
    ending = datetime.combine(begin.date(), end)
    return {**value, "ends": f"{ending if ending > begin else ending + timedelta(days=1):%Y-%m-%d %H:%M}"}


def _is_day(text: str | None) -> bool:
    return bool(text and _DAY.fullmatch(text))


def _ends_day(text: str | None) -> bool:
    return bool(text) and str(text).strip().lower() in DAY_ENDS


def is_whole_days(starts: datetime, ends: datetime) -> bool:
    """Tell whether a span is of whole days, as `complete_times` writes them."""
    return (starts.time(), ends.time()) == (time(0, 0), time(23, 59))
