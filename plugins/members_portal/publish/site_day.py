"""The day of the site: the settings PORTAL_TODAY and TIMEZONE, read without executing the settings files.

Both settings must be plain assignments of a string in publishconf.py or pelicanconf.py.
"""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from members_portal.publish.publish_error import PublishError
from members_portal.settings_file import assigned_text, day_of, zone_of

FILES = ("publishconf.py", "pelicanconf.py")  # the first that assigns the setting counts


def site_zone(root: Path) -> ZoneInfo | None:
    """Return the time zone in TIMEZONE, None without one; raise PublishError when no such zone exists."""
    found = _text(root, "TIMEZONE")
    try:
        return zone_of(found) if found else None
    except ValueError:
        raise PublishError(f"TIMEZONE: no time zone is called {found!r}, expected one such as Europe/Dublin") from None


def site_day(root: Path) -> date | None:
    """Return the day in PORTAL_TODAY, None without one; raise PublishError when it is not a day."""
    found = _text(root, "PORTAL_TODAY")
    try:
        return day_of(found) if found else None
    except ValueError:
        raise PublishError(f"PORTAL_TODAY: {found!r} is not a day, expected YYYY-MM-DD") from None


def _text(root: Path, name: str) -> str | None:
    return next((text for file in FILES if (text := assigned_text(root / file, name)) is not None), None)
