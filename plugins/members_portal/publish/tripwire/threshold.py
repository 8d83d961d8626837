"""The setting PORTAL_TRIPWIRE, checked."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.portal.setting_reader import SettingReader

SETTING_NAME = "PORTAL_TRIPWIRE"


@dataclass(frozen=True)
class Thresholds:
    """The limits of a publish. All are percentages of the release in force, except `gone`, a number of lines.

    `members`, `tier`, `points`, `lines` and `amounts` limit a loss, `corrected` the changed days, `growth` the lines
    and the amounts that are added to past days.
    """

    members: float = 5
    tier: float = 20
    points: float = 20
    lines: float = 5
    gone: float = 0
    amounts: float = 5
    corrected: float = 5
    growth: float = 5


def read_thresholds(setting: Mapping[str, Any], conf: Path) -> Thresholds:
    """Return the thresholds; raise InvalidInput with the places of all wrong keys and values."""
    reader, known = SettingReader(conf), tuple(each.name for each in fields(Thresholds))
    reader.block((SETTING_NAME,), setting, (), known)
    for key, value in setting.items():
        whole = key == "gone"
        if key in known and not _fits(value, whole=whole):
            expected = "a number of lines, 0 or more" if whole else "a percentage above 0, such as 5"
            reader.wrong((SETTING_NAME, key), value, expected)
    if reader.problems:
        raise InvalidInput(reader.problems)
    return Thresholds(**setting)


def _fits(value: Any, *, whole: bool) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        return False
    return value >= 0 if whole else 0 < value <= 1_000_000
