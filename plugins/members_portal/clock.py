"""Which day it is: the site's own time zone decides, not that of the machine that publishes."""

import ast
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from members_portal.publish.publish_error import PublishError

SETTINGS = ("publishconf.py", "pelicanconf.py")  # the first that says TIMEZONE counts


def today_at(root: Path, now: datetime) -> date:
    """Return the day that a moment lies in at a site; without a TIMEZONE, that of the machine."""
    return now.astimezone(site_zone(root)).date()


def site_zone(root: Path) -> ZoneInfo | None:
    """Read TIMEZONE from a site's settings, without running them: Pelican takes longer to start than many a command."""
    found = next((zone for name in SETTINGS if (zone := _stated(root / name))), None)
    try:
        return ZoneInfo(found) if found else None
    except (ValueError, OSError, KeyError):  # a path, a folder, a name that isn't there
        raise PublishError(f"TIMEZONE: no time zone is called {found!r}, expected one such as Europe/Dublin") from None


def _stated(file: Path) -> str | None:
    """Return the text last assigned to TIMEZONE in a file."""
    try:
        lines = ast.parse(file.read_bytes()).body
    except (OSError, SyntaxError, ValueError):  # what reads the settings for real says what is wrong with them
        return None
    said = [line.value for line in lines if isinstance(line, ast.Assign) and _names(line) == ["TIMEZONE"]]
    texts = [value.value for value in said if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    return texts[-1] if texts else None


def _names(line: ast.Assign) -> list[str]:
    return [target.id for target in line.targets if isinstance(target, ast.Name)]
