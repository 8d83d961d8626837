"""Reading of single settings by type, with problems that name file and line.

Each problem names the settings file and, where `settings_file` finds it, the line that assigns the key.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale, UnknownLocaleError

from members_portal.loyalty.input.problem import Degree, Problem, closest, shown_path
from members_portal.loyalty.input.schema import is_email
from members_portal.portal.answering.working_calendar import read_day_off
from members_portal.portal.site_address import is_endpoint, is_site_address, suggestion
from members_portal.settings_file import KeyPath, Place, assigned_places, day_of, public_key_of, zone_of


class SettingReader:
    """Reads values by type and collects problems. A value with a problem is replaced by an empty one.

    `given` maps a setting to the option or variable that replaced its value; problems name that instead of the file.
    """

    def __init__(self, file: Path, given: Mapping[str, str] | None = None) -> None:
        self.file = file
        self.given = given or {}
        self.problems: list[Problem] = []
        self.places: dict[KeyPath, Place] | None = None

    def add(self, path: KeyPath, what: str, expected: str, hint: str = "", degree: Degree = "error") -> None:
        """Add a problem at the place of a key, or of the nearest key above it."""
        if option := self.given.get(path[0]):
            self.problems.append(Problem(option, 0, 0, what, expected, hint, degree))
            return
        if self.places is None:
            self.places = assigned_places(self.file)
        near = path
        while near and near not in self.places:
            near = near[:-1]
        file, line, column = self.places.get(near, (self.file, 0, 0))
        self.problems.append(Problem(shown_path(file), line, column, what, expected, hint, degree))

    def names(self, settings: Mapping[str, Any], prefix: str, known: Sequence[str], expected: Sequence[str]) -> None:
        """Add a problem for each setting with this prefix that is not in `known`; the problem lists `expected`."""
        for name in settings:
            rest = name.removeprefix(prefix)
            if name.startswith(prefix) and rest not in known:
                meant = closest(rest, expected).strip("`")  # without the prefix, which would make all names similar
                listed = ", ".join(prefix + word for word in expected)
                self.add((name,), f"unknown setting `{name}`", listed, f"`{prefix}{meant}`" if meant else "")

    def block(
        self, path: KeyPath, value: Any, keys: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> Mapping[str, Any]:
        """Check that a block has all its keys and no unknown one; return it, or an empty one where it is no dict."""
        expected = f"a block with {', '.join(keys)}"
        if value is None:
            self.add(path, f"{_named(path)} is missing", expected)
            return {}
        if not isinstance(value, Mapping):
            self.wrong(path, value, expected)
            return {}
        for key in value:
            if key not in (*keys, *optional):
                what = f"{_named(path)}: unknown key `{key}`"
                self.add((*path, key), what, ", ".join(keys), closest(str(key), (*keys, *optional)))
        for key in keys:
            if key not in value:
                self.add(path, f"{_named(path)}: `{key}` is missing", expected)
        return value

    def wrong(self, path: KeyPath, value: Any, expected: str, hint: str = "") -> None:
        """Add the problem of a value that doesn't fit."""
        self.add(path, f"{_named(path)}: {shown_value(value)} doesn't fit", expected, hint)

    def value(self, path: KeyPath, owner: Mapping[str, Any], expected: str) -> Any:
        """Return a value, None where it is missing. A missing key of a block is no new problem: block() reports it."""
        key = str(path[-1])
        if owner.get(key) is None and (len(path) == 1 or key in owner):
            self.add(path, f"{_named(path)} is {'empty' if key in owner else 'missing'}", expected)
        return owner.get(key)

    def text(self, path: KeyPath, owner: Mapping[str, Any], *, may_be_empty: bool = False) -> str:
        value = self.value(path, owner, "text")
        if isinstance(value, str) and (may_be_empty or value.strip()):
            return value
        if value is not None:
            self.wrong(path, value, "text")
        return ""

    def url(self, path: KeyPath, owner: Mapping[str, Any]) -> str:
        expected = "an address such as https://club.example, or empty text"
        value = self.value(path, owner, expected)
        if isinstance(value, str) and (not value or is_site_address(value)):
            return value
        if value is not None:
            meant = suggestion(value) if isinstance(value, str) else ""
            self.wrong(path, value, expected, f"`{meant}`" if meant else "")
        return ""

    def endpoint(self, path: KeyPath, owner: Mapping[str, Any]) -> str:
        """Return the address of an endpoint that can stand in a policy; empty if there is none."""
        value = owner.get(str(path[-1]), "")
        if isinstance(value, str) and (not value or is_endpoint(value)):
            return value
        self.wrong(path, value, "an address such as https://forms.example/club, without `?`, `#`, `;` and `,`")
        return ""

    def flag(self, path: KeyPath, owner: Mapping[str, Any]) -> bool:
        value = owner.get(str(path[-1]), False)
        if not isinstance(value, bool):
            self.wrong(path, value, "True or False")
        return value is True

    def language(self, path: KeyPath, owner: Mapping[str, Any]) -> str:
        value = self.text(path, owner)
        if value and not _is_language(value):
            meant = value.replace("_", "-")
            expected = "a language tag such as en-IE (BCP 47)"
            self.wrong(path, value, expected, f"`{meant}`" if meant != value and _is_language(meant) else "")
        return value

    def timezone(self, path: KeyPath, owner: Mapping[str, Any]) -> ZoneInfo:
        value = self.text(path, owner)
        try:
            return zone_of(value or "UTC")
        except ValueError:
            self.wrong(path, value, "a time zone such as Europe/Dublin", closest(value, available_timezones()))
            return ZoneInfo("UTC")

    def email(self, path: KeyPath, owner: Mapping[str, Any]) -> str:
        value = self.text(path, owner)
        if value and not is_email(value):
            self.wrong(path, value, "an e-mail address")
        return value

    def lines(self, path: KeyPath, owner: Mapping[str, Any]) -> tuple[str, ...]:
        expected = "a list of lines"
        value = self.value(path, owner, expected)
        if isinstance(value, list | tuple) and value and all(isinstance(line, str) and line for line in value):
            return tuple(value)
        if value is not None:
            self.wrong(path, value, expected)
        return ()

    def mapping(self, path: KeyPath, owner: Mapping[str, Any], holds: str) -> Mapping[str, Any]:
        """Return a dict, empty where it is missing. Other modules check its keys."""
        value = owner.get(str(path[-1]), {})
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return value
        self.wrong(path, value, f"a dict of {holds}")
        return {}

    def fonts(self, path: KeyPath, owner: Mapping[str, Any]) -> Mapping[str, tuple[str, str]]:
        expected = 'a dict of "name": ("package", "file in it")'
        value = self.value(path, owner, expected)
        if value is not None and not isinstance(value, Mapping):
            self.wrong(path, value, expected)
        fonts: dict[str, tuple[str, str]] = {}
        for name, font in value.items() if isinstance(value, Mapping) else ():
            match font:
                case (str(package), str(file)) if isinstance(name, str):
                    fonts[name] = (package, file)
                case _:
                    self.wrong((*path, name), font, '("package", "file in it")')
        return fonts

    def day(self, path: KeyPath, owner: Mapping[str, Any]) -> date | None:
        value = owner.get(str(path[-1]))
        if value is None or type(value) is date:
            return value
        try:
            if isinstance(value, str):
                return day_of(value)
        except ValueError:
            pass
        self.wrong(path, value, "a day that exists, as YYYY-MM-DD")
        return None

    def days_off(self, path: KeyPath, owner: Mapping[str, Any]) -> frozenset[str]:
        value = owner.get(str(path[-1]), ())
        try:
            return frozenset(map(read_day_off, value if isinstance(value, list | tuple) else [value]))
        except (TypeError, ValueError):
            self.wrong(path, value, "a list of days, as YYYY-MM-DD, or MM-DD for each year")
            return frozenset()

    def public_key(self, path: KeyPath, owner: Mapping[str, Any]) -> bytes | None:
        value = owner.get(str(path[-1]))
        try:
            return None if value is None else public_key_of(value)
        except (TypeError, ValueError):
            self.wrong(path, value, "64 hexadecimal digits")
            return None


def _named(path: KeyPath) -> str:
    """Write the path of a key: `PORTAL_SITE`, `contact`, `email`."""
    return ", ".join(f"`{key}`" for key in path)


def shown_value(value: Any) -> str:
    """Return a value for a message, cut to 60 characters."""
    return f"`{value:.60}`" if isinstance(value, str) else f"`{value!r:.60}`"


def _is_language(tag: str) -> bool:
    try:
        Locale.parse(tag, sep="-")
    except (ValueError, UnknownLocaleError):
        return False
    return True
