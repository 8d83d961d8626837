"""The settings that determine the day, parsed without executing the settings files: importing Pelican is slow.

These settings must be plain assignments of a string in publishconf.py or pelicanconf.py.
"""

import ast
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

from members_portal.publish.publish_error import PublishError

FILES = ("publishconf.py", "pelicanconf.py")  # the first that assigns the setting counts


def site_zone(root: Path) -> ZoneInfo | None:
    """Return the time zone in TIMEZONE, None without one; raise PublishError when no such zone exists."""
    found = setting_text(root, "TIMEZONE")
    try:
        return ZoneInfo(found) if found else None
    except (ValueError, OSError, KeyError):  # a path, a folder, an unknown name
        raise PublishError(f"TIMEZONE: no time zone is called {found!r}, expected one such as Europe/Dublin") from None


def site_day(root: Path) -> date | None:
    """Return the day in PORTAL_TODAY, None without one; raise PublishError when it is not a day."""
    found = setting_text(root, "PORTAL_TODAY")
    try:
        return date.fromisoformat(found) if found else None
    except ValueError:
        raise PublishError(f"PORTAL_TODAY: {found!r} is not a day, expected YYYY-MM-DD") from None


def setting_text(root: Path, name: str) -> str | None:
    """Return the string that a settings file assigns to a name, None without one."""
    return next((text for file in FILES if (text := _assigned(root / file, name)) is not None), None)


def _assigned(file: Path, name: str) -> str | None:
    """Return the last string that a settings file assigns to a name; None without one."""
    try:
        lines = ast.parse(file.read_bytes()).body
    except (OSError, SyntaxError, ValueError):  # Pelican reports an unreadable settings file
        return None
    values = [line.value for line in lines if isinstance(line, ast.Assign) and _targets(line) == [name]]
    texts = [value.value for value in values if isinstance(value, ast.Constant) and isinstance(value.value, str)]
    return texts[-1] if texts else None


def _targets(line: ast.Assign) -> list[str]:
    return [target.id for target in line.targets if isinstance(target, ast.Name)]
