"""TIMEZONE and PORTAL_TODAY: the day of the site, independent of the machine's time zone."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from members_portal.loyalty.input.problem import InvalidInput
from members_portal.publish.command.terminal import context_for, context_now
from members_portal.publish.site_day import site_day, site_zone
from tests.long_cases import quick_first
from tests.publish.project import ROOT, Project

EAST, WEST = "Pacific/Kiritimati", "Etc/GMT+12"  # 26 hours apart: never the same day


def site(folder: Path, **files: str) -> Path:
    """Write the settings of a site."""
    for name, text in files.items():
        (folder / f"{name}.py").write_text(text, "utf-8")
    return folder


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


@pytest.mark.parametrize("name", ["Europe/Atlantis", "../secrets", "/etc/passwd", "Europe", "Europe/Dublin "])
def test_a_time_zone_that_is_none_is_an_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        site_zone(site(tmp_path, pelicanconf=f'\nTIMEZONE = "{name}"\n'))
    expected = f"`TIMEZONE`: `{name}` doesn't fit, expected a time zone such as Europe/Dublin"
    assert str(caught.value) == f"{tmp_path}/pelicanconf.py:2:1: {expected}"


@pytest.mark.parametrize(
    ("site_is_in", "machine_is_in", "day"), quick_first([(EAST, WEST, "2028-02-29"), (WEST, EAST, "2028-02-28")], 1)
)
def test_a_statement_is_of_the_sites_day_not_of_the_machines(
    project: Project, tmp_path: Path, site_is_in: str, machine_is_in: str, day: str
) -> None:
    project.edit("pelicanconf.py", 'TIMEZONE = "Europe/Dublin"', f'TIMEZONE = "{site_is_in}"')
    given = ("--content", str(ROOT / "content"), "--members", str(one_member(tmp_path / "members")))
    moment = "2028-02-28T23:30+00:00"
    run = project.portal("statement", "M-1", "--json", *given, TZ=machine_is_in, PORTAL_NOW=moment)
    assert run.code == 0, run.text
    assert json.loads(run.out)["as_of"] == day


def test_the_sample_keeps_to_its_own_day() -> None:
    assert site_day(ROOT) == date(2026, 11, 28)


def test_a_site_without_a_day_of_its_own_has_none(tmp_path: Path) -> None:
    assert site_day(site(tmp_path, pelicanconf="PORTAL_TODAY = None\n")) is None


@pytest.mark.parametrize("text", ["28 November 2026", "2026-11-31", "2026-11", "20261128", "2026-W48-6"])
def test_a_day_that_is_none_is_an_error(tmp_path: Path, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        site_day(site(tmp_path, pelicanconf=f'PORTAL_TODAY = "{text}"\n'))
    expected = f"`PORTAL_TODAY`: `{text}` doesn't fit, expected a day that exists, as YYYY-MM-DD"
    assert str(caught.value) == f"{tmp_path}/pelicanconf.py:1:1: {expected}"


def test_the_command_line_goes_before_the_settings_before_the_clock(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(site(tmp_path, pelicanconf='TIMEZONE = "Europe/Dublin"\n'))
    monkeypatch.setenv("PORTAL_NOW", "2027-03-01T12:00+00:00")
    found = context_for()
    assert (found.on, found.today, found.is_dated) == (date(2027, 3, 1), date(2027, 3, 1), False)
    site(tmp_path, pelicanconf='PORTAL_TODAY = "2026-11-28"\n')
    found = context_for()
    assert (found.on, found.today, found.is_dated) == (date(2026, 11, 28), date(2026, 11, 28), True)
    found = context_for(date(2026, 12, 24))
    assert (found.on, found.today, found.is_dated) == (date(2026, 12, 24), date(2026, 11, 28), True)


def test_a_preview_that_runs_past_midnight_moves_on_unless_its_day_is_stated(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(site(tmp_path, pelicanconf='TIMEZONE = "Pacific/Auckland"\n'))
    monkeypatch.setenv("PORTAL_NOW", "2027-03-01T10:59+00:00")
    undated, dated = context_for(), context_for(date(2027, 3, 1))
    monkeypatch.setenv("PORTAL_NOW", "2027-03-01T11:01+00:00")
    assert (undated.on, context_now(undated).on) == (date(2027, 3, 1), date(2027, 3, 2))
    assert context_now(dated).on == date(2027, 3, 1)


def one_member(folder: Path) -> Path:
    """Write a members folder with the sample's rules and a member without ledger lines."""
    folder.mkdir()
    shutil.copy(ROOT / "members/programme.yaml", folder)
    member = "{id: M-1, given name: Anna, formal name: Ms Anna, joined: 2020-02-29}"
    (folder / "members.yaml").write_text(f"- {member}\n", "utf-8")
    return folder
