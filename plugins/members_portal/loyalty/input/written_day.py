"""Days as people write them, for suggestions: `2026/11/01`, `1.11.2026`, `2026–11–01`."""

import re
from datetime import date

_YEAR_FIRST = re.compile(r"(?P<year>[0-9]{4})[^\w](?P<month>[0-9]{1,2})[^\w](?P<day>[0-9]{1,2})\.?(?P<rest> .*)?")
_DAY_FIRST = re.compile(r"(?P<day>[0-9]{1,2})\. ?(?P<month>[0-9]{1,2})\. ?(?P<year>[0-9]{4})(?P<rest> .*)?")


def meant_day(text: str) -> str:
    """Return a day as YYYY-MM-DD, with what follows it; empty for other texts, and where the order is not certain."""
    found = _YEAR_FIRST.fullmatch(text) or _DAY_FIRST.fullmatch(text)
    try:
        day = date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return ""
    meant = f"{day}{found['rest'] or ''}" if found and day else text
    return f"`{meant}`" if meant != text else ""
