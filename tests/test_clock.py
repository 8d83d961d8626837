"""The clock: one module reads it, PORTAL_NOW replaces it, and a time zone decides which day it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from members_portal import clock

ROOT = Path(__file__).parent.parent
EAST, WEST = "Pacific/Kiritimati", "Etc/GMT+12"  # 26 hours apart: never the same day
CLOCKS = {  # calls that tell the time of day, by the object they are called on
    ("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"), ("time", "ctime"),
}  # fmt: skip
POSSIBLE = re.compile("|".join([*(rf"\b{owner}\s*\.\s*{name}\b" for owner, name in CLOCKS), r"\bfrom\s+time\b"]))


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-12-31T22:59+00:00", "Europe/Berlin", date(2026, 12, 31)),
        ("2026-12-31T23:00+00:00", "Europe/Berlin", date(2027, 1, 1)),
        ("2026-06-30T22:00+00:00", "Europe/Berlin", date(2026, 7, 1)),  # summer time
        ("2028-02-29T04:59+00:00", "America/Lima", date(2028, 2, 28)),
        ("2028-02-29T00:00-05:00", "America/Lima", date(2028, 2, 29)),
        ("2028-02-28T10:00Z", EAST, date(2028, 2, 29)),
        ("2028-03-01T11:59Z", WEST, date(2028, 2, 29)),
    ],
)
def test_the_time_zone_decides_which_day_it_is(
    monkeypatch: pytest.MonkeyPatch, moment: str, zone: str, day: date
) -> None:
    monkeypatch.setenv(clock.NOW_VARIABLE, moment)
    assert clock.today(ZoneInfo(zone)) == day
    assert clock.timestamp() == datetime.fromisoformat(moment).timestamp()


@pytest.mark.parametrize("stated", ["", None])
def test_without_the_variable_the_time_is_the_real_one(monkeypatch: pytest.MonkeyPatch, stated: str | None) -> None:
    monkeypatch.delenv(clock.NOW_VARIABLE, raising=False)
    before = clock.now()
    if stated is not None:
        monkeypatch.setenv(clock.NOW_VARIABLE, stated)
    assert before <= clock.now()
    assert before.tzinfo is UTC
    assert before.year >= 2026


@pytest.mark.parametrize("stated", ["noon", "2026-11-21", "2026-11-21T12:00", "2026-02-30T12:00+00:00", "1764000000"])
def test_a_time_without_a_day_or_an_offset_is_refused(monkeypatch: pytest.MonkeyPatch, stated: str) -> None:
    monkeypatch.setenv(clock.NOW_VARIABLE, stated)
    with pytest.raises(ValueError, match=rf"^PORTAL_NOW: '{re.escape(stated)}' is not a timestamp with an offset"):
        clock.now()


def clock_calls(source: str) -> Iterator[int]:
    """Yield the line of each call that reads the clock."""
    if not POSSIBLE.search(source):  # most files are not parsed
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.id if isinstance(owner, ast.Name) else owner.attr if isinstance(owner, ast.Attribute) else ""
            if (name, node.func.attr) in CLOCKS:
                yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            yield from (node.lineno for name in node.names if ("time", name.name) in CLOCKS)


@pytest.mark.parametrize(
    "source",
    [
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "import time\ntime.time()",
        "from time import time",
    ],
)
def test_every_spelling_of_a_clock_is_found(source: str) -> None:
    assert list(clock_calls(source))


def test_no_other_module_and_no_test_reads_the_clock() -> None:
    files = [*(ROOT / "plugins").rglob("*.py"), *(ROOT / "tests").rglob("*.py"), *ROOT.glob("*.py")]
    assert len(files) > 300
    found = {
        file.relative_to(ROOT).as_posix(): lines
        for file in files
        if (lines := list(clock_calls(file.read_text("utf-8"))))
    }
    assert list(found) == ["plugins/members_portal/clock.py"]
