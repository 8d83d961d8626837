"""Dated parts: what stands in a page for the browser to choose from, and what is chosen when it is written."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from jinja2 import Environment

from members_portal.portal.rendering.dated_part import SameDays, dated_function, days_until_function, one_at_a_time
from members_portal.portal.rendering.slot import MisplacedSlot
from tests.portal.small_portal import edition_of, text

ON = date(2026, 11, 20)
BEFORE, AFTER = ON - timedelta(days=1), ON + timedelta(days=1)
MEMBERS, VISITORS = SimpleNamespace(is_public=False), SimpleNamespace(is_public=True)


def rendered(template: str, edition: SimpleNamespace = MEMBERS, *, is_fixed: bool = False, **days: date | None) -> str:
    env = Environment(autoescape=True)
    env.globals["dated"] = dated_function(SameDays(ON), is_fixed=is_fixed)
    return env.from_string(template).render(edition=edition, **days)


@pytest.mark.parametrize(
    ("edition", "is_fixed", "days", "expected"),
    [
        (MEMBERS, False, 400, "<!--days-until:2027-12-25:en-IE-->"),
        (MEMBERS, True, 2, "in 2 days"),
        (MEMBERS, True, 14, "in 14 days"),
        (MEMBERS, True, 15, ""),
        (MEMBERS, True, -1, ""),
        (VISITORS, False, 2, ""),
    ],
)
def test_the_days_until_a_day_are_told_for_two_weeks(
    edition: SimpleNamespace, is_fixed: bool, days: int, expected: str
) -> None:
    env = Environment(autoescape=True)
    env.globals["days_until"] = days_until_function("en-IE", ON, is_fixed=is_fixed)
    page = env.from_string("{{ days_until(day) }}")
    assert page.render(edition=edition, day=ON + timedelta(days=days)) == expected


PART = "{% call dated(since, until) %}<b>{{ 'A & B' }}</b>{% endcall %}"
SHOWN = "<b>A &amp; B</b>"


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, SHOWN),
        (ON, None, SHOWN),
        (None, BEFORE, ""),
        (None, ON, f"<!--days::2026-11-20-->{SHOWN}<!--/days-->"),
        (AFTER, None, f"<!--days:2026-11-21:-->{SHOWN}<!--/days-->"),
        (BEFORE, AFTER, f"<!--days::2026-11-21-->{SHOWN}<!--/days-->"),
        (AFTER, AFTER, f"<!--days:2026-11-21:2026-11-21-->{SHOWN}<!--/days-->"),
    ],
)
def test_pages_of_members_keep_what_is_shown_today_or_later(
    since: date | None, until: date | None, expected: str
) -> None:
    assert rendered(PART, since=since, until=until) == expected


@pytest.mark.parametrize(("edition", "is_fixed"), [(VISITORS, False), (MEMBERS, True)])
@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [(None, ON, SHOWN), (ON, AFTER, SHOWN), (None, BEFORE, ""), (AFTER, None, ""), (BEFORE, BEFORE, "")],
)
def test_pages_that_no_worker_fills_hold_one_day(
    edition: SimpleNamespace, is_fixed: bool, since: date | None, until: date | None, expected: str
) -> None:
    assert rendered(PART, edition, is_fixed=is_fixed, since=since, until=until) == expected


def test_a_dated_part_in_another_one_is_an_error() -> None:
    with pytest.raises(MisplacedSlot):
        rendered("{% call dated(until=until) %}{% call dated(until=until) %}x{% endcall %}{% endcall %}", until=ON)


def event(title: str, starts: str, ends: str) -> str:
    return text(title, "members", f"Starts: {starts}\nEnds: {ends}\nPlace: the quay")


EVENTS = {
    "events/long.md": event("Long", "2026-11-22 10:00", "2026-12-10 18:00"),
    "events/within.md": event("Within", "2026-11-25 10:00", "2026-11-25 18:00"),
    "events/night.md": event("Night", "2026-12-11 19:00", "2026-12-12 00:30"),
    "events/late.md": event("Late", "2026-12-31 22:00", "2027-01-01 07:00"),
}


def test_the_next_event_is_the_first_that_is_not_over(tmp_path: Path) -> None:
    (section,) = edition_of(tmp_path, EVENTS, "gold").sections
    assert [(item.title, since, until) for item, since, until in one_at_a_time(section.items)] == [
        ("Long", None, date(2026, 12, 10)),
        ("Night", date(2026, 12, 11), date(2026, 12, 11)),
        ("Late", date(2026, 12, 12), date(2027, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("since", "until", "first", "last"),
    [
        (None, None, date.min, date.max),
        (None, ON, date.min, ON),
        (None, BEFORE, ON, date.max),
        (ON, None, ON, date.max),
        (AFTER, None, date.min, ON),
        (BEFORE, AFTER, BEFORE, AFTER),
    ],
)
def test_a_page_is_the_same_on_days_with_the_same_dated_parts(
    since: date | None, until: date | None, first: date, last: date
) -> None:
    def render(days: SameDays) -> str:
        env = Environment(autoescape=True)
        env.globals["dated"] = dated_function(days, is_fixed=False)
        return env.from_string(PART).render(edition=MEMBERS, since=since, until=until)

    days = SameDays(ON)
    html = render(days)
    assert (days.first, days.last) == (first, last)
    assert {render(SameDays(day)) for day in (max(first, BEFORE), min(last, AFTER))} == {html}
