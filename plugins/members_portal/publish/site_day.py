"""The settings PORTAL_TODAY and TIMEZONE, the day of the site, and PORTAL_PUBLIC_KEY, read without execution.

These settings must be plain assignments of a string in publishconf.py or pelicanconf.py.
"""

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from members_portal.loyalty.input.problem import InvalidInput, Problem, shown_path
from members_portal.settings_file import assigned_places, assigned_text, day_of, public_key_of, zone_of

PUBLIC_KEY = "PORTAL_PUBLIC_KEY"
SETTINGS_FILES = ("publishconf.py", "pelicanconf.py")  # the first that assigns the setting counts


def site_zone(root: Path) -> ZoneInfo | None:
    """Return the time zone in TIMEZONE, None without one; raise InvalidInput when no such zone exists."""
    found = setting_text(root, "TIMEZONE")
    try:
        return zone_of(found) if found else None
    except ValueError:
        raise _wrong(root, "TIMEZONE", found, "a time zone such as Europe/Dublin") from None


def site_day(root: Path) -> date | None:
    """Return the day in PORTAL_TODAY, None without one; raise InvalidInput when it is not a day."""
    found = setting_text(root, "PORTAL_TODAY")
    try:
        return day_of(found) if found else None
    except ValueError:
        raise _wrong(root, "PORTAL_TODAY", found, "a day that exists, as YYYY-MM-DD") from None


def site_key(root: Path) -> bytes:
    """Return the key in PORTAL_PUBLIC_KEY, empty without one; raise InvalidInput when it is no public key."""
    found = setting_text(root, PUBLIC_KEY)
    try:
        return b"" if found is None else public_key_of(found)
    except ValueError:
        raise _wrong(root, PUBLIC_KEY, found, "64 hexadecimal digits") from None


def setting_text(root: Path, name: str) -> str | None:
    """Return the string that a settings file assigns to a name, None without one."""
    return next((text for file in SETTINGS_FILES if (text := assigned_text(root / file, name)) is not None), None)


def _wrong(root: Path, name: str, value: str | None, expected: str) -> InvalidInput:
    """Return the problem of a setting at the place of its assignment."""
    first = next(root / file for file in SETTINGS_FILES if assigned_text(root / file, name) is not None)
    file, line, column = assigned_places(first).get((name,), (first, 0, 0))
    return InvalidInput([Problem(shown_path(file), line, column, f"`{name}`: `{value:.60}` doesn't fit", expected)])
