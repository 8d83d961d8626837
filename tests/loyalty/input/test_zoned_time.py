"""Times with a time zone: Python and SQL read the same day at the site."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import duckdb
import pytest

from members_portal.loyalty.input.zoned_time import day_at_site, day_at_site_sql

DUBLIN = ZoneInfo("Europe/Dublin")  # summer time until 25 October 2026


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-06-28T23:30:00Z", "2026-06-29"),
        ("2026-11-28T23:30:00Z", "2026-11-28"),
        ("2026-06-28 23:30 UTC", "2026-06-29"),
        ("2026-06-28 23:30:00+02", "2026-06-28"),
        ("2026-06-28 23:30:00 +0200", "2026-06-28"),
        ("2026-06-28T23:30:00.123456-05:00", "2026-06-29"),
        ("2026-12-31T23:30:00-01:00", "2027-01-01"),
        ("2026-06-28", "2026-06-28"),
        ("2026-06-28 23:30", "2026-06-28 23:30"),
        ("2026-13-28T23:30:00Z", "2026-13-28T23:30:00Z"),
        ("2026-06-28T25:30:00Z", "2026-06-28T25:30:00Z"),
        ("28.06.2026 23:30 UTC", "28.06.2026 23:30 UTC"),
    ],
)
def test_the_day_is_that_of_the_site(text: str, day: str) -> None:
    assert day_at_site(text, DUBLIN) == day
    assert day_at_site(text, None) == text
    sql = day_at_site_sql("cell", DUBLIN)
    assert duckdb.connect().execute(f"select {sql} from (select ? as cell)", [text]).fetchall() == [(day,)]
