"""Which day it is at a site, wherever its machine stands."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from members_portal.clock import site_zone, today_at
from members_portal.publish.publish_error import PublishError
from tests.publish.project import ROOT, Project

EAST, WEST = "Pacific/Kiritimati", "Etc/GMT+12"  # 26 hours apart: never the same day


def site(folder: Path, **files: str) -> Path:
    """Write the settings of a site."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize(
    ("moment", "zone", "day"),
    [
        ("2026-12-31T22:59", "Europe/Berlin", date(2026, 12, 31)),
        ("2026-12-31T23:00", "Europe/Berlin", date(2027, 1, 1)),
        ("2026-06-30T22:00", "Europe/Berlin", date(2026, 7, 1)),  # summer time
        ("2028-02-29T04:59", "America/Lima", date(2028, 2, 28)),
        ("2028-02-29T05:00", "America/Lima", date(2028, 2, 29)),
        ("2028-02-28T10:00", EAST, date(2028, 2, 29)),
        ("2028-03-01T11:59", WEST, date(2028, 2, 29)),
    ],
)
def test_the_sites_time_zone_says_which_day_it_is(tmp_path: Path, moment: str, zone: str, day: date) -> None:
    folder = site(tmp_path, pelicanconf=f'TIMEZONE = "{zone}"\n')
    assert today_at(folder, datetime.fromisoformat(moment).replace(tzinfo=UTC)) == day


def test_publishconf_goes_before_pelicanconf_and_the_last_word_counts(tmp_path: Path) -> None:
    folder = site(tmp_path, pelicanconf='TIMEZONE = "Europe/Oslo"\nTIMEZONE = "Europe/Dublin"\n', publishconf="")
    assert site_zone(folder) == ZoneInfo("Europe/Dublin")
    site(folder, publishconf='from pelicanconf import *\nTIMEZONE = "Asia/Tokyo"\n')
    assert site_zone(folder) == ZoneInfo("Asia/Tokyo")


def test_the_sample_is_in_dublin() -> None:
    assert site_zone(ROOT) == ZoneInfo("Europe/Dublin")


@pytest.mark.parametrize("text", ["", "TIMEZONE = zone()\n", "TIMEZONE = None\n", "TIMEZONE = \n", 'ZONE = "UTC"\n'])
def test_without_a_time_zone_the_machines_own_counts(tmp_path: Path, text: str) -> None:
    assert site_zone(tmp_path) is None
    assert site_zone(site(tmp_path, pelicanconf=text)) is None
    now = datetime.now().astimezone()
    assert today_at(tmp_path, now) == now.date()


@pytest.mark.parametrize("name", ["Europe/Atlantis", "../secrets", "/etc/passwd", "Europe", "Europe/Dublin "])
def test_a_time_zone_that_is_none_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(PublishError, match="TIMEZONE: no time zone is called"):
        site_zone(site(tmp_path, pelicanconf=f'TIMEZONE = "{name}"\n'))


@pytest.mark.parametrize(("site_is_in", "machine_is_in"), [(EAST, WEST), (WEST, EAST)])
def test_a_statement_is_of_the_sites_day_not_of_the_machines(
    project: Project, tmp_path: Path, site_is_in: str, machine_is_in: str
) -> None:
    project.edit("pelicanconf.py", 'TIMEZONE = "Europe/Dublin"', f'TIMEZONE = "{site_is_in}"')
    before = datetime.now(ZoneInfo(site_is_in)).date()
    given = ("--content", str(ROOT / "content"), "--members", str(one_member(tmp_path / "members")))
    run = project.portal("statement", "M-1", "--json", *given, TZ=machine_is_in)
    assert run.code == 0, run.text
    days = {str(before), str(datetime.now(ZoneInfo(site_is_in)).date())}
    assert json.loads(run.out)["as_of"] in days
    assert str(datetime.now(ZoneInfo(machine_is_in)).date()) not in days


def one_member(folder: Path) -> Path:
    """Write a members folder with the sample's rules and a member who never did anything."""
    folder.mkdir()
    shutil.copy(ROOT / "members/programme.yaml", folder)
    member = "{id: M-1, given name: Anna, formal name: Ms Anna, joined: 2020-02-29}"
    (folder / "members.yaml").write_text(f"- {member}\n", "utf-8")
    return folder
