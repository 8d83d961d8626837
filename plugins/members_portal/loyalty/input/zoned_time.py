"""Times with a time zone, such as `2026-11-28T23:30:00Z`: their day at the site."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from members_portal.loyalty.engine.expression import quoted

ZONED = (
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)? ?(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?)"
)
SHORTEST_ZONED = len("2026-11-28T23:30Z")

_PARTS = re.compile(r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d(?::\d\d)?)(?:\.\d+)? ?(Z|UTC|[+-]\d\d(?::?\d\d)?)")


def day_at_site(text: str, zone: ZoneInfo | None) -> str:
    """Return the day of a time with a time zone at the site, as YYYY-MM-DD; any other text unchanged."""
    found = _PARTS.fullmatch(text) if zone else None
    if not found:
        return text
    day, time, offset = found.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{time}{'+00:00' if offset in {'Z', 'UTC'} else offset}")
        return moment.astimezone(zone).date().isoformat()
    except (ValueError, OverflowError):
        return text


def day_at_site_sql(text: str, zone: ZoneInfo | None) -> str:
    """Return the SQL for `day_at_site` of the SQL for a text."""
    if zone is None:
        return text
    moment = f"try_cast(regexp_replace({text}, ' ([+-])', '\\1') as timestamptz)"  # no space before an offset
    day = f"strftime(timezone({quoted(zone.key)}, {moment}), '%Y-%m-%d')"
    is_zoned = f"length({text}) >= {SHORTEST_ZONED} and regexp_full_match({text}, {quoted(ZONED)})"
    return f"case when {is_zoned} then coalesce({day}, {text}) else {text} end"
