"""A time in `Publish:`: an item is held back until then in the site's time zone, and then opens."""

from __future__ import annotations

import pytest

from tests.publish.project import Project, everything

ITEM = """---
Title: The lamp is lit at six
Summary: Bring gloves.
Audience: members
Publish: 2026-11-20 18:00
---
Nobody knew before.
"""
PATH = "announcements/lamp/index.html"


@pytest.fixture
def timed(project: Project) -> Project:
    """Return a portal in New York with an item that opens at 18:00."""
    project.edit("pelicanconf.py", 'TIMEZONE = "Europe/Dublin"', 'TIMEZONE = "America/New_York"')
    (project.root / "content/announcements/lamp.md").write_text(ITEM, "utf-8")
    return project


def is_shown(project: Project) -> bool:
    """Return whether members read the item, and no file holds it otherwise."""
    found = [path for path, data in everything(project).items() if b"The lamp is lit at six" in data]
    assert bool(found) == (PATH in project.open("L-101").manifest["files"])
    return bool(found)


# All are long: tests/publish/test_unchanged.py has a quick test of an embargo, test_site_day.py of the time zone.


@pytest.mark.long
def test_an_item_opens_at_its_time_in_the_sites_time_zone(timed: Project) -> None:
    timed.publish(PORTAL_NOW="2026-11-20T17:59:59-05:00")
    assert not is_shown(timed)
    assert "Nothing changed" in timed.publish(PORTAL_NOW="2026-11-20T22:59:59+00:00").out
    timed.publish(PORTAL_NOW="2026-11-20T23:00:00+00:00")
    assert is_shown(timed)
    assert "Nothing changed" in timed.publish(PORTAL_NOW="2026-11-20T23:59:00-05:00").out
    timed.publish(PORTAL_NOW="2026-11-21T00:01:00-05:00")
    assert is_shown(timed)


@pytest.mark.long
def test_an_item_that_a_wrong_clock_has_opened_is_held_back_again(timed: Project) -> None:
    timed.publish(PORTAL_NOW="2026-11-20T18:00:01-05:00")
    assert is_shown(timed)
    timed.publish(PORTAL_NOW="2026-11-20T12:00:00-05:00")
    assert not is_shown(timed)


@pytest.mark.long
def test_an_item_is_not_shown_before_its_day_and_shown_on_a_later_one(timed: Project) -> None:
    timed.publish(PORTAL_NOW="2026-11-19T23:00:00-05:00")
    assert not is_shown(timed)
    timed.publish(PORTAL_NOW="2026-11-21T00:01:00-05:00")
    assert is_shown(timed)


@pytest.mark.long
def test_on_a_stated_day_an_item_is_shown(timed: Project) -> None:
    run = timed.portal("publish", "--date", "2026-11-20", PORTAL_NOW="2026-11-20T08:00:00-05:00")
    assert run.code == 0, run.text
    assert is_shown(timed)
